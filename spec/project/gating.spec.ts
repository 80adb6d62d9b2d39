import { afterAll, describe, expect, it } from "vitest";
import { ApiError, describeOperations, UnsupportedVersionError } from "../../lib/index.js";
import { versions } from "../support/api-schemas.js";
import { attempt, type GatedCall, gatedCalls, isKnownIn } from "../support/gates.js";
import { recordingDaemon } from "../support/recording-daemon.js";

const calls = [...gatedCalls(describeOperations())];
const all = ["1.24", ...versions];
const proven = new Set<string>();

/** Whether the version is the first or the last that supports the call. */
function isBound(version: string, call: GatedCall): boolean {
  const index = all.indexOf(version);
  const neighbours = all.filter((_, other) => Math.abs(other - index) === 1);
  return isKnownIn(version, call) && neighbours.some((neighbour) => !isKnownIn(neighbour, call));
}

afterAll(() => {
  const parts = calls.filter(({ name }) => name.split(".").length > 2);
  const operations = calls.filter(({ name }) => !name.includes("."));
  const options = calls.length - parts.length - operations.length;
  console.log(
    `gating: ${proven.size} of ${calls.length} tested on both sides of their version limits ` +
      `(${operations.length} operations, ${options} options, ${parts.length} filters and body members)`,
  );
});

describe("a call that the API version does not support", () => {
  it.each(all)("is rejected without a request, and calls at their version limits are sent: API %s", async (apiVersion) => {
    const { client, requests } = await recordingDaemon({ status: 500, body: { message: "no" } }, { apiVersion });
    const wrong: string[] = [];
    for (const call of calls) {
      const known = isKnownIn(apiVersion, call);
      if (known && !isBound(apiVersion, call)) continue;
      const error: unknown = await attempt(client, call).catch((reason: unknown) => reason);
      const sent = requests.splice(0).map(({ line }) => line);
      const right = known
        ? error instanceof ApiError && sent.length > 0
        : error instanceof UnsupportedVersionError && error.version === apiVersion && sent.length === 0;
      if (!right) wrong.push(`${call.name}: ${String(error)}, sent: ${sent.join(", ")}`);
      else if (known) proven.add(call.name);
    }
    expect(wrong).toEqual([]);
  });

  it("is tested for everything with a version limit", () => {
    expect(calls.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
