import { describe, expect, it } from "vitest";
import { ServerError } from "../../../lib/errors/api-error.js";
import { EngineVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const headers = {
  "Api-Version": "1.45",
  Ostype: "linux",
  "Builder-Version": "2",
  "Docker-Experimental": "true",
  Swarm: "active/manager",
};

describe.each([
  ["ping", "GET"],
  ["pingHead", "HEAD"],
] as const)("Client.%s", (method, verb) => {
  it("reads the headers", async () => {
    const { client, lines } = await recordingDaemon({ headers, body: "OK" });
    expect(await client[method]()).toEqual({
      ApiVersion: "1.45",
      OSType: "linux",
      BuilderVersion: "2",
      Experimental: true,
      SwarmStatus: { NodeState: "active", ControlAvailable: true },
    });
    expect(lines()).toEqual([`${verb} /_ping`]);
  });

  it.each([
    ["inactive", { NodeState: "inactive", ControlAvailable: false }],
    ["active/worker", { NodeState: "active", ControlAvailable: false }],
    ["", undefined],
  ])("reads the swarm state %s", async (swarm, expected) => {
    const { client } = await recordingDaemon({ headers: { Swarm: swarm } });
    expect(await client[method]()).toEqual({ Experimental: false, SwarmStatus: expected });
  });

  it("negotiates the API version without another request", async () => {
    const { client, lines } = await recordingDaemon({ headers, body: {} }, { apiVersion: undefined });
    await client[method]();
    expect(client.apiVersion).toBe("1.45");
    await client.info();
    expect(lines()).toEqual([`${verb} /_ping`, "GET /v1.45/info"]);
  });

  it("rejects an engine that is too old", async () => {
    const { client } = await recordingDaemon({ headers: { "Api-Version": "1.23" } }, { apiVersion: undefined });
    await expect(client[method]()).rejects.toThrow(EngineVersionError);
  });

  it("rejects on an error status and keeps the connection for reuse", async () => {
    const { client } = await recordingDaemon([{ status: 500, body: { message: "broken" } }, {}]);
    await expect(client[method]()).rejects.toThrow(ServerError);
    await client[method]();
    expect(await client.connections()).toBe(1);
  });
});
