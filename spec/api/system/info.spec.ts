import { describe, expect, it } from "vitest";
import { ServerError } from "../../../lib/errors/api-error.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe.each(["info", "version"] as const)("Client.%s", (method) => {
  it("returns the response", async () => {
    const { client, lines } = await recordingDaemon({ body: { ID: "x", Unknown: null } });
    expect(await client[method]()).toEqual({ ID: "x", Unknown: null });
    expect(await client[method]({}, { timeout: 1000 })).toEqual({ ID: "x", Unknown: null });
    expect(lines()).toEqual([`GET /v1.51/${method}`, `GET /v1.51/${method}`]);
  });

  it("rejects options", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client[method]({ all: true } as never)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it("rejects on an error status", async () => {
    const { client } = await recordingDaemon({ status: 500, body: { message: "broken" } });
    await expect(client[method]()).rejects.toThrow(ServerError);
    await expect(client[method]()).rejects.toMatchObject({ operation: method, reason: "broken" });
  });
});
