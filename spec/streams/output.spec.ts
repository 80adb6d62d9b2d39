import { describe, expect, it, vi } from "vitest";
import { NoSuchContainerError } from "../../lib/errors/container-errors.js";
import { askForTty, isTty } from "../../lib/streams/output.js";
import { frames, recordingDaemon } from "../support/recording-daemon.js";

const multiplexed = { "content-type": "application/vnd.docker.multiplexed-stream" };
const raw = { "content-type": "application/vnd.docker.raw-stream" };

describe("terminal detection", () => {
  it.each([
    ["1.41", raw, true, 1],
    ["1.41", raw, false, 1],
    ["1.42", raw, true, 0],
    ["1.42", multiplexed, false, 0],
    ["1.42", {}, true, 1],
    ["1.42", {}, false, 1],
    ["1.51", { "content-type": "text/plain" }, false, 1],
  ])("in API %s with %j returns %s after %i inspections", async (version, headers, terminal, times) => {
    const inspect = vi.fn(() => Promise.resolve(terminal));
    expect(await isTty(await askForTty(version, inspect), headers)).toBe(terminal);
    expect(inspect).toHaveBeenCalledTimes(times);
  });

  it("inspects the container when a proxy has removed the content type", async () => {
    const { client, lines } = await recordingDaemon((request) =>
      request.line.includes("/json") ? { body: { Config: { Tty: false } } } : { body: frames([1, "out"], [2, "err"]) },
    );
    const { stdout, stderr } = await (await client.logs({ id: "web" })).collect();
    expect([stdout.toString(), stderr.toString()]).toEqual(["out", "err"]);
    expect(lines()).toEqual(["GET /v1.51/containers/web/logs?stderr=1&stdout=1", "GET /v1.51/containers/web/json"]);
  });

  it("leaves no connection open when the inspection fails", async () => {
    const { client } = await recordingDaemon((request) =>
      request.line.includes("/json")
        ? { status: 404, body: { message: "No such container: web" } }
        : { handle: (_request, response) => void response.writeHead(200).write("follows") },
    );
    await expect(client.logs({ id: "web", follow: true })).rejects.toThrow(NoSuchContainerError);
    await vi.waitFor(async () => expect(await client.connections()).toBeLessThanOrEqual(1));
    const attaching = await recordingDaemon((request) =>
      request.line.includes("/json")
        ? { status: 404, body: { message: "No such container: web" } }
        : { upgrade: () => undefined },
    );
    await expect(attaching.client.attachToContainer({ container: "web" })).rejects.toThrow(NoSuchContainerError);
    await vi.waitFor(async () => expect(await attaching.client.connections()).toBeLessThanOrEqual(1));
  });
});
