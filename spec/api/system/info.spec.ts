import { describe, expect, it } from "vitest";
import { ServerError } from "../../../lib/errors/api-error.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe.each(["info", "version"] as const)("Client.%s", (method) => {
  it("returns the answer as it is", async () => {
    const { client, lines } = await recordingDaemon({ body: { ID: "x", Labels: null } });
    expect(await client[method]()).toEqual({ ID: "x", Labels: null });
    expect(await client[method]({}, { timeout: 1000 })).toEqual({ ID: "x", Labels: null });
    expect(lines()).toEqual([`GET /v1.51/${method}`, `GET /v1.51/${method}`]);
  });

  it("rejects options, which it has none of", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client[method]({ all: true } as never)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it("fails with the engine", async () => {
    const { client } = await recordingDaemon({ status: 500, body: { message: "broken" } });
    await expect(client[method]()).rejects.toThrow(ServerError);
    await expect(client[method]()).rejects.toMatchObject({ operation: method, reason: "broken" });
  });
});
