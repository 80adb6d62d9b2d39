import { describe, expect, it } from "vitest";
import { describeOperations, UnsupportedVersionError } from "../../lib/index.js";
import { apiVersion, client, useEngine } from "../support/engine.js";
import { attempt, gatedCalls, isKnownIn } from "../support/gates.js";

useEngine();

describe("calls that the engine's API version does not support", () => {
  it("are rejected without a request", async ({ annotate }) => {
    let sent = 0;
    client.axios.interceptors.request.use((request) => {
      sent++;
      return request;
    });
    await client.info();
    expect(sent).toBe(1);
    const unknown = [...gatedCalls(describeOperations())].filter((call) => !isKnownIn(apiVersion, call));
    for (const call of unknown) {
      await expect(attempt(client, call), call.name).rejects.toBeInstanceOf(UnsupportedVersionError);
      expect(sent, call.name).toBe(1);
    }
    const text = `API ${apiVersion}: ${unknown.length} operations, options and body members rejected, 0 requests`;
    console.log(text);
    await annotate(text);
  });
});
