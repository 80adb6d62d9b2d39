import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import { type Signature, signatureOf } from "../../lib/core/signatures.js";
import { describeOperations } from "../../lib/index.js";
import { AttachedStream } from "../../lib/streams/hijacked-stream.js";
import { frames } from "./recording-daemon.js";
import { listen } from "./servers.js";

/** An option of a method that holds a stream of the caller. */
export interface StreamOption {
  method: string;
  option: string;
  isInput: boolean;
  /** The form of the output that the engine sends. */
  output: "progress" | "frames" | "raw" | "websocket" | "none";
  /** Returns the options of a call with a stream, or with entries of it for an archive. */
  options: (stream: unknown) => Record<string, unknown>;
  /** Whether a request is the one that carries the stream. */
  isTransfer: (line: string) => boolean;
}

/** The requests that carry the stream, for methods that combine operations or send several similar requests. */
const transfers: Readonly<Record<string, RegExp>> = {
  execute: /^POST \/exec\/e\/start/,
  runContainer: /^POST \/containers\/c\/attach/,
  output: /^POST \/containers\/c\/attach/,
  copyToContainer: /^PUT \/containers\/x\/archive/,
  insertImageFile: /^PUT \/containers\/c\/archive/,
  request: /^POST \/x$/,
};

/** Values of required options. */
const required: Readonly<Record<string, unknown>> = { cmd: ["true"], path: "/x" };

/** Options that a method needs in addition to the stream. */
const beside: Readonly<Record<string, Record<string, unknown>>> = {
  execute: { cmd: ["true"] },
  request: { method: "POST" },
  importImage: { inputStream: "x" },
  loadImage: { inputStream: "x" },
  buildImage: { inputStream: "x" },
  upgradePlugin: { remote: "x" },
  attachToContainer: { stdin: true },
};

function isTransferOf(method: string): (line: string) => boolean {
  const known = transfers[method];
  if (known) return (line) => known.test(line);
  const declared = describeOperations().find(({ name }) => name === method.replace("NonBlocking", ""));
  if (!declared) throw new Error(`the request of ${method} with its streams is not known`);
  const path = declared.path.replaceAll(/\{\w+\}/g, "[^/]+");
  const form = new RegExp(`^${declared.method} ${path}$`);
  return (line) => form.test(line);
}

function outputOf(method: string, { hasProgress, streams }: Signature): StreamOption["output"] {
  if (method.endsWith("Websocket")) return "websocket";
  if (hasProgress) return "progress";
  if ("errorStream" in streams || method === "output") return "frames";
  return "outputStream" in streams ? "raw" : "none";
}

/** Every option of every method that holds a stream of the caller. */
export function streamOptions(): StreamOption[] {
  return Object.getOwnPropertyNames(Client.prototype).flatMap((method) => {
    const signature = signatureOf(method);
    if (!signature) return [];
    const plain = Object.fromEntries(signature.required.map((name) => [name, required[name] ?? "x"]));
    return Object.entries(signature.streams).map(([option, field]) => ({
      method,
      option,
      isInput: field.encoding === "input-stream",
      output: outputOf(method, signature),
      options: (stream: unknown) => ({
        ...plain,
        ...beside[method],
        [option]: option === "entries" ? [{ name: "x", content: stream }] : stream,
      }),
      isTransfer: isTransferOf(method),
    }));
  });
}

const description = Buffer.from(JSON.stringify({ name: "x", size: 1, mode: 0o755, mtime: "", linkTarget: "" })).toString(
  "base64",
);

/** The answers of an engine to the requests before and after the one with the stream. */
const answers: readonly (readonly [RegExp, unknown])[] = [
  [/^GET \/containers\/[^/]+\/json/, { Id: "c", State: { Running: false }, Config: { StdinOnce: true, OpenStdin: true } }],
  [/^GET \/exec\//, { ID: "e", Running: false, ExitCode: 0, ProcessConfig: { tty: false } }],
  [/^POST \/containers\/[^/]+\/exec/, { Id: "e" }],
  [/^POST \/containers\/create/, { Id: "c" }],
  [/^POST \/containers\/[^/]+\/wait/, { StatusCode: 0 }],
  [/^POST \/commit/, { Id: "sha256:1" }],
  [/^GET \/images\/[^/]+\/json/, { Id: "sha256:1", Config: { Cmd: ["sh"] } }],
  [/^GET \/services\//, { Spec: { TaskTemplate: { ContainerSpec: {} } } }],
  [/^GET \/tasks\//, { Spec: { ContainerSpec: {} } }],
  [/^GET \/plugins\/privileges/, []],
];

/** Output in the form in which an operation reads it. */
function outputBytes({ output, option }: StreamOption): Buffer {
  if (output === "progress") return Buffer.from('{"status":"hello"}\n');
  if (output === "frames") return frames([option === "errorStream" ? 2 : 1, "hello\n"]);
  if (output === "websocket") return Buffer.concat([Buffer.from([0x82, 6]), Buffer.from("hello\n")]);
  return Buffer.from("hello\n");
}

/** A request that an engine receives. */
export interface Received {
  /** How many requests came before it. */
  index: number;
  /** Method and path, without the version. */
  line: string;
  /** Whether it carries the stream. */
  isTransfer: boolean;
  /** Its body, or the input on its connection. */
  body: Readable;
  /** Accepts the input: an upgraded connection has it only after its response. */
  accept: () => void;
  /** Sends the head of the response with a part of the output. The response remains open. */
  start: () => void;
  /** Completes the response. */
  finish: () => void;
}

/**
 * Starts an engine and returns a client for it.
 *
 * @param tested - the option with the stream under test.
 * @param receive - called for every request; returns true if it responds itself.
 */
export async function streamingEngine(tested: StreamOption, receive: (request: Received) => boolean): Promise<Client> {
  let index = -1;
  const lineOf = ({ method = "", url = "" }: IncomingMessage) =>
    `${method} ${url.replace(/^\/v[\d.]+/, "").replace(/\?.*$/, "")}`;
  const server = createServer((request, response) => {
    const line = lineOf(request);
    index += 1;
    const isTransfer = tested.isTransfer(line);
    const start = () => {
      if (response.headersSent) return;
      response.writeHead(200, { "Content-Type": typeOf(tested), "X-Docker-Container-Path-Stat": description });
      if (isTransfer) response.write(outputBytes(tested));
    };
    const finish = () => {
      start();
      if (isTransfer) response.end();
      else response.end(JSON.stringify(answers.find(([form]) => form.test(line))?.[1] ?? {}));
    };
    if (!receive({ index, line, isTransfer, body: request, accept: () => undefined, start, finish }))
      request.on("end", finish).resume();
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    index += 1;
    socket.on("error", () => undefined);
    const line = lineOf(request);
    const isTransfer = tested.isTransfer(line);
    let isStarted = false;
    const start = () => {
      if (isStarted) return;
      isStarted = true;
      const accept = acceptOf(request);
      socket.write(`HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${accept}\r\n`);
      if (isTransfer) socket.write(outputBytes(tested));
    };
    const finish = () => {
      start();
      if (tested.output === "websocket") socket.end(Buffer.from([0x88, 2, 3, 232]));
      else socket.end();
    };
    if (!receive({ index, line, isTransfer, body: socket, accept: start, start, finish })) {
      finish();
      socket.resume();
    }
  });
  const { endpoint } = await listen(server);
  const client = new Client({ endpoint, apiVersion: "1.51", auth: false });
  onTestFinished(() => client.close());
  return client;
}

const typeOf = ({ output }: StreamOption): string =>
  output === "frames" ? "application/vnd.docker.multiplexed-stream" : "application/json";

function acceptOf(request: IncomingMessage): string {
  const key = request.headers["sec-websocket-key"];
  if (key === undefined) return "";
  const hash = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `Sec-WebSocket-Accept: ${hash}\r\n`;
}

/** Makes a call and waits until it is over, with the connection that it may return. */
export async function outcomeOf(client: Client, method: string, options: object): Promise<unknown> {
  const methods = client as unknown as Record<string, (options: object) => unknown>; // every name is a method
  try {
    const result = await methods[method]?.call(client, options);
    if (result instanceof AttachedStream) await result.wait();
    return undefined;
  } catch (error) {
    return error;
  }
}
