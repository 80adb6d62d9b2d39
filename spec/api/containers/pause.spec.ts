import { describe, expect, it } from "vitest";
import { ConflictError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerNotRunningError, ContainerPausedError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe.each([
  ["pauseContainer", "pause"],
  ["unpauseContainer", "unpause"],
] as const)("Client.%s", (method, path) => {
  it("sends its request", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client[method]({ id: "a b" });
    expect(lines()).toEqual([`POST /v1.51/containers/a%20b/${path}`]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [409, "Container 345634c8 is not running", ContainerNotRunningError],
    [409, "Container 345634c8 is already paused", ContainerPausedError],
    [409, "Container 345634c8 is restarting, wait until the container is running", ConflictError],
    [409, "Container 345634c8 is not paused", ConflictError],
    [500, "Container 345634c8 is not paused", ServerError],
    [500, '"345634c8" is already paused: container state improper', ContainerPausedError],
    [500, '"345634c8" is not running, can\'t pause: container state improper', ContainerNotRunningError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client[method]({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ name: expected.name, status, reason: message, operation: method });
  });
});
