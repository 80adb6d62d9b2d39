import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, repeated } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { SystemDataUsage } from "../../types/data-usage.js";

/** A type of object that uses disk space. @category System */
export type DiskUsageType = "container" | "image" | "volume" | "build-cache" | (string & {});

/** Options for {@link Client.diskUsage}. */
export interface DiskUsageOptions {
  /** The types of objects to include. Defaults to all types. API 1.42+. */
  types?: DiskUsageType | readonly DiskUsageType[] | undefined;
  /** Whether to return the objects in addition to the totals. Defaults to false. API 1.52+. */
  verbose?: boolean | undefined;
}

const diskUsage = operation<DiskUsageOptions>({
  name: "diskUsage",
  method: "GET",
  path: "/system/df",
  slow: true,
  since: "1.25",
  fields: { types: repeated("type", { since: "1.42" }), verbose: flag("verbose", { since: "1.52" }) },
});

/** Mixed into {@link Client}. */
export default abstract class SystemDiskUsageMixin extends Connection {
  /**
   * Returns the disk usage of images, containers, volumes and the build cache. The engine measures the usage, which may take a
   * long time. API 1.25+.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.55/#operation/SystemDataUsage | SystemDataUsage}
   * @throws {@link BadRequestError} when a type is unknown.
   * @throws {@link UnsupportedVersionError} when the API version does not support the operation or an option.
   */
  diskUsage(options: DiskUsageOptions = {}, call?: CallOptions): Promise<SystemDataUsage> {
    return this.json(diskUsage, options, call);
  }
}
