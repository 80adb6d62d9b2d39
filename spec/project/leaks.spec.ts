import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import type { CallOptions } from "../../lib/core/call-options.js";
import { describeOperations } from "../../lib/index.js";
import { plainCall } from "../support/gates.js";
import { Caller, none } from "../support/leaks.js";
import { conveniences } from "../support/operation-names.js";
import { httpServer } from "../support/servers.js";
import { settle } from "../support/streams.js";
import { frame, successOf } from "../support/successes.js";

/** The outcome of the last request of a call. */
const outcomes = [
  "success",
  "an error status",
  "null as the answer",
  "an abort before the response",
  "an abort amid the response",
  "a reset before the response",
  "a reset amid the response",
  "a timeout",
] as const;
type Outcome = (typeof outcomes)[number];

type Options = Readonly<Record<string, unknown>>;

/** Options of the conveniences. The omitted ones share the requests of another method or send none. */
const composites: Readonly<Record<string, Options>> = {
  containerDiff: { id: "x" },
  containerTop: { id: "x" },
  copyToContainer: { container: "x", path: "/x", content: "x" },
  execute: { container: "x", cmd: ["true"] },
  filteredListNetworks: {},
  imagesViz: {},
  insertImageFile: { name: "x", path: "/x", content: "x" },
  networkInfo: { id: "x" },
  output: { image: "x", command: ["true"] },
  request: { method: "GET", path: "/x" },
  runContainer: { image: "x" },
  waitForHealthy: { id: "x" },
  waitForLog: { id: "x", pattern: "text" },
  waitForService: { id: "x", stableFor: 0, interval: 1, timeout: 60_000 },
};

/** Methods that do not follow the table, with the reason. */
const explained: Readonly<Record<string, string>> = {
  addEventListener: "keeps a stream that outlives its connection: see the specs of events",
  attachToContainerNonBlocking: "shares the request of attachToContainer",
  buildSession: "serves the connection that session opens until it is closed: see its own specs",
  eventChannel: "see addEventListener",
  imageAttestations: "needs a newer API; inspects as the others do",
  removeEventListener: "sends no request",
  startExecNonBlocking: "shares the request of startExec",
  streamEvents: "see addEventListener",
};

interface Case {
  method: string;
  options: () => Options;
  streams: readonly string[];
}

const operations: Case[] = describeOperations().map((operation) => ({
  method: operation.name,
  options: plainCall(operation).options,
  streams: operation.options.map(({ option }) => option).filter((option) => option.endsWith("Stream")),
}));
const combined: Case[] = Object.entries(composites).map(([method, options]) => ({
  method,
  options: () => options,
  streams: ["execute", "runContainer"].includes(method) ? ["input", "outputStream", "errorStream"] : [],
}));
const cases = [...operations, ...combined].filter(({ method }) => !(method in explained));

const hasMethod = <N extends string>(value: object, name: N): value is Record<N, () => unknown> =>
  typeof (value as Record<N, unknown>)[name] === "function";

/** Reads a result to its end. A connection that is passed to the caller is destroyed. */
async function consume(result: unknown): Promise<void> {
  const value = await result;
  if (typeof value !== "object" || value === null) return;
  if ("body" in value) {
    await consume(value.body);
    return;
  }
  // its output is read in the background
  if (hasMethod(value, "wait")) await value.wait();
  else if (Symbol.asyncIterator in value) {
    const iterator = (value as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    while (!(await iterator.next()).done) continue;
  }
  if (hasMethod(value, "destroy")) value.destroy();
}

/** Returns the header that accepts a WebSocket, if one is requested. */
function handshake(key: string | undefined): string {
  if (key === undefined) return "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `Sec-WebSocket-Accept: ${accept}\r\n`;
}

/** A WebSocket message and the end of the stream. */
const closedWebSocket = Buffer.from([0x82, 1, 0x78, 0x88, 2, 0x03, 0xe8]);

const counts = new Map<string, number>();

/**
 * Makes a call with the given outcome for one of its requests, and expects that the call leaves nothing behind.
 *
 * @param at - the index of that request.
 * @returns the number of requests, and how the call ended.
 */
async function attempt(
  outcome: Outcome,
  { method, options, streams }: Case,
  at: number,
): Promise<{ sent: number; ended: string }> {
  const caller = new Caller();
  const busy = new Set<Duplex>();
  let sent = 0;
  const respond = (socket: Duplex, isUpgrade: boolean, { method: verb = "", url = "", headers: asked }: IncomingMessage) => {
    const request = `${verb} ${url.replace(/^\/v[\d.]+/, "")}`;
    const isEmpty = verb === "HEAD";
    // the response to a HEAD request ends with its head
    const ends = isEmpty && outcome.endsWith("amid the response");
    // the removal of a temporary container has a separate time limit of a minute
    const isRemoval = verb === "DELETE" && combined.some((each) => each.method === method) && !outcome.startsWith("a reset");
    const happens = sent !== at || ends || isRemoval ? "success" : outcome;
    sent += 1;
    busy.add(socket);
    socket.once("close", () => busy.delete(socket));
    const { type, headers, body: answer } = successOf(request);
    const body = happens === "null as the answer" && type === "application/json" ? "null" : answer;
    const head = isUpgrade
      ? `HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: ${asked.upgrade ?? ""}\r\n${handshake(asked["sec-websocket-key"])}\r\n`
      : `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
    const upgraded = asked["sec-websocket-key"] === undefined ? frame : closedWebSocket;
    const content = isEmpty ? "" : isUpgrade ? upgraded : body;
    const soon = (act: () => void) => void settle().then(act);
    if (happens === "success" || happens === "null as the answer") {
      socket.write(head);
      socket.write(content);
      if (isUpgrade) socket.end();
      else busy.delete(socket);
    } else if (happens === "an error status") {
      socket.write(
        `HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n${isEmpty ? "" : '{"message":"no"}'}`,
      );
      busy.delete(socket);
    } else if (happens.endsWith("amid the response")) {
      socket.write(head.replace(/Content-Length: \d+/, "Content-Length: 9999"));
      socket.write(content);
      soon(() => (happens.startsWith("an abort") ? caller.abort() : socket.destroy()));
    } else if (happens === "an abort before the response") {
      soon(() => caller.abort());
    } else if (happens === "a reset before the response") {
      soon(() => socket.destroy());
    }
  };
  const daemon = await httpServer((request) => {
    request.resume();
    request.on("error", () => undefined);
    respond(request.socket, false, request);
  });
  daemon.server.on("upgrade", (request, socket) => {
    const destroy = () => void socket.destroy();
    socket.on("error", destroy).on("end", destroy).resume();
    respond(socket, true, request);
  });
  const client = new Client({ endpoint: daemon.endpoint, apiVersion: "1.51", auth: false });
  onTestFinished(() => client.close());
  const isFinite = ["success", "an error status", "null as the answer"].includes(outcome);
  const given = Object.fromEntries(streams.map((option) => [option, caller.stream(option, isFinite)]));
  const call: CallOptions = { signal: caller.signal, ...(outcome === "a timeout" ? { timeout: 50 } : {}) };
  const methods = client as unknown as Record<string, (options: Options, call: CallOptions) => unknown>;
  const ended = await (async () => consume(methods[method]?.call(client, { ...options(), ...given }, call)))().then(
    () => "resolved",
    (error: unknown) => (error instanceof TypeError ? String(error.stack) : String(error)),
  );
  await expect
    .poll(() => caller.leaks(), { interval: 2, timeout: 5000, message: `${method}, request ${at + 1}: ${ended}` })
    .toEqual(none);
  await expect.poll(() => busy.size, { interval: 2, timeout: 5000, message: `${method}, request ${at + 1}: ${ended}` }).toBe(0);
  await client.close();
  return { sent, ended };
}

afterAll(() => console.log([...counts].map(([outcome, count]) => `${outcome}: ${count} calls, nothing left`).join("\n")));

describe("the table of leaks", () => {
  it("covers every method", () => {
    const known = [...cases.map(({ method }) => method), ...Object.keys(explained)];
    expect(known.sort()).toEqual([...describeOperations().map(({ name }) => name), ...conveniences()].sort());
  });
});

describe.each(cases)("$method", (one) => {
  it("leaves nothing behind, however any of its requests ends", async () => {
    const note = (outcome: Outcome) => counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    const { sent, ended } = await attempt("success", one, 0);
    expect(ended).toBe("resolved");
    note("success");
    for (const outcome of outcomes.slice(1)) {
      for (let at = 0; at < sent; at += 1) {
        const { ended: failure } = await attempt(outcome, one, at);
        expect(failure, `${outcome}, request ${at + 1}`).not.toMatch(/^(?:Type|Range|Reference)Error/);
        note(outcome);
      }
    }
  }, 60_000);
});
