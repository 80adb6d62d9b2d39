import type { Driver } from "./common.js";
import type { SwarmObject } from "./common.js";

/** Settings of a secret. @category Secrets */
export interface SecretSpec {
  /** Name of the secret. */
  Name: string;
  /** Labels of the secret. Updates can only change these. */
  Labels?: Record<string, string> | null;
  /** Secret data, encoded in base64. The maximum is 500 KiB. Engines never return it. */
  Data?: string;
  /** Driver that provides the secret, in place of `Data`. Added in API 1.31. */
  Driver?: Driver;
  /** Templating driver, such as `golang`. Absent if the secret is not a template. Added in API 1.37. */
  Templating?: Driver;
}

/** A swarm secret, without its data. @category Secrets */
export type Secret = SwarmObject<SecretSpec>;

/** Response to creating a secret. @category Secrets */
export interface SecretCreateResponse {
  /** ID of the secret. The API reference spells the key `Id`. */
  ID: string;
}
