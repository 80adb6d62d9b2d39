import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, notSent } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ContainerStatus, ContainerSummary } from "../../types/container.js";
import type { HealthStatus } from "../../types/health.js";
import type { OneOf } from "../../types/util.js";
import { noSuchNeighbour } from "./errors.js";

/** Filters for {@link Client.listContainers}. A filter with several values matches containers that match any of them. */
export type ListContainersFilters = {
  /** An image that the containers are based on, directly or indirectly: a name, ID or digest. */
  ancestor?: FilterValue | undefined;
  /** ID or name of a container: matches containers created before it. */
  before?: FilterValue | undefined;
  /** Exit code of stopped containers. */
  exited?: FilterValue | undefined;
  /** A port that the containers expose, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  expose?: FilterValue | undefined;
  /** Health status. */
  health?: OneOf<HealthStatus> | undefined;
  /** A prefix of the ID, or a regular expression for it. */
  id?: FilterValue | undefined;
  /** Whether the container belongs to a task of a service. */
  "is-task"?: boolean | undefined;
  /** Isolation technology (Windows). */
  isolation?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** A substring of the name, or a regular expression for it. */
  name?: FilterValue | undefined;
  /** Name or ID of a network that the containers are connected to. */
  network?: FilterValue | undefined;
  /** A container port that is published, such as `80/tcp` or `8000-8010/udp`. API 1.28+. */
  publish?: FilterValue | undefined;
  /** ID or name of a container: matches containers created after it. */
  since?: FilterValue | undefined;
  /** State of the container. */
  status?: OneOf<ContainerStatus> | undefined;
  /** Name of a mounted volume, or a mount point in the container. */
  volume?: FilterValue | undefined;
};

/** Options for {@link Client.listContainers}. */
export interface ListContainersOptions {
  /** Whether to include containers that are not running. Defaults to false. */
  all?: boolean | undefined;
  /** Maximum number of containers to list, newest first, running or not. Defaults to 0, which means no limit. */
  limit?: number | undefined;
  /** Whether to calculate `SizeRw` and `SizeRootFs`, which is slow. Defaults to false. */
  size?: boolean | undefined;
  /** Filters for the containers to list. */
  filters?: ListContainersFilters | undefined;
  /** ID or name of a container: lists containers created after it, running or not. Shorthand for the filter `since`. */
  since?: string | undefined;
  /** ID or name of a container: lists containers created before it, running or not. Shorthand for the filter `before`. */
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

/**
 * Converts `since` and `before`, which engines no longer support, to the filters that replaced them. These options implied
 * `all`.
 */
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
   * Lists containers, newest first. Only running containers are listed unless `all` is true.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerList | ContainerList}
   * @throws {@link InvalidOptionError} when `since` or `before` is set both as an option and as a filter.
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link NoSuchContainerError} when the container in `since` or `before` does not exist.
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
