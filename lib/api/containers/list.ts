import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, notSent } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ContainerStatus, ContainerSummary } from "../../types/container.js";
import type { HealthStatus } from "../../types/health.js";
import type { OneOf } from "../../types/util.js";
import { noSuchNeighbour } from "./errors.js";

/** Filters of {@link Client.listContainers}. A filter with several values matches containers with any of them. */
export type ListContainersFilters = {
  /** An image that they are based on, directly or indirectly: name, ID or digest. */
  ancestor?: FilterValue | undefined;
  /** A container, by ID or name: matches those created before it. */
  before?: FilterValue | undefined;
  /** Exit code of stopped containers. */
  exited?: FilterValue | undefined;
  /** A port that they expose, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  expose?: FilterValue | undefined;
  /** Health status. */
  health?: OneOf<HealthStatus> | undefined;
  /** A prefix of their ID, or a regular expression that matches it. */
  id?: FilterValue | undefined;
  /** Whether they run tasks of a service. */
  "is-task"?: boolean | undefined;
  /** Isolation technology, on Windows. */
  isolation?: FilterValue | undefined;
  /** A label: `name` or `name=value`. If several labels are passed, all must match; for other filters, one match is enough. */
  label?: FilterValue | undefined;
  /** A substring of their name, or a regular expression that matches it. */
  name?: FilterValue | undefined;
  /** A network that they are connected to, by name or ID. */
  network?: FilterValue | undefined;
  /** A port of the container that they publish, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  publish?: FilterValue | undefined;
  /** A container, by ID or name: matches those created after it. */
  since?: FilterValue | undefined;
  /** State of the container. */
  status?: OneOf<ContainerStatus> | undefined;
  /** A mounted volume, by name, or a mount point in the container. */
  volume?: FilterValue | undefined;
};

/** Options for {@link Client.listContainers}. */
export interface ListContainersOptions {
  /** Whether to include containers that are not running. By default false. */
  all?: boolean | undefined;
  /** Maximum number of containers, the newest first, running or not. By default, or with 0, no limit. */
  limit?: number | undefined;
  /** Whether to measure their files, which fills `SizeRw` and `SizeRootFs` and is slow. By default false. */
  size?: boolean | undefined;
  /** Which containers to list. */
  filters?: ListContainersFilters | undefined;
  /** A container, by ID or name: lists those created after it, running or not. Short for the filter `since`. */
  since?: string | undefined;
  /** A container, by ID or name: lists those created before it, running or not. Short for the filter `before`. */
  before?: string | undefined;
}

const listContainers = operation<ListContainersOptions>({
  name: "listContainers",
  method: "GET",
  path: "/containers/json",
  grace: ({ size }) => (size ? Infinity : 0),
  fields: {
    all: flag("all"),
    limit: integer("limit"),
    size: flag("size"),
    filters: filters<ListContainersFilters>({
      ancestor: true,
      before: true,
      exited: true,
      expose: "1.28",
      health: true,
      id: true,
      "is-task": true,
      isolation: true,
      label: true,
      name: true,
      network: true,
      publish: "1.28",
      since: true,
      status: true,
      volume: true,
    }),
    since: notSent,
    before: notSent,
  },
  errors: () => ({ 404: noSuchNeighbour, 500: noSuchNeighbour }),
});

/** Turns `since` and `before`, which engines no longer read, into the filters that replaced them. They implied `all`. */
function withNeighbours(options: ListContainersOptions): ListContainersOptions {
  let wanted = options;
  for (const name of ["since", "before"] as const) {
    const neighbour = options[name];
    if (neighbour === undefined || neighbour === "") continue;
    if (options.filters?.[name] !== undefined) {
      throw new InvalidOptionError(name, `listContainers: set "${name}" as an option or as a filter, not both`, {
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
   * Lists containers, the newest first. By default only running ones.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerList | ContainerList}
   * @throws {@link InvalidOptionError} when `since` or `before` is set both as an option and as a filter.
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link NoSuchContainerError} when the container that `since` or `before` names does not exist.
   * @example
   * ```ts
   * const exited = await client.listContainers({ all: true, filters: { status: "exited", label: ["app=shop"] } });
   * ```
   */
  async listContainers(options: ListContainersOptions = {}, call?: CallOptions): Promise<ContainerSummary[]> {
    const wanted = withNeighbours(options);
    return this.json(listContainers, wanted, call);
  }
}
