// A stub engine with prepared responses: `node stub.js SOCKET`. It writes raw HTTP to a socket, so that clients hardly
// wait for it. Names select the response: `mixed.64` is a container with 64 MiB of output in frames of mixed lengths.

import { createServer } from "node:net";
import { events, frameBuffers, inspection, list, pullMessages } from "./fixtures.js";

const MULTIPLEXED = "application/vnd.docker.multiplexed-stream";

/** A request body, which is read and discarded. */
class Body {
  received = 0;
  done;
  #left;
  #line = "";
  #expects;

  constructor(headers) {
    const chunked = /^transfer-encoding:\s*chunked/im.test(headers);
    this.#left = chunked ? 0 : Number(/^content-length:\s*(\d+)/im.exec(headers)?.[1] ?? 0);
    this.#expects = chunked ? "size" : undefined;
    this.done = !chunked && this.#left === 0;
  }

  /** Reads the body from an offset in a chunk. Returns the offset after it. */
  take(chunk, at) {
    while (!this.done && at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.received += taken;
        this.#left -= taken;
        at += taken;
        this.done = this.#left === 0 && this.#expects === undefined;
      } else {
        const newline = chunk.indexOf(0x0a, at);
        const end = newline < 0 ? chunk.length : newline;
        this.#line += chunk.latin1Slice(at, end);
        at = end + 1;
        if (newline >= 0) this.#takeLine();
      }
    }
    return at;
  }

  #takeLine() {
    const line = this.#line.trim();
    this.#line = "";
    if (this.#expects === "end of data") this.#expects = "size";
    else if (this.#expects === "trailer") this.done = line === "";
    else {
      this.#left = parseInt(line, 16);
      this.#expects = this.#left === 0 ? "trailer" : "end of data";
    }
  }
}

const head = (type, more = "") =>
  Buffer.from(`HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nServer: stub\r\nContent-Type: ${type}\r\n${more}`);
const chunkedHead = (type, more = "") => head(type, `${more}Transfer-Encoding: chunked\r\n\r\n`);
const lastChunk = Buffer.from("0\r\n\r\n");

/** Engines flush each piece of output, so each piece is a separate chunk. */
const chunked = (pieces) =>
  Buffer.concat(pieces.flatMap((piece) => [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]));

const whole = (type, ...pieces) => Buffer.concat([chunkedHead(type), chunked(pieces), lastChunk]);
const plain = (type, text) => Buffer.concat([head(type, `Content-Length: ${text.length}\r\n\r\n`), Buffer.from(text)]);

/** Groups of a thousand pieces, which are sent in a single write. */
function* thousands(pieces) {
  for (let at = 0; at < pieces.length; at += 1000) yield chunked(pieces.slice(at, at + 1000));
}

const ping = plain("text/plain", "OK");
const inspected = whole("application/json", inspection());
const exited = whole("application/json", inspection("exited"));
const listed = whole("application/json", list());
const built = whole(
  "application/json",
  ...["Step 1/1 : FROM scratch\\n", "Successfully built 0123456789ab\\n"].map((text) => Buffer.from(`{"stream":"${text}"}\n`)),
);
const loaded = whole("application/json", Buffer.from('{"stream":"Loaded image: bench:latest\\n"}\n'));
const copied = plain("text/plain", "");
const missing =
  'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n{"message":"no such thing here"}';
const frames = { mixed: frameBuffers("mixed"), lines: frameBuffers("lines") };
const attachOutput = { mixed: Buffer.concat(frames.mixed), lines: Buffer.concat(frames.lines) };
const logOutput = { mixed: chunked(frames.mixed), lines: chunked(frames.lines) };
const archiveMib = chunked(Array.from({ length: 4 }, () => Buffer.alloc(256 * 1024, "tar")));
const pulled = chunked(pullMessages());
const eventRuns = [...thousands(events())];
const stat = Buffer.from('{"name":"data","size":1024,"mode":420,"mtime":"2026-01-02T03:04:05Z","linkTarget":""}').toString(
  "base64",
);

function* repeated(block, times) {
  for (let time = 0; time < times; time += 1) yield block;
}

/** Writes blocks with backpressure, then calls `last`. */
function pour(socket, first, blocks, last) {
  const source = blocks[Symbol.iterator]();
  const next = () => {
    for (;;) {
      const { value, done } = source.next();
      if (done) break;
      if (!socket.write(value)) return;
    }
    socket.off("drain", next);
    last();
  };
  socket.on("drain", next);
  socket.write(first);
  next();
}

const endOfChunks = (socket) => () => socket.write(lastChunk);
let received = 0;

/** Responses by method and path. The groups of the pattern are passed as arguments. */
const routes = [
  [
    /^(?:GET|HEAD) \/_ping/,
    (socket, method) => socket.write(method === "HEAD" ? head("text/plain", "Content-Length: 2\r\n\r\n") : ping),
  ],
  [/^GET \/containers\/json/, (socket) => socket.write(listed)],
  [/^GET \/containers\/\w+\.\d+\/json/, (socket) => socket.write(exited)],
  [/^GET \/containers\/[^/]+\/json/, (socket) => socket.write(inspected)],
  [
    /^GET \/containers\/(\w+)\.(\d+)\/logs/,
    (socket, _method, kind, count) =>
      pour(socket, chunkedHead(MULTIPLEXED), repeated(logOutput[kind], count), endOfChunks(socket)),
  ],
  [
    /^POST \/containers\/(\w+)\.(\d+)\/attach/,
    (socket, _method, kind, count) => {
      const accepted = `HTTP/1.1 101 UPGRADED\r\nContent-Type: ${MULTIPLEXED}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nApi-Version: 1.51\r\n\r\n`;
      // a client without input ends its side at once and continues to read
      socket.removeAllListeners("end");
      pour(socket, accepted, repeated(attachOutput[kind], count), () => socket.end());
    },
  ],
  [/^GET \/events/, (socket) => pour(socket, chunkedHead("application/json"), eventRuns, () => undefined)],
  [
    /^POST \/images\/create\?.*pull-(\d+)000/,
    (socket, _method, thousands) =>
      pour(socket, chunkedHead("application/json"), repeated(pulled, thousands), endOfChunks(socket)),
  ],
  [
    /^GET \/containers\/bytes\.(\d+)\/(?:export|archive)/,
    (socket, _method, count) => {
      const first = chunkedHead("application/x-tar", `X-Docker-Container-Path-Stat: ${stat}\r\n`);
      pour(socket, first, repeated(archiveMib, count), endOfChunks(socket));
    },
  ],
  [/^POST \/build/, (socket) => socket.write(built)],
  [/^POST \/images\/load/, (socket) => socket.write(loaded)],
  [/^PUT \/containers\/[^/]+\/archive/, (socket) => socket.write(copied)],
  [/^GET \/received/, (socket) => socket.write(plain("text/plain", String(received)))],
];

function answer(socket, requestLine) {
  const [method, target] = requestLine.split(" ");
  const wanted = `${method} ${target.replace(/^\/v[\d.]+\//, "/")}`;
  for (const [pattern, respond] of routes) {
    const match = pattern.exec(wanted);
    if (match) {
      respond(socket, method, ...match.slice(1));
      return;
    }
  }
  socket.write(missing);
}

function serve(socket) {
  let text = "";
  let requestLine = "";
  /** @type {Body | undefined} */
  let body;
  socket.on("data", (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (!body) {
        const before = text.length;
        text += chunk.latin1Slice(at);
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) return;
        at += end + 4 - before;
        requestLine = text.slice(0, text.indexOf("\r\n"));
        body = new Body(text.slice(0, end));
        text = "";
      }
      at = body.take(chunk, at);
      if (!body.done) return;
      if (body.received > 0) received = body.received;
      body = undefined;
      answer(socket, requestLine);
    }
  });
  // clients disconnect once they have enough
  socket.on("error", () => socket.destroy());
}

createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("end", () => socket.end());
  serve(socket);
}).listen(process.argv[2], () => process.send?.("ready"));
// exit with the parent process
process.on("disconnect", () => process.exit());
