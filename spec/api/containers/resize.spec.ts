import { describe, expect, it } from "vitest";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.resizeContainerTty", () => {
  it("sends height and width", async () => {
    const { client, lines } = await recordingDaemon();
    await client.resizeContainerTty({ id: "a b", height: 40, width: 0 });
    expect(lines()).toEqual(["POST /v1.51/containers/a%20b/resize?h=40&w=0"]);
  });

  it("rejects a fractional size", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.resizeContainerTty({ id: "web", height: 40.5, width: 80 })).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [409, "Container 345634c8 is not running", ContainerNotRunningError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.resizeContainerTty({ id: "web", height: 1, width: 1 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, id: "web", operation: "resizeContainerTty" });
  });
});
