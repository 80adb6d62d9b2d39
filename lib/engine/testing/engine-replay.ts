import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { parseListenAddress } from "../../service/listen-address.js";
import { EngineError } from "../engine-error.js";
import { Exchange } from "../server/exchange.js";
import { type Call, HttpServer } from "../server/http-server.js";
import { Router } from "../server/router.js";
import { bytesOfStep, publicTarget, readRecording, type RecordedStep } from "./recording.js";

/** Options of {@link EngineReplay.start}. */
export interface EngineReplayOptions {
  /** The file that an {@link EngineRecorder} has written. */
  file: string;
  /** Where it listens, as an engine does. By default a socket in a new temporary folder. */
  listen?: string;
}

/** A request of a recording, or one that a recording does not have. */
export interface ReplayRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path with the API version and the query, whose values are sorted by name. */
  readonly target: string;
}

/** The recorded headers that the server sets itself. */
const OWN_HEADERS = new Set(["content-length", "date"]);

/** An exchange of a recording. */
interface RecordedExchange extends ReplayRequest {
  readonly number: number;
  /** Position of the request among all steps. */
  readonly at: number;
  /** What follows the request, with the position of each step. */
  readonly steps: { readonly at: number; readonly step: RecordedStep }[];
  isAsked: boolean;
}

/**
 * Responds as an engine did in a recording, streams and hijacked connections included, without delays.
 *
 * A request gets the response to the first recorded one with the same method, path and query that has not been used yet, or else with
 * the same method and path; a request that the recording does not have gets status 501. Each part of a response waits for what
 * preceded it in the recording: for the requests of other methods than `GET` and `HEAD`, and for the input on its own connection. So
 * an event does not arrive before the request that caused it.
 *
 * @category Embedded engine
 */
export class EngineReplay {
  /** Where it listens: the endpoint of clients. */
  readonly endpoint: string;
  readonly #server: HttpServer;
  readonly #player: Player;
  readonly #folder: string;

  private constructor(endpoint: string, server: HttpServer, player: Player, folder: string) {
    this.endpoint = endpoint;
    this.#server = server;
    this.#player = player;
    this.#folder = folder;
  }

  /** Starts to respond. @throws an error if the file cannot be read or is no recording, or if the endpoint is invalid or in use. */
  static async start({ file, listen }: EngineReplayOptions): Promise<EngineReplay> {
    const player = new Player(await readRecording(file));
    const folder = await mkdtemp(join(tmpdir(), "ts-dockerclient-replay-"));
    const onCall = (call: Call): Promise<void> => player.respond(call);
    const server = new HttpServer(new Router([]), { min: "1.24", max: "1.24" }, {}, { onCall });
    try {
      const address = parseListenAddress(listen ?? `unix://${join(folder, "docker.sock")}`, undefined);
      return new EngineReplay(await server.listen(address), server, player, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The recorded requests that have not come yet. */
  get unused(): ReplayRequest[] {
    return this.#player.exchanges.filter(({ isAsked }) => !isAsked).map(({ method, target }) => ({ method, target }));
  }

  /** The requests that the recording does not have. */
  get unexpected(): ReplayRequest[] {
    return [...this.#player.unexpected];
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** How much input a connection has got. */
interface Input {
  bytes: number;
  isEnded: boolean;
}

class Player {
  readonly exchanges: RecordedExchange[] = [];
  readonly unexpected: ReplayRequest[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(steps: readonly RecordedStep[]) {
    const byNumber = new Map<number, RecordedExchange>();
    for (const [at, step] of steps.entries()) {
      const { exchange: number, request } = step;
      if (request) {
        const exchange = { number, at, method: request.method, target: request.target, steps: [], isAsked: false };
        byNumber.set(number, exchange);
        this.exchanges.push(exchange);
      } else byNumber.get(number)?.steps.push({ at, step });
    }
  }

  #find(method: string, target: string): RecordedExchange | undefined {
    const path = target.split("?", 1)[0];
    const candidates = this.exchanges.filter((exchange) => !exchange.isAsked && exchange.method === method);
    return (
      candidates.find((exchange) => exchange.target === target) ??
      candidates.find((exchange) => exchange.target.split("?", 1)[0] === path)
    );
  }

  async respond(call: Call): Promise<void> {
    const { request, response } = call;
    const { method = "GET", url = "/" } = request;
    const target = publicTarget(url);
    const exchange = this.#find(method, target);
    if (!exchange) {
      this.unexpected.push({ method, target });
      throw new EngineError(501, `the recording has no further response to ${method} ${target}`);
    }
    exchange.isAsked = true;
    this.#changed();
    const gone = new AbortController();
    response.once("close", () => {
      gone.abort();
      this.#changed();
    });
    const input: Input = { bytes: 0, isEnded: false };
    const isUpgrade = exchange.steps.some(({ step }) => step.response?.status === 101);
    if (isUpgrade) await this.#playConnection(call, exchange, input, gone.signal);
    else await this.#playResponse(call, exchange, gone.signal);
  }

  async #playResponse({ request, response }: Call, { at: from, steps }: RecordedExchange, gone: AbortSignal): Promise<void> {
    request.resume();
    for (const { at, step } of steps) {
      await this.#until(() => gone.aborted || this.#hasCome(from, at));
      if (gone.aborted) return;
      if (step.response) {
        const headers = Object.entries(step.response.headers).filter(([name]) => !OWN_HEADERS.has(name));
        response.writeHead(step.response.status, Object.fromEntries(headers));
        response.flushHeaders();
      } else if (step.output !== undefined) response.write(bytesOfStep(step));
      else if (step.end === "output") response.end();
      else if (step.end === "connection") request.socket.destroySoon();
    }
  }

  async #playConnection(call: Call, exchange: RecordedExchange, input: Input, gone: AbortSignal): Promise<void> {
    const { request, response, upgrade } = call;
    const recorded = exchange.steps.find(({ step }) => step.response)?.step.response;
    for (const [name, value] of Object.entries(recorded?.headers ?? {}))
      if (!OWN_HEADERS.has(name) && name !== "content-type") response.setHeader(name, value);
    const opened = new Exchange(request, response, { version: "", params: {}, query: new URLSearchParams(), upgrade });
    await opened.body(); // the input follows it
    let connection: Duplex | undefined;
    let expected = 0;
    for (const { at, step } of exchange.steps) {
      if (!connection && !step.response) continue; // the body
      await this.#until(() => {
        return gone.aborted || (this.#hasCome(exchange.at, at) && (step.input !== undefined || input.bytes >= expected));
      });
      if (gone.aborted) return;
      if (step.response) {
        connection = opened.hijack(step.response.headers["content-type"] ?? "application/vnd.docker.raw-stream");
        this.#follow(connection, input);
      } else if (step.input !== undefined) expected += bytesOfStep(step).length;
      else if (step.output !== undefined) connection?.write(bytesOfStep(step));
      else if (step.end === "input") await this.#until(() => gone.aborted || input.isEnded);
      else connection?.end();
    }
  }

  #follow(connection: Duplex, input: Input): void {
    connection.on("error", () => connection.destroy()); // the client is gone
    connection.on("data", (part: Buffer) => {
      input.bytes += part.length;
      this.#changed();
    });
    connection.once("end", () => {
      input.isEnded = true;
      this.#changed();
    });
  }

  /** Whether the requests that change something and preceded a step, after the request of its exchange, have come. */
  #hasCome(from: number, at: number): boolean {
    return this.exchanges.every(
      (other) => other.isAsked || other.at < from || other.at > at || other.method === "GET" || other.method === "HEAD",
    );
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #changed(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
