import { describe, expect, it } from "vitest";
import type { InspectNetworkOptions } from "../../../lib/api/networks/inspect.js";
import { NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.inspectNetwork", () => {
  it.each<[InspectNetworkOptions, string]>([
    [{ id: "a/b" }, "/networks/a%2Fb"],
    [{ id: "shop", verbose: true, scope: "swarm" }, "/networks/shop?scope=swarm&verbose=1"],
    [{ id: "shop", verbose: false }, "/networks/shop?verbose=0"],
  ])("sends %j", async (options, path) => {
    const body = { Name: "shop", Id: "4f", Containers: {} };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.inspectNetwork(options)).toEqual(body);
    expect(await client.networkInfo(options)).toEqual(body);
    expect(lines()).toEqual([`GET /v1.51${path}`, `GET /v1.51${path}`]);
  });

  it.each<[InspectNetworkOptions, string]>([
    [{ id: "a", verbose: true }, "1.27"],
    [{ id: "a", scope: "local" }, "1.30"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.inspectNetwork(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects a missing network", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "network shop not found" } });
    const error = await client.inspectNetwork({ id: "shop" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchNetworkError);
    expect(error).toMatchObject({
      status: 404,
      id: "shop",
      message: "no such network: shop (network shop not found)",
      operation: "inspectNetwork",
    });
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.inspectNetwork({ id: "" })).rejects.toBeInstanceOf(NoSuchNetworkError);
    expect(lines()).toEqual([]);
  });
});
