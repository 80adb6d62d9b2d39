import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ProtocolError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { WaitCondition } from "../../../lib/types/container-results.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

/** Sends the response head at once, and the body on request. */
function lateAnswer(): { answer: Answer; headSent: Promise<void>; finish: (body: string) => void; cut: () => void } {
  let finish: (body: string) => void = () => undefined;
  let cut: () => void = () => undefined;
  let told: () => void = () => undefined;
  const headSent = new Promise<void>((resolve) => (told = resolve));
  const answer: Answer = {
    handle(_request, response) {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      finish = (body) => response.end(body);
      cut = () => response.destroy();
      told();
    },
  };
  return { answer, headSent, finish: (body) => finish(body), cut: () => cut() };
}

describe("Client.waitContainer", () => {
  it.each([
    [undefined, ""],
    [WaitCondition.NextExit, "?condition=next-exit"],
    [WaitCondition.NotRunning, "?condition=not-running"],
    [WaitCondition.Removed, "?condition=removed"],
  ])("sends the condition %s as %s", async (condition, query) => {
    const { client, lines } = await recordingDaemon({ body: { StatusCode: 3 } });
    expect(await client.waitContainer({ id: "a b", condition })).toEqual({ statusCode: 3, error: undefined });
    expect(lines()).toEqual([`POST /v1.51/containers/a%20b/wait${query}`]);
  });

  it.each([
    [null, undefined],
    [{ Message: "" }, undefined],
    [{ Message: "busy" }, "busy"],
  ])("returns the failure %j", async (failure, error) => {
    const { client } = await recordingDaemon({ body: { StatusCode: 0, Error: failure } });
    expect(await client.waitContainer({ id: "web" })).toEqual({ statusCode: 0, error });
  });

  it("calls onRegistered once the engine waits", async () => {
    const { answer, headSent, finish } = lateAnswer();
    const { client } = await recordingDaemon(answer);
    const onRegistered = vi.fn(async () => {
      await headSent;
      finish('{"StatusCode":7}');
    });
    expect(await client.waitContainer({ id: "web", onRegistered })).toEqual({ statusCode: 7, error: undefined });
    expect(onRegistered).toHaveBeenCalledOnce();
  });

  it("does not call onRegistered for a missing container", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const onRegistered = vi.fn();
    const error = await client.waitContainer({ id: "web", onRegistered }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ id: "web", operation: "waitContainer" });
    expect(onRegistered).not.toHaveBeenCalled();
  });

  it("rejects with the error of onRegistered and closes the connection", async () => {
    const { answer } = lateAnswer();
    const { client } = await recordingDaemon(answer);
    const failure = new Error("no");
    await expect(client.waitContainer({ id: "web", onRegistered: () => Promise.reject(failure) })).rejects.toBe(failure);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("aborts during onRegistered and during the wait", async () => {
    const { answer } = lateAnswer();
    const { client } = await recordingDaemon(answer);
    for (const abortWithin of [true, false]) {
      const abort = new AbortController();
      const onRegistered = async () => {
        if (abortWithin) abort.abort();
        else setImmediate(() => abort.abort());
        await once(abort.signal, "abort").catch(() => undefined);
      };
      const wait = client.waitContainer(
        { id: "web", onRegistered: abortWithin ? () => abort.abort() : onRegistered },
        { signal: abort.signal },
      );
      await expect(wait).rejects.toThrow(AbortError);
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it.each(["", '{"StatusCode":'])("rejects with a ProtocolError when the response ends after %j", async (text) => {
    const { answer, finish } = lateAnswer();
    const { client } = await recordingDaemon(answer);
    await expect(client.waitContainer({ id: "web", onRegistered: () => finish(text) })).rejects.toThrow(ProtocolError);
  });

  it("rejects when the connection is cut", async () => {
    const { answer, cut } = lateAnswer();
    const { client } = await recordingDaemon(answer);
    await expect(client.waitContainer({ id: "web", onRegistered: () => cut() })).rejects.toThrow(ProtocolError);
  });

  it("ignores the client's timeouts and applies the call's timeouts", async () => {
    const { answer, finish } = lateAnswer();
    const timeouts = { total: 30, headers: 30, inactivity: 30 };
    const { client } = await recordingDaemon(answer, { timeouts });
    const patient = client.waitContainer({
      id: "web",
      onRegistered: () => {
        setTimeout(() => finish('{"StatusCode":0}'), 90);
      },
    });
    expect((await patient).statusCode).toBe(0);
    await expect(client.waitContainer({ id: "web" }, { timeout: 30 })).rejects.toThrow(TimeoutError);
    await expect(client.waitContainer({ id: "web" }, { timeouts: { inactivity: 30 } })).rejects.toMatchObject({
      kind: "inactivity",
    });
  });

  it("rejects condition and onRegistered before API 1.30", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.29" });
    await expect(client.waitContainer({ id: "web", condition: "removed" })).rejects.toThrow(UnsupportedVersionError);
    await expect(client.waitContainer({ id: "web", onRegistered: () => undefined })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });
});
