import { Readable } from "node:stream";
import { json, text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ApiError, NotFoundError } from "../../../lib/errors/api-error.js";
import { AbortError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { HijackedStream } from "../../../lib/streams/hijacked-stream.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.request", () => {
  it("returns status, headers and body", async () => {
    const { client, lines } = await recordingDaemon({ status: 201, headers: { "X-Own": "1" }, body: { a: 1 } });
    const { status, headers, body } = await client.request({ path: "/things" });
    expect([status, headers["x-own"], await json(body)]).toEqual([201, "1", { a: 1 }]);
    expect(lines()).toEqual(["GET /v1.51/things"]);
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("sends method, query and headers unchanged", async () => {
    const { client, requests, lines } = await recordingDaemon();
    const query = { b: ["x y", 2, true], a: false, c: "", d: undefined, e: 0 };
    const { body } = await client.request({
      method: "DELETE",
      path: "/a/{b}%20",
      query,
      headers: { "X-Own": "1" },
      versioned: false,
    });
    await text(body);
    expect(lines()).toEqual(["DELETE /a/%7Bb%7D%20?a=false&b=x+y&b=2&b=true&c=&e=0"]);
    expect(requests[0]?.headers["x-own"]).toBe("1");
  });

  it.each([
    ["JSON", { A: [1] }, '{"A":[1]}', "application/json"],
    ["null", null, "null", "application/json"],
    ["a string", "plain", "plain", "text/plain"],
    ["bytes", new Uint8Array([104, 105]), "hi", "text/plain"],
    ["a stream", () => Readable.from([Buffer.from("st"), Buffer.from("ream")]), "stream", "text/plain"],
  ])("sends %s", async (_, given, expected, type) => {
    const { client, requests } = await recordingDaemon();
    const body = typeof given === "function" ? given() : given;
    (await client.request({ method: "POST", path: "/x", body })).body.destroy();
    expect([requests[0]?.body.toString(), requests[0]?.headers["content-type"]]).toEqual([expected, type]);
  });

  it("prefers the caller's content type", async () => {
    const { client, requests } = await recordingDaemon();
    const headers = { "content-type": "application/x-tar" };
    (await client.request({ method: "PUT", path: "/x", body: "tar", headers })).body.destroy();
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
  });

  it("rejects on an error status, or returns it with errors: false", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "no such thing" } });
    const failing = client.request({ path: "/nope", query: { secret: "s3cr3t" } });
    await expect(failing).rejects.toThrow(NotFoundError);
    await expect(failing).rejects.toMatchObject({
      status: 404,
      reason: "no such thing",
      operation: "request",
      path: "/v1.51/nope",
    });
    const { status, body } = await client.request({ path: "/nope", errors: false });
    expect([status, await json(body)]).toEqual([404, { message: "no such thing" }]);
  });

  it("upgrades the connection", async () => {
    const { client, requests, lines } = await recordingDaemon({
      upgrade: (socket) => {
        socket.write("hello ");
        socket.on("data", (chunk: Buffer) => socket.write(chunk));
        socket.on("end", () => socket.end(" bye"));
      },
    });
    for (const [hijack, upgrade] of [
      [true, "tcp"],
      ["h2c", "h2c"],
    ] as const) {
      const stream = await client.request({ method: "POST", path: "/session", hijack, body: { a: 1 } });
      expect(stream).toBeInstanceOf(HijackedStream);
      stream.end("this");
      expect(await text(stream)).toBe("hello this bye");
      expect(requests.at(-1)?.headers).toMatchObject({ upgrade, connection: "Upgrade", "content-type": "application/json" });
      expect(requests.at(-1)?.body.toString()).toBe('{"a":1}');
    }
    expect(lines()).toEqual(["POST /v1.51/session", "POST /v1.51/session"]);
    const refusing = await recordingDaemon({ status: 400, body: { message: "no" } });
    await expect(refusing.client.request({ path: "/session", hijack: true })).rejects.toThrow(ApiError);
  });

  it("fails the body when it is cut off or the call is aborted midway", async () => {
    const { client } = await recordingDaemon({
      handle: (_request, response) => response.writeHead(200, { "Content-Length": "10" }).write("some", () => response.destroy()),
    });
    await expect(text((await client.request({ path: "/x" })).body)).rejects.toThrow(ProtocolError);
    const endless = await recordingDaemon({ handle: (_request, response) => void response.writeHead(200).write("some") });
    const abort = new AbortController();
    const { body } = await endless.client.request({ path: "/x" }, { signal: abort.signal });
    body.once("data", () => abort.abort());
    await expect(text(body)).rejects.toThrow(AbortError);
  });

  it.each([
    ["path", { path: "info" }],
    ["path", { path: "/info?x=1" }],
    ["q", { path: "/info", query: { q: {} as never } }],
    ["q", { path: "/info", query: { q: [null] as never } }],
  ])("rejects a %s that cannot be sent: %o", async (option, options) => {
    const { client, requests } = await recordingDaemon();
    const failing = client.request(options);
    await expect(failing).rejects.toThrow(InvalidOptionError);
    await expect(failing).rejects.toMatchObject({ option });
    expect(requests).toEqual([]);
  });
});
