import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { PushPluginOptions } from "../../../lib/api/plugins/push.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchPluginError } from "../../../lib/errors/plugin-errors.js";
import { RegistryAuthenticationError, StreamError } from "../../../lib/errors/stream-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const pushed = progressAnswer(
  { status: "The push refers to repository [registry:5000/volumes]" },
  { status: "Upload complete", progressDetail: {}, id: "798c35ebc3ac" },
  { progressDetail: {}, aux: { Tag: "1", Digest: "sha256:ab", Size: 527 } },
);

describe("Client.pushPlugin", () => {
  it("pushes the plugin and returns its digest in the registry", async () => {
    const { client, lines } = await recordingDaemon(pushed);
    const push = client.pushPlugin({ name: "registry:5000/volumes:1" });
    const statuses: unknown[] = [];
    for await (const { status } of push) statuses.push(status);
    expect(statuses).toHaveLength(3);
    expect(await push).toEqual({ digest: "sha256:ab", tag: "1", size: 527 });
    expect(lines()).toEqual(["POST /v1.51/plugins/registry:5000/volumes:1/push"]);
  });

  it("leaves the digest undefined when the engine reports no digest", async () => {
    const { client } = await recordingDaemon(progressAnswer({ status: "Upload complete" }));
    expect(await client.pushPlugin({ name: "volumes" })).toEqual({});
  });

  it.each<[PushPluginOptions, unknown]>([
    [{ name: "registry:5000/volumes" }, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [{ name: "registry:5000/volumes", auth: false }, {}],
    [{ name: "other:5000/volumes" }, {}],
    [
      { name: "registry:5000/volumes", auth: { identitytoken: "t" } },
      { identitytoken: "t", serveraddress: "registry:5000" },
    ],
  ])("always sends credentials: %j", async (options, expected) => {
    const { client, requests } = await recordingDaemon(pushed, { auth: { "registry:5000": { username: "u", password: "p" } } });
    await client.pushPlugin(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("reports an empty name as a missing plugin", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.pushPlugin({ name: "" })).rejects.toBeInstanceOf(NoSuchPluginError);
    expect(lines()).toEqual([]);
  });

  it.each([
    ["error pushing plugin: push access denied, repository does not exist", RegistryAuthenticationError],
    ["error pushing plugin: no basic auth credentials", RegistryAuthenticationError],
    ["connection reset by peer", StreamError],
  ])("rejects with the error that the stream reports: %s", async (message, expected) => {
    const { client } = await recordingDaemon(progressAnswer({ status: "Preparing", id: "1" }, { errorDetail: { message } }));
    const auth = { username: "u", password: "very-secret" };
    const error = await client.pushPlugin({ name: "registry:5000/volumes:1", auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message, operation: "pushPlugin" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
  });

  it.each([
    [404, 'plugin "volumes" not found', NoSuchPluginError],
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [500, "disk on fire", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.pushPlugin({ name: "volumes" })).rejects.toBeInstanceOf(expected);
  });
});
