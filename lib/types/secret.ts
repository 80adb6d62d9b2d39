import type { Driver } from "./common.js";
import type { SwarmObject } from "./common.js";

/** Settings of a secret. @category Secrets */
export interface SecretSpec {
  /** Name of the secret. */
  Name: string;
  /** Labels of the secret: all that an update can change. */
  Labels?: Record<string, string> | null;
  /** What is kept secret, in base64: at most 500 KiB. Engines take it and never send it. */
  Data?: string;
  /** The driver that the secret is fetched with, in place of `Data`. API 1.31+. */
  Driver?: Driver;
  /** The driver that fills in a template, such as `golang`. Absent when the secret is none. API 1.37+. */
  Templating?: Driver;
}

/** A secret of a swarm, without what it keeps. @category Secrets */
export type Secret = SwarmObject<SecretSpec>;

/** A secret that was made. @category Secrets */
export interface SecretCreateResponse {
  /** Its ID. The API's documents spell the key `Id`. */
  ID: string;
}
