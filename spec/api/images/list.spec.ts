import { describe, expect, it } from "vitest";
import { type ListImagesOptions, virtualSize } from "../../../lib/api/images/list.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.listImages", () => {
  it.each<[ListImagesOptions | undefined, string]>([
    [undefined, ""],
    [{}, ""],
    [{ all: true }, "?all=1"],
    [{ all: false, digests: true }, "?all=0&digests=1"],
    [{ sharedSize: true }, "?shared-size=1"],
    [{ manifests: true }, "?manifests=1"],
    [{ filters: { dangling: true } }, "?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D"],
    [
      { filters: { label: ["a", "b=c"], reference: "busybox:*" } },
      "?filters=%7B%22label%22%3A%5B%22a%22%2C%22b%3Dc%22%5D%2C%22reference%22%3A%5B%22busybox%3A%2A%22%5D%7D",
    ],
    [
      { filters: { before: "a", since: "b", until: "24h" } },
      "?filters=%7B%22before%22%3A%5B%22a%22%5D%2C%22since%22%3A%5B%22b%22%5D%2C%22until%22%3A%5B%2224h%22%5D%7D",
    ],
  ])("sends %j", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [] });
    expect(await client.listImages(options)).toEqual([]);
    expect(lines()).toEqual([`GET /v1.51/images/json${query}`]);
  });

  it("retries without digests when Podman responds with an empty body", async () => {
    const { client, lines } = await recordingDaemon([{ body: "" }, { body: [{ Id: "sha256:1" }] }]);
    expect(await client.listImages({ all: true, digests: true })).toEqual([{ Id: "sha256:1" }]);
    expect(lines()).toEqual(["GET /v1.51/images/json?all=1&digests=1", "GET /v1.51/images/json?all=1"]);
  });

  it("rejects an empty response", async () => {
    const { client, lines } = await recordingDaemon({ body: "" });
    await expect(client.listImages({ digests: true })).rejects.toBeInstanceOf(ProtocolError);
    await expect(client.listImages()).rejects.toBeInstanceOf(ProtocolError);
    expect(lines()).toHaveLength(3);
  });

  it("requests identities in API 1.54", async () => {
    const { client, lines } = await recordingDaemon({ body: [] }, { apiVersion: "1.54" });
    await client.listImages({ identity: true });
    expect(lines()).toEqual(["GET /v1.54/images/json?identity=1"]);
  });

  it("sends a name pattern in API 1.24", async () => {
    const { client, lines } = await recordingDaemon({ body: [] }, { apiVersion: "1.24" });
    await client.listImages({ filter: "busybox*" });
    expect(lines()).toEqual(["GET /v1.24/images/json?filter=busybox%2A"]);
  });

  it.each<[ListImagesOptions, string, string]>([
    [{ digests: true }, "1.24", 'option "digests" of listImages'],
    [{ sharedSize: true }, "1.41", 'option "sharedSize" of listImages'],
    [{ filters: { until: "1h" } }, "1.43", 'until in option "filters" of listImages'],
    [{ manifests: true }, "1.46", 'option "manifests" of listImages'],
    [{ identity: true }, "1.53", 'option "identity" of listImages'],
    [{ filter: "x" }, "1.25", 'option "filter" of listImages'],
  ])("rejects %j in API %s", async (options, apiVersion, subject) => {
    const { client, lines } = await recordingDaemon({ body: [] }, { apiVersion });
    const error = await client.listImages(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ subject, version: apiVersion });
    expect(lines()).toEqual([]);
  });

  it("returns unknown members of the response", async () => {
    const body = [{ Id: "sha256:1", RepoTags: null, Anything: { else: true } }];
    const { client } = await recordingDaemon({ body });
    expect(await client.listImages()).toEqual([{ Id: "sha256:1", RepoTags: [], Anything: { else: true } }]);
  });

  it.each([
    [404, "No such image: nosuch:latest", NoSuchImageError, { image: "nosuch" }],
    [
      500,
      'could not find local image for filter filter "before"="nosuch": image not known',
      NoSuchImageError,
      { image: "nosuch" },
    ],
    [400, "invalid filter 'foo'", BadRequestError, {}],
    [500, "disk on fire", ServerError, {}],
  ])("maps %i %s to a typed error", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.listImages({ filters: { before: "nosuch" } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "listImages", ...more });
  });
});

describe("virtualSize", () => {
  it.each([
    [{ Size: 3, VirtualSize: 4 }, 4],
    [{ Size: 3, VirtualSize: 0 }, 0],
    [{ Size: 3 }, 3],
  ])("of %j is %i", (image, size) => {
    expect(virtualSize(image)).toBe(size);
  });
});
