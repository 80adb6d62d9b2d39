import { encodeTimestamp } from "../../wire/timestamp.js";
import { badRequest } from "../engine-error.js";

/**
 * Parses a point in time of a request: seconds since 1970 with decimals, RFC 3339, or a duration before now such as `10m`.
 *
 * @param name - name of the value, for the error.
 * @returns nanoseconds since 1970; undefined for an empty string.
 * @throws an {@link EngineError} with status 400 for anything else.
 */
export function parseTime(text: string, name: string): bigint | undefined {
  if (text === "") return undefined;
  const encoded = encodeTimestamp(text);
  if (encoded === undefined) throw badRequest(`invalid ${name}: ${JSON.stringify(text)} is not a point in time`);
  const [seconds = "0", decimals = ""] = encoded.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(decimals.padEnd(9, "0"));
}
