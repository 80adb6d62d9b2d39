import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import type { Network, NetworkDriver, NetworkScope } from "../../types/network.js";
import type { OneOf } from "../../types/util.js";

/** Filters for {@link Client.listNetworks}. A filter with several values matches networks that match any of them. */
export type ListNetworksFilters = {
  /**
   * True for networks without containers, false for networks with containers. Docker does not actually check for containers,
   * and treats all networks except the predefined ones as unused. API 1.40+.
   */
  dangling?: FilterValue | undefined;
  /** Name of the network driver. */
  driver?: OneOf<NetworkDriver> | undefined;
  /** A substring of the ID. */
  id?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** A substring of the name. */
  name?: FilterValue | undefined;
  /** Scope of the network. API 1.29+. */
  scope?: OneOf<NetworkScope> | undefined;
  /** Whether the networks are predefined (`builtin`) or user-defined (`custom`). */
  type?: OneOf<"builtin" | "custom"> | undefined;
};

/** Options for {@link Client.listNetworks}. */
export interface ListNetworksOptions {
  /** Filters for the networks to list. */
  filters?: ListNetworksFilters | undefined;
}

const listNetworks = operation<ListNetworksOptions>({
  name: "listNetworks",
  method: "GET",
  path: "/networks",
  fields: {
    filters: filters<ListNetworksFilters>({
      dangling: "1.40",
      driver: true,
      id: true,
      label: true,
      name: true,
      scope: "1.29",
      type: true,
    }),
  },
});

shareSignature("listNetworks", "filteredListNetworks");

/** Mixed into {@link Client}. */
export default abstract class NetworkListMixin extends Connection {
  /**
   * Lists networks, without their containers. {@link Client.inspectNetwork} returns the containers of a network.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkList | NetworkList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @example
   * ```ts
   * const mine = await client.listNetworks({ filters: { type: "custom", label: ["app=shop"] } });
   * ```
   */
  listNetworks(options: ListNetworksOptions = {}, call?: CallOptions): Promise<Network[]> {
    return this.json(listNetworks, options, call);
  }

  /**
   * Alias of {@link Client.listNetworks}, with the name of the method in go-dockerclient.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkList | NetworkList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  filteredListNetworks(options: ListNetworksOptions, call?: CallOptions): Promise<Network[]> {
    return this.listNetworks(options, call);
  }
}
