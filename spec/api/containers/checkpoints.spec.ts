import { describe, expect, it } from "vitest";
import type { Client } from "../../../lib/client.js";
import { ConflictError, NotFoundError, NotImplementedError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.createCheckpoint", () => {
  it.each([
    [{ checkpoint: "one" }, { CheckpointID: "one" }],
    [
      { checkpoint: "one", checkpointDir: "/c", exit: false },
      { CheckpointID: "one", CheckpointDir: "/c", Exit: false },
    ],
  ])("sends %j as %j", async (options, body) => {
    const { client, requests, lines } = await recordingDaemon({ status: 201 });
    await client.createCheckpoint({ id: "a b", ...options });
    expect(lines()).toEqual(["POST /v1.51/containers/a%20b/checkpoints"]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual(body);
  });
});

describe("Client.listCheckpoints", () => {
  it.each([
    [{}, "", [{ Name: "one" }], [{ Name: "one" }]],
    [{ checkpointDir: "/c" }, "?dir=%2Fc", "null", []],
  ])("sends %j as %s", async (options, query, body, expected) => {
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.listCheckpoints({ id: "a b", ...options })).toEqual(expected);
    expect(lines()).toEqual([`GET /v1.51/containers/a%20b/checkpoints${query}`]);
  });
});

describe("Client.removeCheckpoint", () => {
  it.each([
    [{}, ""],
    [{ checkpointDir: "/c" }, "?dir=%2Fc"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeCheckpoint({ id: "a b", checkpoint: "c/d", ...options });
    expect(lines()).toEqual([`DELETE /v1.51/containers/a%20b/checkpoints/c%2Fd${query}`]);
  });
});

describe.each([
  ["createCheckpoint", (client: Client) => client.createCheckpoint({ id: "web", checkpoint: "one" })],
  ["listCheckpoints", (client: Client) => client.listCheckpoints({ id: "web" })],
  ["removeCheckpoint", (client: Client) => client.removeCheckpoint({ id: "web", checkpoint: "one" })],
] as const)("Client.%s", (operation, run) => {
  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [404, "checkpoint one does not exist for container web", NotFoundError],
    [501, "This experimental feature is disabled by default.", NotImplementedError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await run(client).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: expected.name, status, reason: message, operation });
    expect(error).toBeInstanceOf(expected);
  });

  it("is rejected in API 1.24", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(run(client)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });
});

describe("Client.createCheckpoint", () => {
  it.each([
    [500, "Container web not running", ContainerNotRunningError],
    [500, "criu failed", ServerError],
    [409, "checkpoint with name one already exists for container web", ConflictError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.createCheckpoint({ id: "web", checkpoint: "one" }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: expected.name, status });
    expect(error).toBeInstanceOf(expected);
  });
});
