import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Network, NetworkDriver, NetworkScope } from "../../types/network.js";
import type { OneOf } from "../../types/util.js";

/** What networks are listed. A filter with several values takes networks that have any of them. */
export type ListNetworksFilters = {
  /**
   * True for those that no container is in, false for the others. Docker does not look into them for that, and counts every
   * network but its own as one that no container is in. API 1.40+.
   */
  dangling?: FilterValue | undefined;
  /** What they are made by. */
  driver?: OneOf<NetworkDriver> | undefined;
  /** A part of their ID. */
  id?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** A part of their name. */
  name?: FilterValue | undefined;
  /** Where they exist. API 1.29+. */
  scope?: OneOf<NetworkScope> | undefined;
  /** Whether they came with the engine (`builtin`) or were made since (`custom`). */
  type?: OneOf<"builtin" | "custom"> | undefined;
};

/** Options of {@link Client.listNetworks}. */
export interface ListNetworksOptions {
  /** What to list. */
  filters?: ListNetworksFilters | undefined;
}

const listNetworks = operation<ListNetworksOptions>({
  name: "listNetworks",
  method: "GET",
  path: "/networks",
  fields: { filters: filters<ListNetworksFilters>({ dangling: "1.40", scope: "1.29" }) },
});

/** Mixed into {@link Client}. */
export default abstract class NetworkListMixin extends Connection {
  /**
   * Lists networks. Which containers are in one, {@link Client.inspectNetwork} tells.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkList | NetworkList}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @example
   * ```ts
   * const mine = await client.listNetworks({ filters: { type: "custom", label: ["app=shop"] } });
   * ```
   */
  listNetworks(options: ListNetworksOptions = {}, call?: CallOptions): Promise<Network[]> {
    return this.json(listNetworks, options, call);
  }

  /**
   * {@link Client.listNetworks}, by the name that it has elsewhere.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkList | NetworkList}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   */
  filteredListNetworks(options: ListNetworksOptions, call?: CallOptions): Promise<Network[]> {
    return this.listNetworks(options, call);
  }
}
