// The floor: bare sockets that are kept alive, and a minimal reader of HTTP/1.1 responses. It relies on a well-behaved
// engine: it knows only the framing that engines use, and has no limits or timeouts.

import { connect } from "node:net";
import { address } from "../address.js";
import { Demultiplexer, JsonLines } from "../decoders.js";
import { Counter } from "../streams.js";

const unmeasured = "not part of the floor";

/** The methods that the client does not support, with the reason. */
export const cannot = { build: unmeasured, export: unmeasured, copyOut: unmeasured, load: unmeasured, copyIn: unmeasured };

const END_OF_HEAD = "\r\n\r\n";

/** A socket that serves one request after the other. */
class Channel {
  socket;
  #rest;
  /** What the body still lacks: a number of bytes, or a line of the chunked coding. */
  #left = 0;
  #state = "head";
  #chunked = false;
  #onPiece;
  #resolve;
  #reject;

  constructor(where) {
    this.socket = connect(where);
    this.socket.on("data", (data) => {
      try {
        this.#take(this.#rest === undefined ? data : Buffer.concat([this.#rest, data]));
      } catch (error) {
        this.#reject(error);
      }
    });
    this.socket.on("error", (error) => this.#reject?.(error));
    this.socket.on("close", () => this.#resolve?.());
  }

  /** Sends a request and passes each piece of the body on. Resolves at the end of the response. */
  call(request, onPiece) {
    this.#onPiece = onPiece;
    this.#state = "head";
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.socket.write(request);
    });
  }

  #take(data) {
    this.#rest = undefined;
    let at = 0;
    while (at < data.length && this.#state !== "done") {
      if (this.#state === "head") {
        const end = data.indexOf(END_OF_HEAD, at);
        if (end < 0) break;
        this.#begin(data.latin1Slice(at, end));
        at = end + END_OF_HEAD.length;
      } else if (this.#left > 0) {
        const end = Math.min(at + this.#left, data.length);
        this.#left -= end - at;
        this.#onPiece(at === 0 && end === data.length ? data : data.subarray(at, end));
        at = end;
        if (this.#left === 0) this.#state = this.#chunked ? "end of chunk" : "done";
      } else {
        const end = data.indexOf(0x0a, at);
        if (end < 0) break;
        this.#takeLine(data, at);
        at = end + 1;
      }
    }
    if (this.#state === "done") this.#resolve();
    else if (at < data.length) this.#rest = data.subarray(at);
  }

  #begin(head) {
    const status = Number(head.slice(9, 12));
    if (status >= 300) throw new Error(`the response has the status ${status}`);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.#chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    this.#left = status === 101 ? Infinity : Number(length?.[1] ?? 0);
    this.#state = this.#chunked ? "size" : this.#left > 0 ? "body" : "done";
  }

  #takeLine(data, at) {
    if (this.#state === "end of chunk") this.#state = "size";
    else if (this.#state === "trailer") this.#state = "done";
    else {
      let size = 0;
      // the digits of hexadecimal numbers: 0-9 are 0x30 to 0x39, a-f are 0x61 to 0x66
      for (let index = at; data[index] > 0x20; index += 1) size = size * 16 + (data[index] & 0xf) + (data[index] > 0x39 ? 9 : 0);
      this.#left = size;
      this.#state = size === 0 ? "trailer" : "body";
    }
  }
}

class RawNet {
  #where;
  #idle = [];

  constructor({ socketPath, host, port }) {
    this.#where = socketPath === undefined ? { host, port } : { path: socketPath };
  }

  async #call(method, path, onPiece, headers = "") {
    const channel = this.#idle.pop() ?? new Channel(this.#where);
    await channel.call(`${method} ${path} HTTP/1.1\r\nHost: docker\r\n${headers}\r\n`, (piece) => onPiece(piece, channel.socket));
    if (!channel.socket.destroyed) this.#idle.push(channel);
  }

  async #text(method, path) {
    const pieces = [];
    await this.#call(method, path, (piece) => pieces.push(piece));
    return (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)).utf8Slice();
  }

  ping() {
    return this.#text("GET", "/_ping");
  }

  async inspect(id) {
    return JSON.parse(await this.#text("GET", `/containers/${id}/json`));
  }

  async list() {
    return JSON.parse(await this.#text("GET", "/containers/json?all=1"));
  }

  async #output(method, path, headers) {
    const [stdout, stderr] = [new Counter(), new Counter()];
    const demultiplexer = new Demultiplexer(stdout, stderr);
    const onPiece = (piece, socket) => {
      const full = demultiplexer.take(piece);
      if (!full) return;
      socket.pause();
      full.once("drain", () => socket.resume());
    };
    await this.#call(method, path, onPiece, headers);
    demultiplexer.end();
    return { stdout: stdout.bytes, stderr: stderr.bytes };
  }

  logs(id) {
    return this.#output("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
  }

  async attach(id, connected) {
    const path = `/containers/${id}/attach?stream=1&stdout=1&stderr=1`;
    const output = this.#output("POST", path, "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n");
    await connected?.();
    return output;
  }

  /** Calls every listener with every event. Returns a function that stops it. */
  async events(listeners) {
    let socket;
    const lines = new JsonLines((event) => {
      for (const listener of listeners) listener(event);
    });
    const onPiece = (piece, from) => {
      socket = from;
      lines.take(piece);
    };
    this.#call("GET", "/events", onPiece).catch(() => undefined);
    return () => socket.destroy();
  }

  async pull(repository, onProgress) {
    const lines = new JsonLines(onProgress);
    const path = `/images/create?fromImage=${encodeURIComponent(repository)}&tag=latest`;
    await this.#call("POST", path, (piece) => lines.take(piece), "Content-Length: 0\r\n");
  }
}

/**
 * Creates the client.
 *
 * @param {string} endpoint
 */
export const open = (endpoint) => new RawNet(address(endpoint));
