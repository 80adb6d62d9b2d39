import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, notSent } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { noSuchNeighbour } from "./errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ContainerStatus, ContainerSummary } from "../../types/container.js";
import type { HealthStatus } from "../../types/health.js";
import type { OneOf } from "../../types/util.js";

/** What containers are listed. A filter with several values takes containers that have any of them. */
export type ListContainersFilters = {
  /** The image that they come from, directly or through others: name, ID or digest. */
  ancestor?: FilterValue | undefined;
  /** A container, by ID or name, that was created after them. */
  before?: FilterValue | undefined;
  /** Their exit status, once they have ended. */
  exited?: FilterValue | undefined;
  /** A port that they expose, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  expose?: FilterValue | undefined;
  /** What their health checks say. */
  health?: OneOf<HealthStatus> | undefined;
  /** The start of their ID, or a regular expression that it matches. */
  id?: FilterValue | undefined;
  /** Whether they are tasks of a service. */
  "is-task"?: boolean | undefined;
  /** How they are kept apart from their host, on Windows. */
  isolation?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** A part of their name, or a regular expression that it matches. */
  name?: FilterValue | undefined;
  /** A network that they are in, by name or ID. */
  network?: FilterValue | undefined;
  /** A port of the container that they publish, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  publish?: FilterValue | undefined;
  /** A container, by ID or name, that was created before them. */
  since?: FilterValue | undefined;
  /** What they are doing. */
  status?: OneOf<ContainerStatus> | undefined;
  /** A volume that is mounted in them, by name, or the path in them at which something is mounted. */
  volume?: FilterValue | undefined;
};

/** Options of {@link Client.listContainers}. */
export interface ListContainersOptions {
  /** Whether to list those that do not run too. By default false. */
  all?: boolean | undefined;
  /** How many to list at most, the newest first, those that do not run included. By default, and with 0, all. */
  limit?: number | undefined;
  /** Whether to measure their files, which fills `SizeRw` and `SizeRootFs` and takes its time. By default false. */
  size?: boolean | undefined;
  /** What to list. */
  filters?: ListContainersFilters | undefined;
  /** A container, by ID or name: lists those created after it, whether they run or not. Short for the filter `since`. */
  since?: string | undefined;
  /** A container, by ID or name: lists those created before it, whether they run or not. Short for the filter `before`. */
  before?: string | undefined;
}

const listContainers = operation<ListContainersOptions>({
  name: "listContainers",
  method: "GET",
  path: "/containers/json",
  fields: {
    all: flag("all"),
    limit: integer("limit"),
    size: flag("size"),
    filters: filters<ListContainersFilters>({ expose: "1.28", publish: "1.28" }),
    since: notSent,
    before: notSent,
  },
  errors: () => ({ 404: noSuchNeighbour, 500: noSuchNeighbour }),
});

/** Turns `since` and `before`, which engines no longer read, into the filters that took their place. They meant `all`, too. */
function withNeighbours(options: ListContainersOptions): ListContainersOptions {
  let wanted = options;
  for (const name of ["since", "before"] as const) {
    const neighbour = options[name];
    if (neighbour === undefined || neighbour === "") continue;
    if (options.filters?.[name] !== undefined) {
      throw new InvalidOptionError(name, `listContainers: give "${name}" as an option or as a filter, not both`, {
        operation: "listContainers",
      });
    }
    wanted = { all: true, ...wanted, filters: { ...wanted.filters, [name]: neighbour } };
  }
  return wanted;
}

/** Mixed into {@link Client}. */
export default abstract class ContainerListMixin extends Connection {
  /**
   * Lists containers, the newest first. By default only those that run.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerList | ContainerList}
   * @throws {@link InvalidOptionError} when `since` or `before` is given both as an option and as a filter.
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link NoSuchContainerError} when there is no container such as `since` or `before` names.
   * @example
   * ```ts
   * const exited = await client.listContainers({ all: true, filters: { status: "exited", label: ["app=shop"] } });
   * ```
   */
  async listContainers(options: ListContainersOptions = {}, call?: CallOptions): Promise<ContainerSummary[]> {
    const wanted = withNeighbours(options);
    return (await this.json<ContainerSummary[] | null, ListContainersOptions>(listContainers, wanted, call)) ?? [];
  }
}
