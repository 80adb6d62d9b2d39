import { describe, expect, it } from "vitest";
import type { InspectServiceOptions } from "../../../lib/api/services/inspect.js";
import { NoSuchServiceError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectService", () => {
  it.each<[Partial<InspectServiceOptions>, string]>([
    [{}, ""],
    [{ insertDefaults: true }, "?insertDefaults=1"],
    [{ insertDefaults: false }, "?insertDefaults=0"],
  ])("sends %j", async (options, query) => {
    const service = { ID: "s1", Version: { Index: 7 }, Spec: { Name: "a b" } };
    const { client, lines } = await recordingDaemon({ body: service });
    expect(await client.inspectService({ id: "a b", ...options })).toEqual(service);
    expect(lines()).toEqual([`GET /v1.51/services/a%20b${query}`]);
  });

  it("rejects insertDefaults in API 1.28", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.28" });
    await expect(client.inspectService({ id: "web", insertDefaults: true })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "service web not found", NoSuchServiceError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.inspectService({ id: "web" })).rejects.toThrow(expected);
  });

  it("rejects an empty name", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.inspectService({ id: "" })).rejects.toMatchObject({ code: "ERR_NO_SUCH_SERVICE", id: "" });
    expect(requests).toEqual([]);
  });
});
