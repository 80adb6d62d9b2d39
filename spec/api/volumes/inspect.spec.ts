import { describe, expect, it } from "vitest";
import { NoSuchVolumeError } from "../../../lib/errors/volume-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectVolume", () => {
  it("sends the name", async () => {
    const body = { Name: "a b", Driver: "local" };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.inspectVolume({ name: "a b" })).toEqual(body);
    expect(lines()).toEqual(["GET /v1.51/volumes/a%20b"]);
  });

  it("rejects a missing volume", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "get data: no such volume" } });
    const error = await client.inspectVolume({ name: "data" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchVolumeError);
    expect(error).toMatchObject({
      status: 404,
      volume: "data",
      message: "no such volume: data (get data: no such volume)",
      operation: "inspectVolume",
    });
  });

  it("rejects an empty name before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.inspectVolume({ name: "" })).rejects.toBeInstanceOf(NoSuchVolumeError);
    expect(lines()).toEqual([]);
  });
});
