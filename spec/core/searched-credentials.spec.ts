import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import type { ClientOptions } from "../../lib/core/client-options.js";
import { RegistryAuthenticationError } from "../../lib/errors/stream-errors.js";
import { base64, temporaryHome } from "../support/home.js";
import { type Answer, recordingDaemon } from "../support/recording-daemon.js";

const image = "registry.example/app";
const refusal = "unauthorized: authentication required";
const rejected: Answer = { status: 401, body: { message: refusal } };
const failed: Answer = { body: `${JSON.stringify({ errorDetail: { message: refusal }, error: refusal })}\n` };

/** Pulls from a registry that rejects everybody, with a `config.json`. */
async function refused(config: unknown, options: ClientOptions = {}, auth?: false, answer = rejected) {
  const home = temporaryHome();
  if (config !== undefined) home.write(".docker/config.json", config);
  const { client } = await recordingDaemon(answer, { env: home.env, auth: undefined, ...options });
  const error: unknown = await client.pullImage({ repository: image, auth }).then(undefined, (e: unknown) => e);
  if (!(error instanceof RegistryAuthenticationError)) throw new Error("no RegistryAuthenticationError", { cause: error });
  return { error, path: join(home.path, ".docker/config.json") };
}

describe("a registry that requires credentials", () => {
  it.each([rejected, failed])("is distinguished from a registry that rejects them: %j", async (answer) => {
    const { error, path } = await refused({ auths: {} }, {}, undefined, answer);
    expect(error).toMatchObject({ hadCredentials: false, lookedIn: [path] });
    expect(error.message).toBe(
      `the registry requires credentials for ${image} (no credentials found, looked in ${path}): ${refusal}`.replace(
        image,
        error.registry,
      ),
    );
  });

  it("is reported with the file that does not exist", async () => {
    const { error, path } = await refused(undefined);
    expect(error.lookedIn).toEqual([`${path}, which does not exist`]);
  });

  it("is reported with the credential helper that failed", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const { error, path } = await refused({ credsStore: "gone" });
    warn.mockRestore();
    expect(error.lookedIn).toEqual([expect.stringMatching(/docker-credential-gone, .* is not installed/), path]);
  });

  it("is reported with a custom provider and with disabled credentials", async () => {
    const provider = { resolve: () => Promise.resolve(undefined) };
    expect((await refused({}, { auth: provider })).error.lookedIn).toEqual(["the credentials provider of the client"]);
    const { error } = await refused({}, {}, false);
    expect(error).toMatchObject({ hadCredentials: false, lookedIn: [] });
    expect(error.message).toContain("(no credentials were sent, because auth is false)");
  });
});

describe("a registry that rejects credentials", () => {
  it("is reported with their source, without the credentials", async () => {
    const { error, path } = await refused({ auths: { "registry.example": { auth: base64("somebody:sesame") } } });
    expect(error).toMatchObject({ hadCredentials: true, lookedIn: [path] });
    expect(error.message).toBe(`the registry rejected the credentials for ${error.registry}: ${refusal}`);
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/sesame|somebody/);
  });
});
