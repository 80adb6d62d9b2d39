import { describe, expect, it } from "vitest";
import type { InspectDistributionOptions } from "../../../lib/api/images/distribution.js";
import { BadRequestError, NotImplementedError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { RegistryAuthenticationError } from "../../../lib/errors/stream-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const body = {
  Descriptor: { mediaType: "application/vnd.oci.image.index.v1+json", digest: "sha256:4f", size: 1024 },
  Platforms: [{ architecture: "amd64", os: "linux" }],
};

describe("Client.inspectDistribution", () => {
  it("sends the name", async () => {
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.inspectDistribution({ name: "registry:5000/team/app:1.2" })).toEqual(body);
    expect(lines()).toEqual(["GET /v1.51/distribution/registry:5000/team/app:1.2/json"]);
  });

  it.each<[InspectDistributionOptions, unknown]>([
    [{ name: "app", auth: false }, {}],
    [{ name: "app" }, { username: "hub", password: "h", serveraddress: "https://index.docker.io/v1/" }],
    [{ name: "registry:5000/app:1" }, { username: "own", password: "o", serveraddress: "registry:5000" }],
    [
      { name: "registry:5000/app", auth: { username: "a", password: "b" } },
      { username: "a", password: "b", serveraddress: "registry:5000" },
    ],
  ])("sends the registry's credentials: %j", async (options, expected) => {
    const auth = { "docker.io": { username: "hub", password: "h" }, "registry:5000": { username: "own", password: "o" } };
    const { client, requests } = await recordingDaemon({ body }, { auth });
    await client.inspectDistribution(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("keeps credentials from interceptors", async () => {
    const { client, requests } = await recordingDaemon({ body });
    const seen: string[] = [];
    client.axios.interceptors.request.use((request) => {
      seen.push(JSON.stringify(request.headers));
      return request;
    });
    await client.inspectDistribution({ name: "app", auth: { username: "a", password: "a-secret" } });
    expect(requests[0]?.headers["x-registry-auth"]).toBeDefined();
    expect(seen.join()).not.toMatch(/x-registry-auth/i);
  });

  it("requires API 1.30", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.29" });
    await expect(client.inspectDistribution({ name: "app" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [403, "denied: access forbidden", RegistryAuthenticationError],
    [500, "no basic auth credentials", RegistryAuthenticationError],
    [404, "manifest unknown: manifest unknown", NoSuchImageError],
    [500, "manifest for app:latest not found: manifest unknown", NoSuchImageError],
    [404, "Path /v1.41/distribution/app/json is not supported", NotImplementedError],
    [400, "invalid reference format", BadRequestError],
    [500, 'Get "http://registry:5000/v2/": dial tcp: connection refused', ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.inspectDistribution({ name: "app" }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "inspectDistribution" });
  });

  it("reports an image ID as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    const id = `sha256:${"0".repeat(64)}`;
    const error = await client.inspectDistribution({ name: id }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: id, sent: false, operation: "inspectDistribution" });
    expect(lines()).toEqual([]);
  });

  it("rejects an empty name before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.inspectDistribution({ name: "" })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });
});
