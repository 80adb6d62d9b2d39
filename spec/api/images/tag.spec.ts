import { describe, expect, it } from "vitest";
import type { TagImageOptions } from "../../../lib/api/images/tag.js";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.tagImage", () => {
  it.each<[TagImageOptions, string]>([
    [{ name: "busybox", repo: "app" }, "busybox/tag?repo=app"],
    [{ name: "busybox:1", repo: "app", tag: "1.2" }, "busybox:1/tag?repo=app&tag=1.2"],
    [{ name: "x", repo: "app:1.2" }, "x/tag?repo=app&tag=1.2"],
    [{ name: "x", repo: "app:1.2", tag: "1.2" }, "x/tag?repo=app&tag=1.2"],
    [{ name: "x", repo: "registry:5000/a/b" }, "x/tag?repo=registry%3A5000%2Fa%2Fb"],
    [{ name: "x", repo: "registry:5000/a/b:t" }, "x/tag?repo=registry%3A5000%2Fa%2Fb&tag=t"],
  ])("sends %j", async (options, path) => {
    const { client, lines, requests } = await recordingDaemon({ status: 201 });
    await client.tagImage(options);
    expect(lines()).toEqual([`POST /v1.51/images/${path}`]);
    expect(requests[0]?.body.length).toBe(0);
  });

  it.each<[TagImageOptions, string]>([
    [{ name: "x", repo: "" }, "repo"],
    [{ name: "x" } as TagImageOptions, "repo"],
    [{ name: "x", repo: `app@sha256:${"12".repeat(32)}` }, "repo"],
    [{ name: "x", repo: "app:1", tag: "2" }, "tag"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.tagImage(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "tagImage" });
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "No such image: x:latest", NoSuchImageError],
    [404, "failed to find image x: docker.io/library/x: image not known", NoSuchImageError],
    [400, "invalid reference format", BadRequestError],
    [409, "conflict", ConflictError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.tagImage({ name: "x", repo: "y" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "tagImage" });
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.tagImage({ name: "", repo: "x" })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });
});
