import { describe, expect, it } from "vitest";
import type { ListTasksOptions } from "../../../lib/api/tasks/list.js";
import { BadRequestError, NotFoundError } from "../../../lib/errors/api-error.js";
import { NoSuchNodeError, NoSuchServiceError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.listTasks", () => {
  it.each<[ListTasksOptions | undefined, string]>([
    [undefined, ""],
    [{ filters: {} }, "?filters={}"],
    [{ filters: { service: "web", "desired-state": "running" } }, '?filters={"service":["web"],"desired-state":["running"]}'],
    [
      { filters: { id: "t1", label: ["a", "b=c"], name: "web.1", node: "n1", runtime: "plugin" } },
      '?filters={"id":["t1"],"label":["a","b=c"],"name":["web.1"],"node":["n1"],"runtime":["plugin"]}',
    ],
    [{ filters: { "_up-to-date": true } }, '?filters={"_up-to-date":["true"]}'],
  ])("sends %j", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [{ ID: "t1" }] });
    expect(await client.listTasks(options)).toEqual([{ ID: "t1" }]);
    expect(lines().map(decodeURIComponent)).toEqual([`GET /v1.51/tasks${query}`]);
  });

  it("returns an empty list when the engine responds with null", async () => {
    const { client } = await recordingDaemon({ body: "null" });
    expect(await client.listTasks()).toEqual([]);
  });

  it("rejects _up-to-date in API 1.28", async () => {
    const { client, requests } = await recordingDaemon({ body: [] }, { apiVersion: "1.28" });
    await expect(client.listTasks({ filters: { "_up-to-date": true } })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "service web not found", NoSuchServiceError, { kind: "service", id: "web" }],
    [404, "node n1 not found", NoSuchNodeError, { kind: "node", id: "n1" }],
    [404, "something else not found", NotFoundError, {}],
    [400, "Invalid filter 'x'", BadRequestError, {}],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError, {}],
  ])("maps %i %s to its error class", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error: unknown = await client.listTasks().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject(more);
  });
});
