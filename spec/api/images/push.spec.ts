import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { PushImageOptions } from "../../../lib/api/images/push.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { RegistryAuthenticationError, StreamError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const pushed = progressAnswer(
  { status: "The push refers to repository [registry:5000/app]" },
  { status: "Pushed", progressDetail: {}, id: "798c35ebc3ac" },
  { status: "1.2: digest: sha256:ab size: 527" },
  { progressDetail: {}, aux: { Tag: "1.2", Digest: "sha256:ab", Size: 527 } },
);

const digest = `sha256:${"12".repeat(32)}`;

describe("Client.pushImage", () => {
  it.each<[PushImageOptions, string, string]>([
    [{ name: "app" }, "app/push?tag=latest", "app:latest"],
    [{ name: "app:1" }, "app/push?tag=1", "app:1"],
    [{ name: "app", tag: "1" }, "app/push?tag=1", "app:1"],
    [{ name: "app:1", tag: "1" }, "app/push?tag=1", "app:1"],
    [{ name: "app", allTags: true }, "app/push", "app"],
    [{ name: "registry:5000/a/b" }, "registry:5000/a/b/push?tag=latest", "registry:5000/a/b:latest"],
    [{ name: "a/b:2", registry: "registry:5000" }, "registry:5000/a/b/push?tag=2", "registry:5000/a/b:2"],
    [
      { name: "app", platform: "linux/amd64" },
      "app/push?platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D&tag=latest",
      "app:latest",
    ],
  ])("sends %j", async (options, path, reference) => {
    const { client, lines } = await recordingDaemon(pushed);
    expect(await client.pushImage(options)).toEqual({
      reference,
      tag: "1.2",
      digest: "sha256:ab",
      size: 527,
      pushed: [{ Tag: "1.2", Digest: "sha256:ab", Size: 527 }],
    });
    expect(lines()).toEqual([`POST /v1.51/images/${path}`]);
  });

  it.each<[PushImageOptions, unknown]>([
    [{ name: "registry:5000/app", auth: false }, {}],
    [{ name: "other:5000/app" }, {}],
    [{ name: "registry:5000/app" }, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [
      { name: "app", registry: "registry:5000" },
      { username: "u", password: "p", serveraddress: "registry:5000" },
    ],
    [
      { name: "registry:5000/app", auth: { identitytoken: "t" } },
      { identitytoken: "t", serveraddress: "registry:5000" },
    ],
  ])("always sends credentials: %j", async (options, expected) => {
    const { client, requests } = await recordingDaemon(pushed, { auth: { "registry:5000": { username: "u", password: "p" } } });
    await client.pushImage(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("parses the pushed manifest from the status text if necessary", async () => {
    const { client } = await recordingDaemon(
      progressAnswer({ status: "a: digest: sha256:12 size: 34" }, { status: "b: digest: sha256:56 size: 78" }),
    );
    expect(await client.pushImage({ name: "app", allTags: true })).toEqual({
      reference: "app",
      tag: "b",
      digest: "sha256:56",
      size: 78,
      pushed: [
        { Tag: "a", Digest: "sha256:12", Size: 34 },
        { Tag: "b", Digest: "sha256:56", Size: 78 },
      ],
    });
  });

  it("leaves the digest undefined when the engine reports no digest", async () => {
    const { client } = await recordingDaemon(progressAnswer({ status: "Pushed" }));
    expect(await client.pushImage({ name: "app" })).toEqual({ reference: "app:latest", pushed: [] });
  });

  it("yields the messages", async () => {
    const { client } = await recordingDaemon(pushed);
    const push = client.pushImage({ name: "app" });
    const statuses: unknown[] = [];
    for await (const { status } of push) statuses.push(status);
    expect(statuses).toHaveLength(4);
    expect(await push).toMatchObject({ digest: "sha256:ab" });
  });

  it.each<[PushImageOptions, string]>([
    [{ name: `app@${digest}` }, "name"],
    [{ name: "app", tag: digest }, "name"],
    [{ name: "app:1", tag: "2" }, "tag"],
    [{ name: "app:1", allTags: true }, "allTags"],
    [{ name: "app", tag: "1", allTags: true }, "allTags"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.pushImage(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "pushImage" });
    expect(lines()).toEqual([]);
  });

  it("reports an image ID as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    const id = `sha256:${"0".repeat(64)}`;
    const error = await client.pushImage({ name: id }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: id, sent: false, operation: "pushImage" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.pushImage({ name: "" })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });

  it("rejects a platform before API 1.46", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.45" });
    await expect(client.pushImage({ name: "x", platform: "linux/amd64" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    ["unauthorized: authentication required", RegistryAuthenticationError],
    ["no basic auth credentials", RegistryAuthenticationError],
    ["denied: requested access to the resource is denied", RegistryAuthenticationError],
    ["tag does not exist: registry:5000/app:1", NoSuchImageError],
    ["An image does not exist locally with the tag: registry:5000/app", NoSuchImageError],
    ["connection reset by peer", StreamError],
  ])("rejects with the error that the stream reports: %s", async (message, expected) => {
    const { client } = await recordingDaemon(
      progressAnswer({ status: "Preparing", id: "1" }, { errorDetail: { message }, error: message }),
    );
    const auth = { username: "u", password: "very-secret" };
    const error = await client.pushImage({ name: "registry:5000/app:1", auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message, operation: "pushImage" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
  });

  it.each([
    [404, "failed to find image app: image not known", NoSuchImageError],
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [500, "no basic auth credentials", RegistryAuthenticationError],
    [500, "disk on fire", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.pushImage({ name: "app" })).rejects.toBeInstanceOf(expected);
  });
});
