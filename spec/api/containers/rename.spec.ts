import { describe, expect, it } from "vitest";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerAlreadyExistsError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.renameContainer", () => {
  it("sends the new name", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.renameContainer({ id: "a b", name: "c d" });
    expect(lines()).toEqual(["POST /v1.51/containers/a%20b/rename?name=c+d"]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError, { id: "web" }],
    [
      409,
      'Conflict. The container name "/db" is already in use by container "1c86"',
      ContainerAlreadyExistsError,
      { containerName: "db" },
    ],
    [
      500,
      "renaming container 4a: UNIQUE constraint failed: ContainerConfig.Name",
      ContainerAlreadyExistsError,
      { containerName: "db" },
    ],
    [500, "out of order", ServerError, {}],
    [400, "Renaming a container with the same name as its current name", BadRequestError, {}],
  ])("maps %i to its error class", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.renameContainer({ id: "web", name: "db" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "renameContainer", ...more });
  });
});
