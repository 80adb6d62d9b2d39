import { describe, expect, it } from "vitest";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { Signal } from "../../../lib/types/signal.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.killContainer", () => {
  it.each([
    [Signal.SIGTERM, "?signal=SIGTERM"],
    [Signal.SIGIOT, "?signal=SIGABRT"],
    [40, "?signal=40"],
    ["USR1", "?signal=USR1"],
    [undefined, ""],
  ])("sends signal %s as %s", async (signal, query) => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.killContainer({ id: "a b", signal: signal as Signal | undefined });
    expect(lines()).toEqual([`POST /v1.51/containers/a%20b/kill${query}`]);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [409, "Container web is not running", ContainerNotRunningError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.killContainer({ id: "web" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, id: "web", reason: message, operation: "killContainer" });
  });
});
