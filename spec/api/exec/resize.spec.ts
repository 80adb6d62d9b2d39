import { describe, expect, it } from "vitest";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchExecError } from "../../../lib/errors/container-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.resizeExecTty", () => {
  it("sends rows and columns", async () => {
    const { client, lines } = await recordingDaemon();
    await client.resizeExecTty({ id: "e1", height: 0, width: 132 });
    expect(lines()).toEqual(["POST /v1.51/exec/e1/resize?h=0&w=132"]);
  });

  it.each([
    [400, BadRequestError],
    [404, NoSuchExecError],
    [500, ServerError],
  ])("maps %i to its error class", async (status, expected) => {
    const { client } = await recordingDaemon({ status, body: { message: "no" } });
    await expect(client.resizeExecTty({ id: "e1", height: 24, width: 80 })).rejects.toThrow(expected);
  });
});
