import { describe, expect, it } from "vitest";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectContainer", () => {
  it.each([
    [undefined, ""],
    [true, "?size=1"],
    [false, "?size=0"],
  ])("sends size %s as %s", async (size, query) => {
    const { client, lines } = await recordingDaemon({ body: { Id: "4fa", Unknown: null } });
    expect(await client.inspectContainer({ id: "a/b", size })).toEqual({ Id: "4fa", Unknown: null });
    expect(lines()).toEqual([`GET /v1.51/containers/a%2Fb/json${query}`]);
  });

  it.each(["", "no such container"])("treats a 404 with the message %j as a missing container", async (message) => {
    const { client } = await recordingDaemon({ status: 404, body: message });
    await expect(client.inspectContainer({ id: "web" })).rejects.toThrow(NoSuchContainerError);
  });

  it("maps 404 to NoSuchContainerError", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const error = await client.inspectContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ id: "web", status: 404, operation: "inspectContainer" });
  });
});
