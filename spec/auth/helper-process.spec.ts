import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { type HelperCall, runHelper } from "../../lib/auth/helper-process.js";
import { CredentialsError } from "../../lib/errors/usage-errors.js";
import { answering, hanging, type Home, temporaryHome } from "../support/home.js";

function callOf(home: Home, timeout = 60_000): HelperCall {
  return { program: "docker-credential-pass", action: "get", input: "quay.io", purpose: "quay.io", env: home.env, timeout };
}

describe("runHelper", () => {
  const { signal } = new AbortController();
  const listeners = () => getEventListeners(signal, "abort");

  it("removes its abort listener when the helper exits", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("me", "pw"));
    const run = runHelper(callOf(home), signal);
    expect(listeners()).toHaveLength(1);
    expect(await run).toMatchObject({ status: 0 });
    expect(listeners()).toEqual([]);
  });

  it.each([
    ["is not installed", undefined, 60_000],
    ["times out", hanging, 50],
    ["writes too much", "yes", 60_000],
  ])("removes its abort listener when the helper %s", async (_, script, timeout) => {
    const home = temporaryHome();
    if (script !== undefined) home.helper("pass", script);
    await expect(runHelper(callOf(home, timeout), signal)).rejects.toThrow(CredentialsError);
    expect(listeners()).toEqual([]);
  });

  it("removes its abort listener when it is aborted", async () => {
    const home = temporaryHome();
    home.helper("pass", hanging);
    const controller = new AbortController();
    const run = runHelper(callOf(home), controller.signal);
    controller.abort("enough");
    await expect(run).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
