import { describe, expect, it } from "vitest";
import type { SearchImagesOptions } from "../../../lib/api/images/search.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { RegistryAuthenticationError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.searchImages", () => {
  it.each<[SearchImagesOptions, string]>([
    [{ term: "busy box" }, "term=busy+box"],
    [{ term: "x", limit: 5 }, "limit=5&term=x"],
    [
      { term: "x", filters: { stars: 3, "is-official": true, "is-automated": false } },
      "filters=%7B%22stars%22%3A%5B%223%22%5D%2C%22is-official%22%3A%5B%22true%22%5D%2C%22is-automated%22%3A%5B%22false%22%5D%7D&term=x",
    ],
  ])("sends %j", async (options, query) => {
    const body = [{ name: "busybox", description: "", star_count: 1, is_official: true, is_automated: false }];
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.searchImages(options)).toEqual(body);
    expect(lines()).toEqual([`GET /v1.51/images/search?${query}`]);
  });

  it.each<[SearchImagesOptions, unknown]>([
    [{ term: "app", auth: false }, {}],
    [{ term: "app" }, { username: "hub", password: "h", serveraddress: "https://index.docker.io/v1/" }],
    [{ term: "registry:5000/app" }, { username: "own", password: "o", serveraddress: "registry:5000" }],
    [
      { term: "registry:5000/app", auth: { username: "a", password: "b" } },
      { username: "a", password: "b", serveraddress: "registry:5000" },
    ],
  ])("sends the registry's credentials: %j", async (options, expected) => {
    const auth = { "docker.io": { username: "hub", password: "h" }, "registry:5000": { username: "own", password: "o" } };
    const { client, requests } = await recordingDaemon({ body: [] }, { auth });
    await client.searchImages(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("rejects an empty term", async () => {
    const { client, lines } = await recordingDaemon();
    const error = await client.searchImages({ term: "" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "term", operation: "searchImages" });
    expect(lines()).toEqual([]);
  });

  it.each([
    [
      500,
      "unable to retrieve auth token: invalid username/password: unauthorized: authentication required",
      RegistryAuthenticationError,
    ],
    [401, "unauthorized: incorrect username or password", RegistryAuthenticationError],
    [403, "denied: access forbidden", RegistryAuthenticationError],
    [500, "Unexpected status code 404", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.searchImages({ term: "registry:5000/app" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "searchImages" });
  });
});
