import type { Driver } from "./common.js";
import type { SwarmObject } from "./common.js";

/** Settings of a config. @category Configs */
export interface ConfigSpec {
  /** Name of the config. */
  Name: string;
  /** Labels of the config. Updates can only change these. */
  Labels?: Record<string, string> | null;
  /** Content, encoded in base64. The maximum is 1,000 KiB. */
  Data?: string;
  /** Templating driver, such as `golang`. Absent if the config is not a template. Added in API 1.37. */
  Templating?: Driver;
}

/** A swarm config: a file that can be mounted into services. @category Configs */
export type Config = SwarmObject<ConfigSpec>;

/** Response to creating a config. @category Configs */
export interface ConfigCreateResponse {
  /** ID of the config. The API reference spells the key `Id`. */
  ID: string;
}
