import { describe, expect, it } from "vitest";
import type { ListPluginsOptions } from "../../../lib/api/plugins/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const filtered = (filters: unknown): string => `/plugins?filters=${encodeURIComponent(JSON.stringify(filters))}`;

describe("Client.listPlugins", () => {
  it.each<[ListPluginsOptions | undefined, string]>([
    [undefined, "/plugins"],
    [{}, "/plugins"],
    [{ filters: { enabled: true } }, filtered({ enabled: ["true"] })],
    [{ filters: { enabled: false } }, filtered({ enabled: ["false"] })],
    [{ filters: { capability: "volumedriver" } }, filtered({ capability: ["volumedriver"] })],
    [{ filters: { capability: ["authz", "logdriver"] } }, filtered({ capability: ["authz", "logdriver"] })],
  ])("sends %j", async (options, path) => {
    const plugins = [{ Id: "ab", Name: "volumes:latest", Enabled: true }];
    const { client, lines } = await recordingDaemon({ body: plugins });
    expect(await client.listPlugins(options)).toEqual(plugins);
    expect(lines()).toEqual([`GET /v1.51${path}`]);
  });

  it("rejects filters before API 1.28", async () => {
    const { client, lines } = await recordingDaemon({ body: [] }, { apiVersion: "1.27" });
    expect(await client.listPlugins()).toEqual([]);
    await expect(client.listPlugins({ filters: { enabled: true } })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual(["GET /v1.27/plugins"]);
  });

  it("maps 400 to a typed error", async () => {
    const { client } = await recordingDaemon({ status: 400, body: { message: "invalid filter 'enabled=[maybe]'" } });
    await expect(client.listPlugins({ filters: { enabled: true } })).rejects.toBeInstanceOf(BadRequestError);
  });
});
