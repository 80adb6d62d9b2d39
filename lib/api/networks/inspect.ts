import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import type { NetworkInspect, NetworkScope } from "../../types/network.js";
import { noSuchNetwork } from "./errors.js";

/** Options for {@link Client.inspectNetwork}. */
export interface InspectNetworkOptions {
  /** ID or name of the network. */
  id: string;
  /** Whether to include the services of a swarm network, with their tasks on all nodes. Defaults to false. API 1.28+. */
  verbose?: boolean | undefined;
  /** Scope of the network, if networks in several scopes have the same name. API 1.31+. */
  scope?: NetworkScope | undefined;
}

const inspectNetwork = operation<InspectNetworkOptions>({
  name: "inspectNetwork",
  method: "GET",
  path: "/networks/{id}",
  fields: { id: pathParam, verbose: flag("verbose", { since: "1.28" }), scope: text("scope", { since: "1.31" }) },
  errors: ({ id }) => ({ 404: noSuchNetwork(id) }),
});

shareSignature("inspectNetwork", "networkInfo");

/** Mixed into {@link Client}. */
export default abstract class NetworkInspectMixin extends Connection {
  /**
   * Returns details of a network.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkInspect | NetworkInspect}
   * @throws {@link NoSuchNetworkError} when the network does not exist, or its ID is empty.
   * @throws {@link ApiError} when several networks have this name, which is possible before API 1.44.
   */
  inspectNetwork(options: InspectNetworkOptions, call?: CallOptions): Promise<NetworkInspect> {
    return this.json(inspectNetwork, options, call);
  }

  /**
   * Alias of {@link Client.inspectNetwork}, with the name of the method in go-dockerclient.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkInspect | NetworkInspect}
   * @throws {@link NoSuchNetworkError} when the network does not exist, or its ID is empty.
   */
  networkInfo(options: InspectNetworkOptions, call?: CallOptions): Promise<NetworkInspect> {
    return this.inspectNetwork(options, call);
  }
}
