import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, repeated } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { SystemDataUsage } from "../../types/data-usage.js";

/** A kind of thing that takes disk space. @category System */
export type DiskUsageType = "container" | "image" | "volume" | "build-cache" | (string & {});

/** Options of {@link Client.diskUsage}. */
export interface DiskUsageOptions {
  /** The kinds of things that are wanted. By default all. API 1.42+. */
  types?: DiskUsageType | readonly DiskUsageType[] | undefined;
  /** Whether to list the things too, and not only what they take together. By default false. API 1.52+. */
  verbose?: boolean | undefined;
}

const diskUsage = operation<DiskUsageOptions>({
  name: "diskUsage",
  method: "GET",
  path: "/system/df",
  since: "1.25",
  fields: { types: repeated("type", { since: "1.42" }), verbose: flag("verbose", { since: "1.52" }) },
});

/** Mixed into {@link Client}. */
export default abstract class SystemDiskUsageMixin extends Connection {
  /**
   * Tells how much disk space images, containers, volumes and the build cache take. The engine measures, which may take long.
   * API 1.25+.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.55/#operation/SystemDataUsage | SystemDataUsage}
   * @throws {@link BadRequestError} when a kind is not known.
   * @throws {@link UnsupportedVersionError} when the engine does not know the operation, or an option.
   */
  diskUsage(options: DiskUsageOptions = {}, call?: CallOptions): Promise<SystemDataUsage> {
    return this.json(diskUsage, options, call);
  }
}
