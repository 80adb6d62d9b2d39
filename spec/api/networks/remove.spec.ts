import { describe, expect, it } from "vitest";
import { ForbiddenError, ServerError } from "../../../lib/errors/api-error.js";
import { NetworkInUseError, NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.removeNetwork", () => {
  it("sends the ID", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeNetwork({ id: "a/b" });
    expect(lines()).toEqual(["DELETE /v1.51/networks/a%2Fb"]);
  });

  it.each([
    [404, "network shop not found", NoSuchNetworkError],
    [403, "error while removing network: network shop id 4f has active endpoints", NetworkInUseError],
    [500, '"shop" has associated containers with it. Use -f to delete them: network is being used', NetworkInUseError],
    [400, "rpc error: code = FailedPrecondition desc = network 4f is in use by service 5a", NetworkInUseError],
    [403, "bridge is a pre-defined network and cannot be removed", ForbiddenError],
    [500, "default network podman cannot be removed", ForbiddenError],
    [500, "the disk is full", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.removeNetwork({ id: "shop" }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "removeNetwork" });
    if ("id" in (error as object)) expect(error).toMatchObject({ id: "shop" });
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.removeNetwork({ id: "" })).rejects.toBeInstanceOf(NoSuchNetworkError);
    expect(lines()).toEqual([]);
  });
});
