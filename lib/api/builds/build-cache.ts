import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { BuildPruneResponse } from "../../types/build.js";

/** Filters of {@link Client.pruneBuilds}. @category Builds */
export type PruneBuildsFilters = {
  /** A pattern for the description. API 1.39+. */
  description?: FilterValue | undefined;
  /** A prefix of the ID. API 1.39+. */
  id?: FilterValue | undefined;
  /** Whether a build currently uses them. API 1.39+. */
  inuse?: FilterValue | undefined;
  /** The ID of a parent record. API 1.39+. */
  parent?: FilterValue | undefined;
  /** Whether no image has the same layer. API 1.39+. */
  private?: FilterValue | undefined;
  /** Whether images have the same layer. API 1.39+. */
  shared?: FilterValue | undefined;
  /** The type, such as `regular` or `exec.cachemount`. API 1.39+. */
  type?: FilterValue | undefined;
  /** The minimum time since the last use, such as `24h`. API 1.39+. */
  until?: FilterValue | undefined;
};

/** Options for {@link Client.pruneBuilds}. */
export interface PruneBuildsOptions {
  /** Whether to prune records that images share as well. Defaults to false. API 1.39+. */
  all?: boolean | undefined;
  /** The records to prune. By default all unused ones. API 1.39+. */
  filters?: PruneBuildsFilters | undefined;
  /** Disk space to keep, in bytes. API 1.39+. Removed in API 1.52: use `reservedSpace`. */
  keepStorage?: number | undefined;
  /** Disk space reserved for the cache, in bytes. API 1.48+. */
  reservedSpace?: number | undefined;
  /** Maximum size of the cache, in bytes. API 1.48+. */
  maxUsedSpace?: number | undefined;
  /** Minimum free disk space, in bytes. API 1.48+. */
  minFreeSpace?: number | undefined;
}

/** Options for {@link Client.cancelBuild}. */
export interface CancelBuildOptions {
  /** The `buildId` of {@link Client.buildImage}. */
  id: string;
}

const pruneBuilds = operation<PruneBuildsOptions>({
  name: "pruneBuilds",
  method: "POST",
  path: "/build/prune",
  slow: true,
  since: "1.31",
  fields: {
    all: flag("all", { since: "1.39" }),
    filters: filters<PruneBuildsFilters>(
      {
        description: "1.39",
        id: "1.39",
        inuse: "1.39",
        parent: "1.39",
        private: "1.39",
        shared: "1.39",
        type: "1.39",
        until: "1.39",
      },
      { since: "1.39" },
    ),
    keepStorage: integer("keep-storage", { since: "1.39", removed: "1.52" }),
    reservedSpace: integer("reserved-space", { since: "1.48" }),
    maxUsedSpace: integer("max-used-space", { since: "1.48" }),
    minFreeSpace: integer("min-free-space", { since: "1.48" }),
  },
});

const cancelBuild = operation<CancelBuildOptions>({
  name: "cancelBuild",
  method: "POST",
  path: "/build/cancel",
  since: "1.39",
  fields: { id: text("id", { required: "nonempty" }) },
});

/** Mixed into {@link Client}. */
export default abstract class BuildBuildCacheMixin extends Connection {
  /**
   * Removes records of BuildKit's build cache. API 1.31+.
   *
   * @category Builds
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/BuildPrune | BuildPrune}
   * @throws {@link ConflictError} when a prune is already in progress.
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  pruneBuilds(options: PruneBuildsOptions = {}, call?: CallOptions): Promise<BuildPruneResponse> {
    return this.json(pruneBuilds, options, call);
  }

  /**
   * Cancels a BuildKit build by its ID. A build that is over or does not exist is not an error. API 1.39+.
   *
   * Aborting the call of a build ends it as well. Use this method for builds of other callers.
   *
   * @category Builds
   * @throws {@link InvalidOptionError} when the ID is empty.
   */
  async cancelBuild(options: CancelBuildOptions, call?: CallOptions): Promise<void> {
    await this.send(cancelBuild, options, call);
  }
}
