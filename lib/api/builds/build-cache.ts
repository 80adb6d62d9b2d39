import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { BuildPruneResponse } from "../../types/build.js";

/** What records of the build cache are pruned. @category Builds */
export type PruneBuildsFilters = {
  /** A pattern that their description matches. API 1.39+. */
  description?: FilterValue | undefined;
  /** The start of their ID. API 1.39+. */
  id?: FilterValue | undefined;
  /** Whether a build uses them now. API 1.39+. */
  inuse?: FilterValue | undefined;
  /** The ID of a record that they build upon. API 1.39+. */
  parent?: FilterValue | undefined;
  /** Whether no image has the same layer. API 1.39+. */
  private?: FilterValue | undefined;
  /** Whether images have the same layer. API 1.39+. */
  shared?: FilterValue | undefined;
  /** What they hold, such as `regular` or `exec.cachemount`. API 1.39+. */
  type?: FilterValue | undefined;
  /** How long they have not been used at least, such as `24h`. API 1.39+. */
  until?: FilterValue | undefined;
};

/** Options of {@link Client.pruneBuilds}. */
export interface PruneBuildsOptions {
  /** Whether to prune records that images share too. By default false. API 1.39+. */
  all?: boolean | undefined;
  /** What to prune. By default everything that is not in use. API 1.39+. */
  filters?: PruneBuildsFilters | undefined;
  /** Disk space that may stay taken, in bytes. API 1.39+, gone from API 1.52: use `reservedSpace`. */
  keepStorage?: number | undefined;
  /** Disk space that the cache always may take, in bytes. API 1.48+. */
  reservedSpace?: number | undefined;
  /** Disk space that the cache may take at most, in bytes. API 1.48+. */
  maxUsedSpace?: number | undefined;
  /** Disk space that is to be free on the disk, in bytes. API 1.48+. */
  minFreeSpace?: number | undefined;
}

/** Options of {@link Client.cancelBuild}. */
export interface CancelBuildOptions {
  /** The ID that {@link Client.buildImage} was given as `buildId`. */
  id: string;
}

const pruneBuilds = operation<PruneBuildsOptions>({
  name: "pruneBuilds",
  method: "POST",
  path: "/build/prune",
  since: "1.31",
  longRunning: true,
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
   * Removes what BuildKit keeps to make later builds quicker. API 1.31+.
   *
   * @category Builds
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/BuildPrune | BuildPrune}
   * @throws {@link ConflictError} when the engine is pruning already.
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   */
  pruneBuilds(options: PruneBuildsOptions = {}, call?: CallOptions): Promise<BuildPruneResponse> {
    return this.json(pruneBuilds, options, call);
  }

  /**
   * Ends a build by BuildKit that was given an ID. A build that is over already, or never was, is no error. API 1.39+.
   *
   * A build ends too when its call is aborted. This is for builds that somebody else waits for.
   *
   * @category Builds
   * @throws {@link InvalidOptionError} when the ID is empty.
   */
  async cancelBuild(options: CancelBuildOptions, call?: CallOptions): Promise<void> {
    await this.send(cancelBuild, options, call);
  }
}
