import { describe, expect, it } from "vitest";
import { ConflictError } from "../../../lib/errors/api-error.js";
import {
  ContainerAlreadyRunningError,
  ContainerPausedError,
  NoSuchContainerError,
} from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.removeContainer", () => {
  it.each([
    [{}, ""],
    [{ removeVolumes: true, force: true, link: true }, "?force=1&link=1&v=1"],
    [{ removeVolumes: false, force: false, link: false }, "?force=0&link=0&v=0"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeContainer({ id: "web/db", ...options });
    expect(lines()).toEqual([`DELETE /v1.51/containers/web%2Fdb${query}`]);
  });

  it("rejects link before API 1.27", async () => {
    const { client } = await recordingDaemon({ status: 204 }, { apiVersion: "1.26" });
    await expect(client.removeContainer({ id: "web", link: true })).rejects.toThrow(UnsupportedVersionError);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [
      409,
      "You cannot remove a running container 091c. Stop the container before attempting removal",
      ContainerAlreadyRunningError,
    ],
    [
      409,
      'cannot remove container "/web": container is running: stop the container before removing',
      ContainerAlreadyRunningError,
    ],
    [
      409,
      "cannot remove container 091c as it is running - running or paused containers cannot be removed",
      ContainerAlreadyRunningError,
    ],
    [409, "You cannot remove a paused container 091c. Unpause and then stop the container", ContainerPausedError],
    [409, 'cannot remove container "/web": container is paused and must be unpaused first', ContainerPausedError],
    [
      500,
      "cannot remove container 091c as it is running - running or paused containers cannot be removed without force: container state improper",
      ContainerAlreadyRunningError,
    ],
    [409, "removal of container web is already in progress", ConflictError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.removeContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: expected.name, status, reason: message, operation: "removeContainer" });
    expect(error).toBeInstanceOf(expected);
  });
});
