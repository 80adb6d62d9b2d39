import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { AbortError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { StreamError } from "../../../lib/errors/stream-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { JsonStream } from "../../../lib/streams/json-stream.js";
import type { ContainerStats } from "../../../lib/types/stats.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const endless: Answer = {
  handle(_request, response) {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write('{"num_procs":1}\n{"num_procs":2}\n{"num');
  },
};

async function collect<T>(documents: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const document of documents) collected.push(document);
  return collected;
}

describe("Client.stats", () => {
  it.each([
    [{}, "?stream=1"],
    [{ stream: true }, "?stream=1"],
    [{ stream: false }, "?stream=0"],
    [{ oneShot: true }, "?one-shot=1&stream=0"],
    [{ oneShot: false }, "?one-shot=0&stream=1"],
    [{ stream: true, oneShot: true }, "?one-shot=1&stream=1"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: { num_procs: 0 } });
    await client.stats({ id: "a b", ...options });
    expect(lines()).toEqual([`GET /v1.51/containers/a%20b/stats${query}`]);
  });

  it("returns one sample or an iterable", async () => {
    const { client } = await recordingDaemon({ body: '{"num_procs":1}\n{"num_procs":2}\n' });
    const one = await client.stats({ id: "web", oneShot: true });
    expectTypeOf(one).toEqualTypeOf<ContainerStats>();
    expect(one).toEqual({ num_procs: 1 });
    expect(await client.stats({ id: "web", stream: false })).toEqual({ num_procs: 1 });
    const many = await client.stats({ id: "web" });
    expectTypeOf(many).toEqualTypeOf<JsonStream<ContainerStats>>();
    expect(await collect(many)).toEqual([{ num_procs: 1 }, { num_procs: 2 }]);
    const dynamic = await client.stats({ id: "web", stream: one.num_procs > 1 });
    expectTypeOf(dynamic).toEqualTypeOf<ContainerStats | JsonStream<ContainerStats>>();
  });

  it("closes the connection when the loop ends early", async () => {
    const { client } = await recordingDaemon(endless);
    for await (const sample of await client.stats({ id: "web" })) {
      if (sample.num_procs === 2) break;
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("can be aborted during iteration", async () => {
    const { client } = await recordingDaemon(endless);
    const abort = new AbortController();
    const read = async () => {
      for await (const sample of await client.stats({ id: "web" }, { signal: abort.signal })) {
        if (sample.num_procs === 2) setImmediate(() => abort.abort());
      }
    };
    await expect(read()).rejects.toThrow(AbortError);
  });

  it("rejects with a ProtocolError when a sample is truncated", async () => {
    const { client } = await recordingDaemon({ body: '{"num_procs":1}\n{"num' });
    await expect(client.stats({ id: "web" }).then(collect)).rejects.toThrow(ProtocolError);
    const { client: other } = await recordingDaemon({ body: "" });
    await expect(other.stats({ id: "web", stream: false })).rejects.toThrow(ProtocolError);
  });

  it.each([
    ["container is stopped", ContainerNotRunningError],
    ["unable to read the control group", StreamError],
  ])("maps a failure that Podman reports in place of a sample: %s", async (message, expected) => {
    const { client } = await recordingDaemon({ body: `{"num_procs":1}\n{"cause":"x","message":"${message}","response":500}\n` });
    const samples: ContainerStats[] = [];
    const reading = (async () => {
      for await (const sample of await client.stats({ id: "web" })) samples.push(sample);
    })();
    const error = await reading.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message, operation: "stats", path: "/v1.51/containers/web/stats" });
    expect(samples).toEqual([{ num_procs: 1 }]);
    const { client: other } = await recordingDaemon({ body: { cause: "x", message, response: 500 } });
    await expect(other.stats({ id: "web", stream: false })).rejects.toBeInstanceOf(expected);
    await vi.waitFor(async () => expect(await other.connections()).toBe(0));
  });

  it("rejects oneShot before API 1.41", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.40" });
    await expect(client.stats({ id: "web", oneShot: true })).rejects.toThrow(UnsupportedVersionError);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [400, "cannot have stream=true and one-shot=true", BadRequestError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.stats({ id: "web" })).rejects.toThrow(expected);
  });
});
