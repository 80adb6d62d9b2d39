import { describe, expect, it } from "vitest";
import { NoSuchServiceError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.removeService", () => {
  it("sends a DELETE", async () => {
    const { client, lines } = await recordingDaemon({ status: 200 });
    await expect(client.removeService({ id: "a/b" })).resolves.toBeUndefined();
    expect(lines()).toEqual(["DELETE /v1.51/services/a%2Fb"]);
  });

  it.each([
    [404, "service web not found", NoSuchServiceError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.removeService({ id: "web" })).rejects.toThrow(expected);
  });

  it("rejects an empty name", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.removeService({ id: "" })).rejects.toThrow(NoSuchServiceError);
    expect(requests).toEqual([]);
  });
});
