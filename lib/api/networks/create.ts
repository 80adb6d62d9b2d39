import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { configReference, ipam } from "../../core/members/networks.js";
import { map } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import type { ConfigReference, IPAM, NetworkCreateResponse, NetworkDriver, NetworkScope } from "../../types/network.js";
import type { Sendable } from "../../types/util.js";
import { atLeast } from "../../wire/api-version.js";
import { networkBodyDefaults as defaults, networkBodyVersions as since } from "./body-versions.js";
import { networkCreationErrors } from "./errors.js";

/** First API version in which engines always reject a name that is in use. */
const NAMES_ARE_UNIQUE = "1.44";

/** Options for {@link Client.createNetwork}. */
export interface CreateNetworkOptions {
  /** Name of the network. */
  name: string;
  /**
   * Whether to reject a name that is in use. Defaults to true. Since API 1.44, engines always reject it. Removed in API 1.46.
   */
  checkDuplicate?: boolean | undefined;
  /** Name of the network driver. Defaults to `bridge`. */
  driver?: NetworkDriver | (string & {}) | undefined;
  /** Scope of the network. Defaults to the scope of the driver. API 1.30+. */
  scope?: NetworkScope | (string & {}) | undefined;
  /** Whether to restrict external access to the network. Defaults to false. */
  internal?: boolean | undefined;
  /** Whether standalone containers may join a swarm network. Defaults to false. API 1.27+. */
  attachable?: boolean | undefined;
  /**
   * Whether the network is the swarm's ingress network, which routes incoming traffic to services. Defaults to false.
   * API 1.29+.
   */
  ingress?: boolean | undefined;
  /**
   * Whether the network only provides settings for other networks, which refer to it in `configFrom`. Defaults to false.
   * API 1.30+.
   */
  configOnly?: boolean | undefined;
  /** The network that provides the settings of this network. API 1.30+. */
  configFrom?: Sendable<ConfigReference> | undefined;
  /** IP address management. If omitted, the engine chooses an address range. */
  ipam?: Sendable<IPAM> | undefined;
  /** Whether to enable IPv4. Defaults to true. API 1.47+. */
  enableIPv4?: boolean | undefined;
  /** Whether to enable IPv6. Defaults to false. */
  enableIPv6?: boolean | undefined;
  /** Options of the driver, such as `com.docker.network.bridge.name`. */
  options?: Readonly<Record<string, string>> | null | undefined;
  /** Labels of the network. */
  labels?: Readonly<Record<string, string>> | null | undefined;
}

const createNetwork = operation<CreateNetworkOptions>({
  name: "createNetwork",
  method: "POST",
  path: "/networks/create",
  slow: true,
  fields: {
    name: member("Name", { required: "nonempty" }),
    checkDuplicate: member("CheckDuplicate", { removed: "1.46", defaults }),
    driver: member("Driver"),
    scope: member("Scope", { since: since.Scope, defaults }),
    internal: member("Internal"),
    attachable: member("Attachable", { since: since.Attachable }),
    ingress: member("Ingress", { since: since.Ingress }),
    configOnly: member("ConfigOnly", { since: since.ConfigOnly }),
    configFrom: member("ConfigFrom", { members: configReference, since: since.ConfigFrom }),
    ipam: member<Sendable<IPAM>>("IPAM", { members: ipam }),
    enableIPv4: member("EnableIPv4", { since: since.EnableIPv4, defaults }),
    enableIPv6: member("EnableIPv6"),
    options: member("Options", { members: map }),
    labels: member("Labels", { members: map }),
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
   * @throws {@link NetworkAlreadyExistsError} when the name is in use.
   * @throws {@link NoSuchNetworkError} when the network in `configFrom` does not exist.
   * @throws {@link NotFoundError} when the driver does not exist.
   * @throws {@link ForbiddenError} when the driver does not allow new networks, or the address ranges are in use.
   * @throws {@link UnavailableError} when the network requires a swarm and the engine is not a manager.
   * @throws {@link InvalidOptionError} when the name is empty.
   * @throws {@link BadRequestError} when a setting is invalid.
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
