import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { operation } from "../../core/operation.js";
import type { SystemInfo } from "../../types/system-info.js";
import type { SystemVersion } from "../../types/version.js";

const info = operation<NoOptions>({ name: "info", method: "GET", path: "/info", fields: {} });

const version = operation<NoOptions>({ name: "version", method: "GET", path: "/version", fields: {} });

/** Mixed into {@link Client}. */
export default abstract class SystemInfoMixin extends Connection {
  /**
   * Returns information about the engine and its host, such as the number of containers and images, drivers, limits and the
   * swarm state.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemInfo | SystemInfo}
   */
  info(options: NoOptions = {}, call?: CallOptions): Promise<SystemInfo> {
    return this.json(info, options, call);
  }

  /**
   * Returns the versions of the engine, its components and the API.
   *
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemVersion | SystemVersion}
   */
  version(options: NoOptions = {}, call?: CallOptions): Promise<SystemVersion> {
    return this.json(version, options, call);
  }
}
