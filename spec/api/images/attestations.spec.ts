import { describe, expect, it } from "vitest";
import { NotImplementedError } from "../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.imageAttestations", () => {
  it.each([
    [{ name: "a/b" }, ""],
    [
      { name: "a/b", platform: "linux/amd64", statement: true },
      "?platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D&statement=1",
    ],
    [{ name: "a/b", type: "urn:a" }, "?type=urn%3Aa"],
    [{ name: "a/b", type: ["urn:a", "urn:b"] }, "?type=urn%3Aa&type=urn%3Ab"],
  ])("sends %j", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [] }, { apiVersion: "1.55" });
    expect(await client.imageAttestations(options)).toEqual([]);
    expect(lines()).toEqual([`GET /v1.55/images/a/b/attestations${query}`]);
  });

  it("requires API 1.55", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.54" });
    const error = await client.imageAttestations({ name: "x" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ subject: "imageAttestations", since: "1.55" });
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "No such image: x", NoSuchImageError],
    [501, "not implemented", NotImplementedError],
  ])("maps %i to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } }, { apiVersion: "1.55" });
    await expect(client.imageAttestations({ name: "x" })).rejects.toBeInstanceOf(expected);
  });
});
