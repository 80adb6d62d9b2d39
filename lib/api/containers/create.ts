import { atLeast } from "../../wire/api-version.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { body, notSent, member, type Platform, platformString, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { nameInUse } from "./errors.js";
import { noSuchImageOrOther } from "../../errors/image-errors.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import type { ContainerConfig } from "../../types/container-config.js";
import type { ContainerCreateResponse } from "../../types/container-results.js";
import type { HostConfig } from "../../types/host-config.js";
import type { NetworkingConfig } from "../../types/network-endpoint.js";
import { containerBodyRemovals, containerBodyVersions } from "./body-versions.js";
import { translateLxcConf } from "./compat/lxc-conf.js";
import { moveFields, moveMacAddress } from "./compat/moved-fields.js";

/** API version from which on a MAC address is asked for with the endpoint. */
const ENDPOINT_MAC_VERSION = "1.44";

/** Options of {@link Client.createContainer}. */
export interface CreateContainerOptions {
  /** Name of the container: letters, digits, `_`, `.` and `-`. By default the engine thinks of one. */
  name?: string | undefined;
  /** The platform whose variant of the image is wanted. By default the engine's own. API 1.41+. */
  platform?: Platform | undefined;
  /** What runs in the container. `Image` names the image, which must be there already. */
  config: ContainerConfig;
  /** How the container sits on its host: limits, mounts, published ports, restart policy. */
  hostConfig?: HostConfig | undefined;
  /** The networks that it joins. By default that of `hostConfig.NetworkMode`. */
  networkingConfig?: NetworkingConfig | undefined;
  /** Whether settings of `hostConfig.LxcConf` that have no counterpart any more are left out. By default they are an error. */
  ignoreUnknownLxcConf?: boolean | undefined;
}

const createErrors = ({ config, name = "" }: Partial<CreateContainerOptions>): ApiErrors =>
  orMissingNetwork({ 404: noSuchImageOrOther(config?.Image ?? ""), 409: nameInUse(name), 500: nameInUse(name) });

const createContainer = operation<CreateContainerOptions>({
  name: "createContainer",
  method: "POST",
  path: "/containers/create",
  fields: {
    name: text("name"),
    platform: platformString("platform", { since: "1.41" }),
    config: body<ContainerConfig>({ required: true, parts: containerBodyVersions }),
    hostConfig: member<HostConfig>("HostConfig", { parts: containerBodyVersions, removedParts: containerBodyRemovals }),
    networkingConfig: member<NetworkingConfig>("NetworkingConfig", { parts: containerBodyVersions }),
    ignoreUnknownLxcConf: notSent,
  },
  errors: createErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ContainerCreateMixin extends Connection {
  /**
   * Creates a container. It does not run before {@link Client.startContainer}.
   *
   * Fields that engines once took elsewhere are moved to where they take them now: of `config` `Memory`, `MemorySwap`,
   * `CpuShares`, `Dns`, `VolumesFrom`, `PortSpecs` and, from API 1.44 on, `MacAddress`, and `LxcConf` of `hostConfig`.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerCreate | ContainerCreate}
   * @throws {@link NoSuchImageError} when the engine does not have the image, or not for the platform.
   * @throws {@link NoSuchNetworkError} when there is no such network. Docker finds out when the container starts.
   * @throws {@link NotFoundError} when something else that is asked for does not exist, such as a volume driver.
   * @throws {@link ContainerAlreadyExistsError} when another container has the name.
   * @throws {@link InvalidOptionError} when a moved field cannot be, or contradicts what stands in its new place.
   * @throws {@link BadRequestError} when the engine cannot make a container of this.
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
    const { hostConfig, networkingConfig } = options;
    const config = options.config as ContainerConfig | undefined; // callers without types may omit it
    if (!config) return this.json(createContainer, options, call);
    const ignoreUnknown = options.ignoreUnknownLxcConf ?? false;
    let parts = translateLxcConf(moveFields({ config, hostConfig, networkingConfig }), { ignoreUnknown });
    if (parts.config.MacAddress && atLeast(await this.negotiate(call), ENDPOINT_MAC_VERSION)) parts = moveMacAddress(parts);
    return this.json(createContainer, { ...options, ...parts }, call);
  }
}
