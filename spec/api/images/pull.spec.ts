import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { PullImageOptions } from "../../../lib/api/images/pull.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { RegistryAuthenticationError, StreamError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const pulled = progressAnswer(
  { status: "Pulling from app", id: "1" },
  { status: "Digest: sha256:ab" },
  { status: "Status: Downloaded newer image for app:1" },
);

const digest = `sha256:${"12".repeat(32)}`;

describe("Client.pullImage", () => {
  it.each<[PullImageOptions, string, string]>([
    [{ repository: "app" }, "fromImage=app&tag=latest", "app:latest"],
    [{ repository: "app:1" }, "fromImage=app&tag=1", "app:1"],
    [{ repository: "app", tag: "1" }, "fromImage=app&tag=1", "app:1"],
    [{ repository: `app@${digest}` }, `fromImage=app&tag=${encodeURIComponent(digest)}`, `app@${digest}`],
    [{ repository: `app:1@${digest}` }, `fromImage=app&tag=${encodeURIComponent(digest)}`, `app@${digest}`],
    [{ repository: "app", tag: digest }, `fromImage=app&tag=${encodeURIComponent(digest)}`, `app@${digest}`],
    [{ repository: "app", allTags: true }, "fromImage=app", "app"],
    [{ repository: "registry:5000/app" }, "fromImage=registry%3A5000%2Fapp&tag=latest", "registry:5000/app:latest"],
    [{ repository: "app", registry: "registry:5000" }, "fromImage=registry%3A5000%2Fapp&tag=latest", "registry:5000/app:latest"],
    [{ repository: "app", platform: "linux/arm/v7" }, "fromImage=app&platform=linux%2Farm%2Fv7&tag=latest", "app:latest"],
    [
      { repository: "app", platform: { os: "linux", architecture: "arm64" } },
      "fromImage=app&platform=linux%2Farm64&tag=latest",
      "app:latest",
    ],
  ])("sends %j", async (options, query, reference) => {
    const { client, lines } = await recordingDaemon(pulled);
    expect(await client.pullImage(options)).toEqual({ reference, digest: "sha256:ab", upToDate: false });
    expect(lines()).toEqual([`POST /v1.51/images/create?${query}`]);
  });

  it("reports that the image was up to date", async () => {
    const { client } = await recordingDaemon(progressAnswer({ status: "Status: Image is up to date for app:1" }));
    expect(await client.pullImage({ repository: "app:1" })).toEqual({ reference: "app:1", upToDate: true });
  });

  it.each<[PullImageOptions, unknown]>([
    [{ repository: "registry:5000/app", auth: false }, {}],
    [{ repository: "app" }, {}],
    [{ repository: "registry:5000/app" }, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [
      { repository: "app", registry: "registry:5000" },
      { username: "u", password: "p", serveraddress: "registry:5000" },
    ],
    [
      { repository: "app", auth: { username: "a", password: "b" } },
      { username: "a", password: "b", serveraddress: "https://index.docker.io/v1/" },
    ],
  ])("sends the registry's credentials: %j", async (options, expected) => {
    const { client, requests } = await recordingDaemon(pulled, { auth: { "registry:5000": { username: "u", password: "p" } } });
    await client.pullImage(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("reports its progress", async () => {
    const { client } = await recordingDaemon(pulled);
    const outputStream = new PassThrough();
    const messages: unknown[] = [];
    await client.pullImage({ repository: "app", outputStream, onProgress: (message) => messages.push(message) });
    outputStream.end();
    expect(await text(outputStream)).toContain("Digest: sha256:ab\n");
    expect(messages).toHaveLength(3);
  });

  it.each<[PullImageOptions, string]>([
    [{ repository: "app:1", tag: "2" }, "tag"],
    [{ repository: "app:1", allTags: true }, "allTags"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.pullImage(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "pullImage" });
    expect(lines()).toEqual([]);
  });

  it("reports an image ID as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    const id = `sha256:${"0".repeat(64)}`;
    const error = await client.pullImage({ repository: id }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: id, sent: false, operation: "pullImage" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    const error = await client.pullImage({ repository: "" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: "", operation: "pullImage" });
    expect(lines()).toEqual([]);
  });

  it("rejects a platform before API 1.32", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.31" });
    const pull = client.pullImage({ repository: "x", platform: "linux/amd64" });
    await expect(pull).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [500, "unauthorized: authentication required", RegistryAuthenticationError],
    [500, 'Head "http://registry:5000/v2/app/manifests/1": no basic auth credentials', RegistryAuthenticationError],
    [403, "denied: access forbidden", RegistryAuthenticationError],
    [404, "manifest for registry:5000/app:1 not found: manifest unknown: manifest unknown", NoSuchImageError],
    [404, "pull access denied for app, repository does not exist or may require 'docker login'", NoSuchImageError],
    [400, "invalid reference format", BadRequestError],
    [500, "dial tcp: lookup registry-1.docker.io: network is unreachable", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const auth = { username: "u", password: "very-secret" };
    const error = await client.pullImage({ repository: "registry:5000/app:1", auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "pullImage" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
  });

  it.each([
    ["reading manifest 1 in registry:5000/app: unauthorized: authentication required", RegistryAuthenticationError],
    ["reading manifest 1 in registry:5000/app: manifest unknown: manifest unknown", NoSuchImageError],
    ["no space left on device", StreamError],
  ])("rejects with the error that the stream reports: %s", async (message, expected) => {
    const { client } = await recordingDaemon(progressAnswer({ status: "Pulling" }, { errorDetail: { message }, error: message }));
    const error = await client.pullImage({ repository: "registry:5000/app:1" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message });
  });
});
