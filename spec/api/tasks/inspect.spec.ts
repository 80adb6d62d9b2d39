import { describe, expect, it } from "vitest";
import { NoSuchTaskError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectTask", () => {
  it("returns the response unchanged", async () => {
    const task = { ID: "t1", Status: { State: "failed", Err: "task: non-zero exit (3)" } };
    const { client, lines } = await recordingDaemon({ body: task });
    expect(await client.inspectTask({ id: "a b" })).toEqual(task);
    expect(lines()).toEqual(["GET /v1.51/tasks/a%20b"]);
  });

  it.each([
    [404, "task t1 not found", NoSuchTaskError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.inspectTask({ id: "t1" })).rejects.toThrow(expected);
  });

  it("rejects an empty ID", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.inspectTask({ id: "" })).rejects.toThrow(NoSuchTaskError);
    expect(requests).toEqual([]);
  });
});
