import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noSuchImageOrOther } from "../../core/errors/image.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import { orNotStarted } from "../../core/errors/start.js";
import { body, checkImage, notSent, object, type Platform, platformString, text } from "../../core/fields/fields.js";
import { containerConfig, hostConfig } from "../../core/members/containers.js";
import { networkingConfig } from "../../core/members/networks.js";
import { operation } from "../../core/operation.js";
import type { ApiErrors } from "../../errors/api-error.js";
import type { ContainerConfig } from "../../types/container-config.js";
import type { ContainerCreateResponse } from "../../types/container-results.js";
import type { HostConfig } from "../../types/host-config.js";
import type { NetworkingConfig } from "../../types/network-endpoint.js";
import type { Sendable } from "../../types/util.js";
import { containerBodyDefaults, containerBodyRemovals, containerBodyVersions } from "./body-versions.js";
import { translateLxcConf } from "./compat/lxc-conf.js";
import type { CreateParts } from "./compat/main-endpoint.js";
import { exposePublishedPorts, moveFields, moveMacAddress } from "./compat/moved-fields.js";
import { nameInUse } from "./errors.js";

/** Options for {@link Client.createContainer}. */
export interface CreateContainerOptions {
  /** Name of the container: letters, digits, `_`, `.` and `-`. If omitted, the engine generates one. */
  name?: string | undefined;
  /** Platform of the image. Defaults to the engine's platform. API 1.41+. */
  platform?: Platform | undefined;
  /** Configuration of the container. `Image` is the image, which must already exist on the engine. */
  config: Sendable<ContainerConfig>;
  /** Host-dependent configuration: limits, mounts, published ports, restart policy. */
  hostConfig?: Sendable<HostConfig> | undefined;
  /** Networks to join. Defaults to the network in `hostConfig.NetworkMode`. */
  networkingConfig?: Sendable<NetworkingConfig> | undefined;
  /**
   * Whether to set the `proxies` in `config.json` as environment variables of the container, as the docker command does:
   * `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, `FTP_PROXY` and `ALL_PROXY`, in upper and lower case, unless `Env` sets them.
   * Defaults to true.
   */
  proxies?: boolean | undefined;
  /**
   * Whether to ignore settings in `hostConfig.LxcConf` that have no counterpart in current engines. Defaults to false, which
   * rejects them.
   */
  ignoreUnknownLxcConf?: boolean | undefined;
}

const createErrors = ({ config, name = "" }: Partial<CreateContainerOptions>): ApiErrors =>
  orNotStarted(
    name,
    orMissingNetwork({ 404: noSuchImageOrOther(config?.Image ?? ""), 409: nameInUse(name), 500: nameInUse(name) }),
  );

const versions = { parts: containerBodyVersions, removedParts: containerBodyRemovals, defaults: containerBodyDefaults };

const createContainer = operation<CreateContainerOptions>({
  name: "createContainer",
  method: "POST",
  path: "/containers/create",
  slow: true,
  fields: {
    name: text("name"),
    platform: platformString("platform", { since: "1.41" }),
    config: body<ContainerConfig>({ members: containerConfig, required: true, ...versions }),
    hostConfig: object<HostConfig>("HostConfig", { members: hostConfig, ...versions }),
    networkingConfig: object<NetworkingConfig>("NetworkingConfig", { members: networkingConfig, ...versions }),
    proxies: notSent,
    ignoreUnknownLxcConf: notSent,
  },
  errors: createErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ContainerCreateMixin extends Connection {
  /**
   * Creates a container. {@link Client.startContainer} starts it.
   *
   * Fields of older API versions are moved to where engines read them now: `Memory`, `MemorySwap`, `CpuShares`, `Dns`,
   * `VolumesFrom` and `PortSpecs` in `config`, and `LxcConf` in `hostConfig`. A MAC address is sent in the endpoint settings
   * since API 1.44, and in `config` in earlier versions. Ports in `PortBindings` are also exposed, because Docker publishes
   * only exposed ports.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerCreate | ContainerCreate}
   * @throws {@link NoSuchImageError} when the engine does not have the image for the platform.
   * @throws {@link NoSuchNetworkError} when a network does not exist. Docker checks this only when the container starts.
   * @throws {@link NotFoundError} when something else does not exist, such as a volume driver.
   * @throws {@link ContainerAlreadyExistsError} when another container already has the name.
   * @throws {@link CommandStartError} when the container's working directory is not a directory.
   * @throws {@link InvalidOptionError} when a moved field is invalid, or conflicts with the value in its new location.
   * @throws {@link BadRequestError} when the engine rejects the configuration.
   * @example
   * ```ts
   * const { Id } = await client.createContainer({
   *   name: "web",
   *   config: { Image: "nginx:1.27", Env: ["TZ=UTC"], ExposedPorts: { "80/tcp": {} } },
   *   hostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] }, Memory: 256 * 1024 * 1024 },
   * });
   * await client.startContainer({ id: Id });
   * ```
   */
  async createContainer(options: CreateContainerOptions, call?: CallOptions): Promise<ContainerCreateResponse> {
    const version = await this.check(createContainer, options, call);
    const { proxies = true, ignoreUnknownLxcConf: ignoreUnknown = false } = options;
    // members are copied before they are changed, so the caller's read-only lists are never modified
    const { hostConfig, networkingConfig, ...wanted } = options as CreateParts;
    checkImage(createContainer.name, { option: "config", path: "Image", image: options.config.Image });
    const config = proxies ? this.settings.withProxies(wanted.config, this.endpoint) : wanted.config;
    const current = translateLxcConf(moveFields({ config, hostConfig, networkingConfig }), { ignoreUnknown });
    const parts = exposePublishedPorts(moveMacAddress(current, version));
    return this.json(createContainer, { ...options, ...parts }, call);
  }
}
