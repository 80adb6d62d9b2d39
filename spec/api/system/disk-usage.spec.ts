import { describe, expect, it } from "vitest";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.diskUsage", () => {
  it.each([
    [{}, ""],
    [{ types: "image" }, "?type=image"],
    [{ types: ["container", "build-cache"], verbose: false }, "?type=container&type=build-cache&verbose=0"],
  ])("sends %o", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: { LayersSize: 1 } }, { apiVersion: "1.52" });
    expect(await client.diskUsage(options)).toEqual({ LayersSize: 1 });
    expect(lines()).toEqual([`GET /v1.52/system/df${query}`]);
  });

  it.each([
    ["1.24", {}, "1.25"],
    ["1.41", { types: "image" }, "1.42"],
    ["1.51", { verbose: true }, "1.52"],
  ])("rejects newer options in API %s", async (apiVersion, options, since) => {
    const { client, requests } = await recordingDaemon({ body: {} }, { apiVersion });
    const failing = client.diskUsage(options);
    await expect(failing).rejects.toThrow(UnsupportedVersionError);
    await expect(failing).rejects.toMatchObject({ since });
    expect(requests).toEqual([]);
  });

  it("rejects an unknown type", async () => {
    const { client } = await recordingDaemon({ status: 400, body: { message: "unknown object type: x" } });
    await expect(client.diskUsage({ types: "x" })).rejects.toThrow(BadRequestError);
  });
});
