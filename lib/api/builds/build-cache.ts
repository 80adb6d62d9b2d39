import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { BuildPruneResponse } from "../../types/build.js";
import { runningBuilds } from "./running-builds.js";

/** Filters for {@link Client.pruneBuilds}, which match records of the build cache. @category Builds */
export type PruneBuildsFilters = {
  /** A pattern for the description of the records. API 1.39+. */
  description?: FilterValue | undefined;
  /** A prefix of the ID of the records. API 1.39+. */
  id?: FilterValue | undefined;
  /** Whether the records are currently used by a build. API 1.39+. */
  inuse?: FilterValue | undefined;
  /** The ID of a parent of the records. API 1.39+. */
  parent?: FilterValue | undefined;
  /** Whether the records are not shared with an image. API 1.39+. */
  private?: FilterValue | undefined;
  /** Whether the records are shared with an image. API 1.39+. */
  shared?: FilterValue | undefined;
  /** The type of the records, such as `regular` or `exec.cachemount`. API 1.39+. */
  type?: FilterValue | undefined;
  /** The minimum time since the records were last used, such as `24h`. API 1.39+. */
  until?: FilterValue | undefined;
};

/** Options for {@link Client.pruneBuilds}. */
export interface PruneBuildsOptions {
  /** Whether to also remove records that are shared with images. Defaults to false. API 1.39+. */
  all?: boolean | undefined;
  /** Filters for the records to remove. If omitted, all unused records are removed. API 1.39+. */
  filters?: PruneBuildsFilters | undefined;
  /** Disk space to keep, in bytes. API 1.39+. Removed in API 1.52; use `reservedSpace` instead. */
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
   * Removes records from BuildKit's build cache. API 1.31+.
   *
   * @category Builds
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/BuildPrune | BuildPrune}
   * @throws {@link ConflictError} when another prune is in progress.
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  pruneBuilds(options: PruneBuildsOptions = {}, call?: CallOptions): Promise<BuildPruneResponse> {
    return this.json(pruneBuilds, options, call);
  }

  /**
   * Cancels a BuildKit build by its ID. Does nothing if the build has ended or does not exist. API 1.39+.
   *
   * Aborting the call that started a build cancels the build as well. Use this method for builds that another part of the program
   * has started, or another process with a `session` of its own.
   *
   * @category Builds
   * @throws {@link InvalidOptionError} when the ID is empty.
   */
  async cancelBuild(options: CancelBuildOptions, call?: CallOptions): Promise<void> {
    await this.send(cancelBuild, options, call);
    runningBuilds(this).get(options.id)?.();
  }
}
