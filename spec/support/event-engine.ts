import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import type { ClientOptions } from "../../lib/core/client-options.js";
import type { EventMessage } from "../../lib/types/event.js";

/** Number of events that Docker's engine stores. */
export const RING = 256;

/** Framing of the records of a stream. */
export type Format = "json" | "jsonl" | "json-seq";

interface Kept {
  time: bigint;
  text: string;
}

export interface EventRequest {
  since: bigint | undefined;
  until: bigint | undefined;
  filters: string | null;
  /** When it arrived, in milliseconds. */
  at: number;
}

function nanoseconds(text: string | null): bigint | undefined {
  if (text === null) return undefined;
  const [seconds = "0", fraction = ""] = text.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/**
 * An engine that serves only events: it stores the last 256, sends those between two times, both inclusive, to the
 * nanosecond, and continues with new events. It can be restarted and fail in many ways.
 */
export class EventEngine {
  /** The requests for events so far. */
  readonly requests: EventRequest[] = [];
  format: Format = "json";
  /** Error statuses for the next requests. */
  refusals: number[] = [];
  /** Whether stored events are withheld from new streams. */
  withholds = false;
  /** Whether new events are stored and delivered with a later one, as Podman does. */
  isLate = false;
  /** Whether responses have a `Date`. */
  hasDate = true;
  readonly path: string;
  #ring: Kept[] = [];
  #late: Buffer[] = [];
  #clock = 0n;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #live = new Set<ServerResponse>();

  constructor(path: string) {
    this.path = path;
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Number of streams that wait for new events. */
  get listening(): number {
    return this.#live.size;
  }

  /** Accepts connections. */
  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Refuses connections and closes the open ones. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cut();
    await closed;
  }

  /** Drops the stored events, as a restarted engine does. */
  forget(): void {
    this.#ring = [];
  }

  /** Closes all connections. */
  cut(): void {
    this.#live.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The engine's clock, in nanoseconds. It is strictly increasing. */
  now(step = 1n): bigint {
    const time = BigInt(Date.now()) * 1_000_000n;
    this.#clock = time > this.#clock ? time : this.#clock + step;
    return this.#clock;
  }

  /**
   * Publishes one event, or several at once.
   *
   * @param sent - number of bytes to send before the connections are cut. By default everything is sent, without a cut.
   */
  async publish(events: Partial<EventMessage> | Partial<EventMessage>[] = {}, sent = Infinity, step = 1n): Promise<void> {
    this.#late.push(...[events].flat().map((event) => this.#keep(event, step)));
    if (!this.isLate) await this.send(Buffer.concat(this.#late.splice(0)), sent);
  }

  /** Sends bytes to every open stream. */
  async send(bytes: Buffer, sent = Infinity): Promise<void> {
    const live = [...this.#live];
    if (sent < bytes.length) this.#live.clear();
    await Promise.all(live.map((response) => this.#send(response, bytes, sent)));
  }

  #keep(event: Partial<EventMessage>, step: bigint): Buffer {
    const time = this.now(step);
    const known = { Type: "container", Action: "start", Actor: { ID: "c", Attributes: {} }, ...event };
    const text = `${JSON.stringify({ ...known, time: Number(time / 1_000_000_000n) }).slice(0, -1)},"timeNano":${time}}`;
    this.#ring = [...this.#ring, { time, text }].slice(-RING);
    return this.#record(text);
  }

  #record(text: string): Buffer {
    return Buffer.from(`${this.format === "json-seq" ? "\u001e" : ""}${text}\n`);
  }

  #send(response: ServerResponse, record: Buffer, sent: number): Promise<void> {
    return new Promise((resolve) => {
      response.once("close", resolve);
      const isWhole = sent >= record.length;
      response.write(isWhole ? record : record.subarray(0, Math.max(1, sent)), () => {
        if (!isWhole) response.socket?.destroy();
        response.off("close", resolve);
        resolve();
      });
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? "", "http://engine");
    const [since, until] = [nanoseconds(searchParams.get("since")), nanoseconds(searchParams.get("until"))];
    this.requests.push({ since, until, filters: searchParams.get("filters"), at: performance.now() });
    const refusal = this.refusals.shift();
    response.sendDate = false;
    const date = this.hasDate ? { Date: new Date(Number(this.now() / 1_000_000n)).toUTCString() } : {};
    if (refusal !== undefined) {
      response.writeHead(refusal, { ...date, "Content-Type": "application/json" }).end('{"message":"not now"}');
      return;
    }
    response.writeHead(200, {
      ...date,
      "Content-Type": this.format === "json" ? "application/json" : `application/${this.format}`,
    });
    response.flushHeaders();
    const [from, to] = [since ?? (until === undefined ? 1n << 80n : 0n), until ?? 1n << 80n];
    const stored = this.withholds ? [] : this.#ring;
    for (const { time, text } of stored) if (time >= from && time <= to) response.write(this.#record(text));
    if (until !== undefined && until <= this.now()) {
      response.end();
      return;
    }
    this.#live.add(response);
    const left = until === undefined ? 1 << 30 : Number((until - this.now()) / 1_000_000n);
    const timer = setTimeout(() => response.end(), left);
    response.on("close", () => {
      clearTimeout(timer);
      this.#live.delete(response);
    });
  }
}

/** Starts an event engine and a client for it. */
export async function eventEngine(options: ClientOptions = {}): Promise<{ engine: EventEngine; client: Client }> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-events-"));
  const engine = new EventEngine(join(folder, "docker.sock"));
  await engine.start();
  const client = new Client({ endpoint: `unix://${engine.path}`, apiVersion: "1.51", auth: false, ...options });
  onTestFinished(async () => {
    await client.close();
    await engine.stop();
    await rm(folder, { recursive: true });
  });
  return { engine, client };
}

/** A listener that records the ID of each event's actor, or `gap`. */
export function collector(): { listener: (event: EventMessage) => void; ids: string[]; events: EventMessage[] } {
  const ids: string[] = [];
  const events: EventMessage[] = [];
  const listener = (event: EventMessage) => {
    ids.push(event.Type === "gap" ? "gap" : event.Actor.ID);
    events.push(event);
  };
  return { listener, ids, events };
}

/** A container event. */
export const of = (id: string, more: Partial<EventMessage> = {}): Partial<EventMessage> => ({
  Actor: { ID: id, Attributes: {} },
  ...more,
});

/** A complete event of a container, at a time in nanoseconds. */
export const eventAt = (timeNano: number, id = "web"): EventMessage => ({
  Type: "container",
  Action: "start",
  Actor: { ID: id, Attributes: {} },
  scope: "local",
  time: Math.floor(timeNano / 1e9),
  timeNano,
});
