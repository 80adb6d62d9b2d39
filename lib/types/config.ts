import type { Driver } from "./common.js";
import type { SwarmObject } from "./common.js";

/** Settings of a config. @category Configs */
export interface ConfigSpec {
  /** Name of the config. */
  Name: string;
  /** Labels of the config: all that an update can change. */
  Labels?: Record<string, string> | null;
  /** What it holds, in base64: at most 1,000 KiB. */
  Data?: string;
  /** The driver that fills in a template, such as `golang`. Absent when the config is none. API 1.37+. */
  Templating?: Driver;
}

/** A config of a swarm: a file that services are given. @category Configs */
export type Config = SwarmObject<ConfigSpec>;

/** A config that was made. @category Configs */
export interface ConfigCreateResponse {
  /** Its ID. The API's documents spell the key `Id`. */
  ID: string;
}
