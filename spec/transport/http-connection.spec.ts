import { once } from "node:events";
import { Duplex, PassThrough, Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectionClosedError, ProtocolError, TimeoutError, TlsError } from "../../lib/errors/connection-errors.js";
import { Exchange, type Limits } from "../../lib/transport/exchange.js";
import { HttpConnection } from "../../lib/transport/http-connection.js";
import type { RequestHead } from "../../lib/transport/request-writer.js";
import type { RawResponse } from "../../lib/transport/response-body.js";
import { rejection, settle } from "../support/streams.js";

/** The timers of the package that have not been cleared. */
const timers = vi.hoisted(() => new Set<unknown>());

vi.mock(import("../../lib/wire/clock.js"), async (original) => {
  const clock = await original();
  const setTimeout = (task: () => void, delay: number) => {
    const timer = clock.setTimeout(task, delay);
    timers.add(timer);
    return timer;
  };
  const clearTimeout = (timer: NodeJS.Timeout | undefined) => {
    timers.delete(timer);
    clock.clearTimeout(timer);
  };
  return { ...clock, setTimeout: setTimeout as never, clearTimeout: clearTimeout as never };
});
afterEach(() => timers.clear());

it("an HTTP connection clears the headers timeout when it fails, so that the process can exit", () => {
  const limits = { connect: 0, headers: 61_000, inactivity: 0, total: 0 };
  const exchange = new Exchange("spec", "unix:///spec", limits, undefined);
  const socket = new PassThrough();
  socket._write = (_chunk, _encoding, done) => done();
  const failed = vi.fn();
  const head = { method: "GET", path: "/", headers: {}, ownConnection: false };
  const connection = new HttpConnection(socket, () => undefined);
  connection.send({ exchange, head, payload: {}, text: "GET", answered: () => undefined, failed });
  expect(timers.size).toBe(1);
  socket.emit("error", new Error("broken"));
  expect(failed).toHaveBeenCalledOnce();
  expect(timers.size).toBe(0);
});

const unlimited: Limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };

/** A connection that records what is written to it, and receives what a spec pushes. */
class FakeSocket extends Duplex {
  readonly written: string[] = [];
  readonly setTimeout = vi.fn();

  override _read(): void {
    // data is pushed
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(chunk.toString("latin1"));
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.written.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString("latin1"));
    done();
  }
}

function connected() {
  const socket = new FakeSocket();
  const idle = vi.fn();
  const connection = new HttpConnection(socket, idle);
  /** Sends a request. */
  const send = (limits: Partial<Limits> = {}, head: Partial<RequestHead> = {}, body?: string | Readable) => {
    const exchange = new Exchange("spec", "unix:///spec", { ...unlimited, ...limits }, undefined);
    const answered = vi.fn<(response: RawResponse) => void>();
    const failed = vi.fn<(error: unknown, untouched: boolean) => void>();
    connection.send({
      exchange,
      head: { method: "GET", path: "/", headers: {}, ownConnection: false, ...head },
      payload: { body },
      text: "HEAD\r\n\r\n",
      answered,
      failed,
    });
    return { exchange, answered, failed, response: () => answered.mock.lastCall![0] };
  };
  /** Receives bytes from the engine. */
  const receive = (bytes: string) => socket.emit("data", Buffer.from(bytes, "latin1"));
  return { socket, idle, connection, send, receive };
}

const answer = (headers: string[], body = "") => `HTTP/1.1 200 OK\r\n${[...headers, "", ""].join("\r\n")}${body}`;
const empty = answer(["Content-Length: 0"]);

describe("HttpConnection", () => {
  it("sends the head, with a body in the same write", async () => {
    const { socket, send } = connected();
    send({}, {}, "body");
    await settle();
    expect(socket.written).toEqual(["HEAD\r\n\r\nbody"]);
    expect(socket.writableCorked).toBe(0);
    const { socket: other, send: sendOther } = connected();
    sendOther();
    await settle();
    expect(other.written).toEqual(["HEAD\r\n\r\n"]);
  });

  it("is idle after a response, and then reused", async () => {
    const { socket, idle, connection, send, receive } = connected();
    const first = send();
    expect(connection.reused).toBe(false);
    receive(answer(["Content-Length: 2"], "ok"));
    expect(await first.response().body.text()).toBe("ok");
    expect(idle).toHaveBeenCalledExactlyOnceWith(connection);
    send();
    expect(connection.reused).toBe(true);
    expect(socket.destroyed).toBe(false);
  });

  it.each<[string, Partial<RequestHead>, string]>([
    ["the request has its own connection", { ownConnection: true }, empty],
    ["the engine closes the connection", {}, answer(["Content-Length: 0", "Connection: close"])],
    ["bytes follow the response", {}, `${empty}surplus`],
  ])("is closed after a response if %s", (_why, head, bytes) => {
    const { socket, idle, send, receive } = connected();
    const { answered, failed } = send({}, head);
    receive(bytes);
    expect(answered).toHaveBeenCalledOnce();
    expect([idle.mock.calls.length, socket.destroyed, failed.mock.calls.length]).toEqual([0, true, 0]);
  });

  it("is closed after a response that precedes the end of the upload", () => {
    const { socket, idle, send, receive } = connected();
    const body = new Readable({ read: () => undefined });
    send({}, {}, body);
    receive(empty);
    expect([idle.mock.calls.length, socket.destroyed, body.destroyed]).toEqual([0, true, true]);
  });

  it("resumes after a response whose end arrived while it was paused", () => {
    const { socket, idle, send, receive } = connected();
    send();
    socket.pause();
    receive(empty);
    expect([idle.mock.calls.length, socket.isPaused()]).toEqual([1, false]);
  });

  it.each<[string, (socket: FakeSocket) => unknown]>([
    ["data", (socket) => socket.emit("data", Buffer.from("x"))],
    ["the end", (socket) => socket.emit("end")],
  ])("is closed by %s while it is idle", (_what, happen) => {
    const { socket, send, receive } = connected();
    const { failed } = send();
    receive(empty);
    happen(socket);
    expect([socket.destroyed, failed.mock.calls.length]).toEqual([true, 0]);
  });

  it.each<[string, string, (socket: FakeSocket) => unknown, boolean]>([
    ["the end", "", (socket) => socket.emit("end"), true],
    ["the close", "", (socket) => socket.emit("close"), true],
    ["a reset", "", (socket) => socket.emit("error", Object.assign(new Error("x"), { code: "ECONNRESET" })), true],
    ["a failed write", "", (socket) => socket.emit("error", Object.assign(new Error("x"), { code: "EPIPE" })), true],
    ["another error", "", (socket) => socket.emit("error", new Error("x")), false],
    ["the end, after a byte", "H", (socket) => socket.emit("end"), false],
  ])("fails the request at %s%s, and reports whether the response had begun", (_what, bytes, happen, untouched) => {
    const { socket, send, receive } = connected();
    const { failed, answered } = send();
    if (bytes !== "") receive(bytes);
    happen(socket);
    expect(failed).toHaveBeenCalledExactlyOnceWith(expect.any(Error), untouched);
    expect(answered).not.toHaveBeenCalled();
    expect(socket.destroyed).toBe(true);
  });

  it("names the operation when the engine closes the connection", () => {
    const { socket, send } = connected();
    const { failed } = send();
    socket.emit("end");
    const [error] = failed.mock.lastCall!;
    expect(error).toBeInstanceOf(ConnectionClosedError);
    expect((error as Error).message).toBe("the engine at unix:///spec closed the connection before it responded to spec");
  });

  it.each<[string, (socket: FakeSocket) => unknown, string]>([
    ["the end", (socket) => socket.emit("end"), "was cut off by unix:///spec"],
    ["a reset", (socket) => socket.emit("error", Object.assign(new Error("x"), { code: "ECONNRESET" })), "was cut off"],
    ["another error", (socket) => socket.emit("error", Object.assign(new Error("odd"), { code: "EIO" })), "odd"],
  ])("fails the body at %s", async (_what, happen, message) => {
    const { socket, send, receive } = connected();
    const { response, failed } = send();
    receive(answer(["Content-Length: 9"], "some"));
    const reading = rejection(response().body.text());
    happen(socket);
    expect(((await reading) as Error).message).toContain(message);
    expect(failed).not.toHaveBeenCalled();
  });

  it("rejects a TLS alert in place of a response, but not in a body", async () => {
    for (const [bytes, expected] of [
      ["\x15\x03\x03", TlsError],
      ["\x15\x04", ProtocolError],
      ["\x16\x03", ProtocolError],
      ["\x00\x15\x03", ProtocolError],
    ] as const) {
      const { socket, send, receive } = connected();
      const { failed } = send();
      receive(bytes);
      expect(failed).toHaveBeenCalledOnce();
      expect((failed.mock.lastCall![0] as Error).constructor).toBe(expected);
      expect(socket.destroyed).toBe(true);
    }
    const { send, receive } = connected();
    const { response } = send();
    receive(answer(["Content-Length: 2"]));
    receive("\x15\x03");
    expect(await response().body.text()).toBe("\x15\x03");
  });

  it.each<[string[], Record<string, string>, boolean]>([
    [["Content-Encoding: identity"], {}, true],
    [["Content-Encoding:"], {}, true],
    [["Content-Encoding: gzip"], {}, false],
    [["Content-Encoding: gzip"], { "Accept-encoding": "br;q=0.5, gzip;q=1" }, true],
    [["Content-Encoding: gzip, br"], { "Accept-Encoding": "gzip" }, false],
    [["Content-Encoding: gzip"], { Accept: "gzip" }, false],
  ])("with %j and the request headers %j, accepts the response: %s", (fields, headers, accepts) => {
    const { send, receive } = connected();
    const { answered, failed } = send({}, { headers });
    receive(answer(["Content-Length: 1", ...fields], "x"));
    expect([answered.mock.calls.length, failed.mock.calls.length]).toEqual(accepts ? [1, 0] : [0, 1]);
    if (!accepts) expect((failed.mock.lastCall![0] as Error).message).toContain("which the client does not accept");
  });

  it("accepts any content coding of an empty response", () => {
    const { send, receive } = connected();
    const { answered } = send();
    receive(answer(["Content-Length: 0", "Content-Encoding: gzip"]));
    expect(answered).toHaveBeenCalledOnce();
  });

  it("limits the time until the response, from one millisecond on", async () => {
    for (const [limit, count] of [
      [0, 0],
      [1, 1],
      [60_000, 1],
    ] as const) {
      const { send, receive } = connected();
      const { exchange } = send({ headers: limit });
      expect(timers.size).toBe(count);
      receive(empty);
      expect(timers.size).toBe(0);
      exchange.finish();
    }
    const { send } = connected();
    const { failed } = send({ headers: 1 });
    await vi.waitFor(() => expect(failed).toHaveBeenCalledExactlyOnceWith(expect.any(TimeoutError), false));
  });

  it("limits the time until the response only after the upload, unless the response has begun", async () => {
    const { send, receive } = connected();
    const body = new Readable({ read: () => undefined });
    const { exchange, response } = send({ headers: 60_000 }, {}, body);
    expect(timers.size).toBe(0);
    receive(answer(["Content-Length: 2"], "o"));
    body.push(null);
    await settle();
    expect(timers.size).toBe(0);
    receive("k");
    expect(await response().body.text()).toBe("ok");
    exchange.finish();
    const { send: sendOther } = connected();
    const other = sendOther({ headers: 60_000 }, {}, Readable.from(["x"]));
    await vi.waitFor(() => expect(timers.size).toBe(1));
    other.exchange.fail(new ProtocolError("enough"));
    expect(timers.size).toBe(0);
  });

  describe("with an inactivity timeout", () => {
    it.each([0, 1, 50])("of %i ms limits the time between pieces of the body", async (limit) => {
      const { socket, send, receive } = connected();
      const { exchange, response } = send({ inactivity: limit });
      receive(answer(["Content-Length: 2"], "o"));
      expect(socket.setTimeout.mock.calls).toEqual(limit === 0 ? [] : [[limit]]);
      expect(socket.listenerCount("timeout")).toBe(limit === 0 ? 0 : 1);
      const content = response().body.text();
      if (limit > 0) {
        socket.emit("timeout");
        expect(exchange.failure).toMatchObject({ kind: "inactivity", timeout: limit });
        expect(await rejection(content)).toBe(exchange.failure);
      } else {
        receive("k");
        expect(await content).toBe("ok");
      }
    });

    it("ends with the response", async () => {
      const { socket, send, receive } = connected();
      const { response } = send({ inactivity: 50 });
      receive(answer(["Content-Length: 2"], "ok"));
      expect(socket.setTimeout.mock.calls).toEqual([[50], [0]]);
      expect(socket.listenerCount("timeout")).toBe(0);
      send({ inactivity: 70 });
      expect(await response().body.text()).toBe("ok");
      receive(answer(["Content-Length: 2"], "o"));
      expect(socket.setTimeout.mock.calls).toEqual([[50], [0], [70]]);
      expect(socket.listenerCount("timeout")).toBe(1);
    });

    it("does not count the time in which the reader is paused, nor the first period after it", () => {
      const { socket, send, receive } = connected();
      const { exchange, response } = send({ inactivity: 50 });
      receive(answer(["Content-Length: 9"], "some"));
      socket.emit("timeout");
      socket.emit("timeout");
      expect(exchange.failure).toBeUndefined();
      const { body } = response();
      body.on("error", () => undefined).resume();
      body.read();
      socket.emit("timeout");
      expect(exchange.failure).toBeUndefined();
      expect(socket.setTimeout.mock.calls).toEqual([[50], [50], [50], [50]]);
      socket.emit("timeout");
      expect(exchange.failure).toBeInstanceOf(TimeoutError);
    });
  });

  describe("that is upgraded", () => {
    const upgrade = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    const head = { headers: { Upgrade: "tcp", Connection: "Upgrade" }, ownConnection: true };

    it("passes the connection on, with the bytes that follow the head", async () => {
      const { socket, send, receive } = connected();
      const { exchange, response } = send({}, head);
      receive(`${upgrade}early `);
      expect(response().socket).toBe(socket);
      for (const event of ["data", "end", "error"]) expect(socket.listenerCount(event), event).toBe(0);
      expect(socket.readableFlowing).toBeNull();
      const chunks: string[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
      socket.push("late");
      await settle();
      expect(chunks.join("")).toBe("early late");
      socket.destroy();
      await once(socket, "close");
      expect(exchange.finished).toBe(true);
    });

    it("is closed when its exchange fails", () => {
      const { socket, send, receive } = connected();
      const { exchange } = send({}, head);
      receive(upgrade);
      socket.on("error", () => undefined);
      exchange.fail(new ProtocolError("enough"));
      expect(socket.destroyed).toBe(true);
    });

    it("is rejected unless it was requested", () => {
      const { send, receive } = connected();
      const { failed } = send();
      receive(upgrade);
      expect((failed.mock.lastCall![0] as Error).message).toBe("unexpected protocol upgrade: none was requested");
    });

    it("counts inactivity while it is read, but not while a byte is unread or its reader is paused", () => {
      const failureAfter = (prepare: (socket: FakeSocket) => unknown) => {
        const { socket, send, receive } = connected();
        const { exchange } = send({ inactivity: 50 }, head);
        receive(upgrade);
        socket.on("error", () => undefined);
        prepare(socket);
        socket.emit("timeout");
        return exchange.failure;
      };
      expect(failureAfter((socket) => socket.resume())).toBeInstanceOf(TimeoutError);
      expect(failureAfter((socket) => socket.on("readable", () => undefined))).toBeInstanceOf(TimeoutError);
      expect(failureAfter((socket) => socket.pause())).toBeUndefined();
      expect(failureAfter((socket) => socket.unshift(Buffer.from("x")))).toBeUndefined();
    });
  });
});
