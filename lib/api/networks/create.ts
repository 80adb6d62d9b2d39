import { atLeast } from "../../wire/api-version.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { networkCreationErrors } from "./errors.js";
import type { ConfigReference, IPAM, NetworkCreateResponse, NetworkDriver, NetworkScope } from "../../types/network.js";
import { networkBodyVersions as since } from "./body-versions.js";

/** API version from which on engines never take a name twice. */
const NAMES_ARE_UNIQUE = "1.44";

/** Options of {@link Client.createNetwork}. */
export interface CreateNetworkOptions {
  /** Name of the network. */
  name: string;
  /**
   * Whether a name that is taken is an error. By default true. Engines from API 1.44 on take no name twice, whatever this says.
   * Gone from API 1.46.
   */
  checkDuplicate?: boolean | undefined;
  /** What it is made by. By default `bridge`. */
  driver?: NetworkDriver | (string & {}) | undefined;
  /** Where it exists. By default as its driver has it. API 1.30+. */
  scope?: NetworkScope | undefined;
  /** Whether it is cut off from everything outside. By default false. */
  internal?: boolean | undefined;
  /** Whether containers that are no tasks may join a network of a swarm. By default false. API 1.27+. */
  attachable?: boolean | undefined;
  /** Whether it carries what comes in for the services of a swarm, which has one such network. By default false. API 1.29+. */
  ingress?: boolean | undefined;
  /** Whether it only holds settings, for others to take with `configFrom`. By default false. API 1.30+. */
  configOnly?: boolean | undefined;
  /** The network that it takes its settings from. API 1.30+. */
  configFrom?: ConfigReference | undefined;
  /** How its addresses are given out. By default the engine picks a range. */
  ipam?: IPAM | undefined;
  /** Whether it has IPv4 addresses. By default true. API 1.47+. */
  enableIPv4?: boolean | undefined;
  /** Whether it has IPv6 addresses. By default false. */
  enableIPv6?: boolean | undefined;
  /** Settings that its driver understands, such as `com.docker.network.bridge.name`. */
  options?: Readonly<Record<string, string>> | undefined;
  /** Labels of the network. */
  labels?: Readonly<Record<string, string>> | undefined;
}

const createNetwork = operation<CreateNetworkOptions>({
  name: "createNetwork",
  method: "POST",
  path: "/networks/create",
  fields: {
    name: member("Name", { required: "nonempty" }),
    checkDuplicate: member("CheckDuplicate", { removed: "1.46" }),
    driver: member("Driver"),
    scope: member("Scope", { since: since.Scope }),
    internal: member("Internal"),
    attachable: member("Attachable", { since: since.Attachable }),
    ingress: member("Ingress", { since: since.Ingress }),
    configOnly: member("ConfigOnly", { since: since.ConfigOnly }),
    configFrom: member("ConfigFrom", { since: since.ConfigFrom }),
    ipam: member("IPAM"),
    enableIPv4: member("EnableIPv4", { since: since.EnableIPv4 }),
    enableIPv6: member("EnableIPv6"),
    options: member("Options"),
    labels: member("Labels"),
  },
  errors: ({ name, configFrom }) => networkCreationErrors(name, configFrom?.Network),
});

/** Mixed into {@link Client}. */
export default abstract class NetworkCreateMixin extends Connection {
  /**
   * Creates a network.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkCreate | NetworkCreate}
   * @throws {@link NetworkAlreadyExistsError} when another network has the name.
   * @throws {@link NoSuchNetworkError} when there is no network such as `configFrom` names.
   * @throws {@link NotFoundError} when there is no such driver.
   * @throws {@link ForbiddenError} when the engine makes no networks by the driver, or its ranges are taken.
   * @throws {@link UnavailableError} when it is to be one of a swarm, and the engine is no manager of one.
   * @throws {@link InvalidOptionError} when the name is empty.
   * @throws {@link BadRequestError} when the engine cannot make a network of this.
   * @example
   * ```ts
   * const { Id } = await client.createNetwork({
   *   name: "shop",
   *   ipam: { Config: [{ Subnet: "172.30.0.0/16", Gateway: "172.30.0.1" }] },
   *   labels: { app: "shop" },
   * });
   * ```
   */
  async createNetwork(options: CreateNetworkOptions, call?: CallOptions): Promise<NetworkCreateResponse> {
    const isUnique =
      options.checkDuplicate !== undefined || atLeast(await this.check(createNetwork, options, call), NAMES_ARE_UNIQUE);
    return this.json(createNetwork, isUnique ? options : { ...options, checkDuplicate: true }, call);
  }
}
