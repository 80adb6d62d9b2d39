// This build of axios leaves out its own adapter for Node.js, which is not used here and takes most of the time that axios needs to load.
import browserAxios from "axios/dist/browser/axios.cjs";
import type { Axios, AxiosAdapter, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { ConnectionError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { RawResponse } from "./answer-body.js";
import type { Exchange, Payload } from "./exchange.js";
import { ignoreErrors } from "./quiet.js";
import { checkHeaders, type RequestHead } from "./request-writer.js";
import type { Transport } from "./transport.js";

/** One request on its way through axios: what its adapter needs beside the parts that interceptors see and may change. */
class Passage {
  readonly exchange: Exchange;
  readonly alone: boolean;

  constructor(exchange: Exchange, alone: boolean) {
    this.exchange = exchange;
    this.alone = alone;
  }
}

/** What a request carries, and the answer that it brings back. */
interface Cargo {
  readonly payload: Payload;
  answer?: RawResponse;
}

/** Bodies and credentials, out of the reach of interceptors: they hold the key, but not the map. */
const cargos = new WeakMap<Passage, Cargo>();

type Config = InternalAxiosRequestConfig & { passage?: Passage };

/** What interceptors are kept in. */
interface Each {
  forEach(told: () => void): void;
}

/** What axios is told of a request whose making it has no part in. */
const bare: AxiosRequestConfig = { validateStatus: null, transformRequest: [], transformResponse: [], responseType: "stream" };

/**
 * Sends requests through an axios instance of its own, on which users may put interceptors.
 *
 * The instance is bare: no transformations, no default headers, and one adapter that hands requests to the transport.
 * While nobody has put anything on it, it would do nothing but copy each request, and so is left out.
 */
export class HttpClient {
  /** The instance. */
  readonly axios: Axios;
  readonly #transport: () => Promise<Transport>;
  readonly #adapter: AxiosAdapter;
  readonly #defaults: number;

  /** @param transport - gives the transport, which is made when the first request wants it. */
  constructor(transport: () => Promise<Transport>) {
    this.#transport = transport;
    this.#adapter = (config: Config) => this.#carry(config);
    this.axios = new browserAxios.Axios({ ...bare, adapter: this.#adapter });
    this.#defaults = Object.keys(this.axios.defaults).length;
  }

  /**
   * Sends one request.
   *
   * @throws a {@link DockerError}, whatever went wrong: an error of axios never gets further than this.
   */
  async transmit(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    if (this.#isBare()) return received(await (await this.#transport()).transmit(exchange, head, payload), exchange);
    const passage = new Passage(exchange, head.alone);
    const cargo: Cargo = { payload };
    cargos.set(passage, cargo);
    try {
      checkHeaders(head.headers, exchange);
      await new Promise<unknown>((resolve, reject) => {
        // until the adapter has its turn there is nothing but interceptors, which may take their time
        exchange.onFailure(reject);
        const headers = head.headers as Record<string, string | string[]>; // axios copies lists
        const config = { method: head.method, url: head.path, headers, passage };
        this.axios.request(config).then(resolve, reject);
      });
      return received(cargo.answer, exchange);
    } catch (error) {
      if (cargo.answer) discard(cargo.answer);
      if (exchange.failure) throw exchange.failure;
      if (error instanceof DockerError) throw error;
      throw foreignError(error, exchange);
    }
  }

  /** Whether the instance is as it was made. */
  #isBare(): boolean {
    const { interceptors, defaults } = this.axios;
    let count = 0;
    const tally = () => (count += 1);
    // forEach is what axios itself finds the interceptors with; its types leave it out
    (interceptors.request as unknown as Each).forEach(tally);
    (interceptors.response as unknown as Each).forEach(tally); // the same
    if (count > 0 || Object.hasOwn(this.axios, "request")) return false;
    return defaults.adapter === this.#adapter && Object.keys(defaults).length === this.#defaults;
  }

  /** The adapter: sends what has come through the interceptors. */
  async #carry(config: Config): Promise<AxiosResponse<undefined>> {
    const { passage } = config;
    const cargo = passage && cargos.get(passage);
    if (!passage || !cargo) {
      throw new InvalidOptionError("axios", "this axios instance only carries requests of its client: call the client's methods");
    }
    const { operation, endpoint } = passage.exchange;
    if (cargo.answer) {
      throw new InvalidOptionError("axios", `${operation} has been answered: it cannot be sent again`, { operation, endpoint });
    }
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(config.headers)) {
      if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
      else if (Array.isArray(value)) headers[name] = value.map(String);
    }
    const head = { method: (config.method ?? "get").toUpperCase(), path: config.url ?? "/", headers, alone: passage.alone };
    const answer = await (await this.#transport()).transmit(passage.exchange, head, cargo.payload);
    cargo.answer = answer;
    const { status } = answer;
    // the body and the connection are not for interceptors
    return { data: undefined, status, statusText: "", headers: { ...answer.headers }, config, request: undefined };
  }
}

/** Lets go of an answer that nobody gets. */
function discard({ body, socket }: RawResponse): void {
  body.destroy();
  socket?.destroy();
}

/** Gives the answer, unless interceptors have kept it so long that it is one no more. */
function received(answer: RawResponse | undefined, exchange: Exchange): RawResponse {
  if (exchange.failure) throw exchange.failure;
  if (!answer) {
    const { operation, endpoint } = exchange;
    throw new InvalidOptionError("axios", `an interceptor answers ${operation} in the engine's place`, { operation, endpoint });
  }
  const carrier = answer.socket ?? answer.body;
  if (carrier.errored) throw exchange.errorOf(carrier.errored);
  carrier.off("error", ignoreErrors);
  return answer;
}

/** What an interceptor threw. */
function foreignError(error: unknown, exchange: Exchange): unknown {
  const { operation, endpoint } = exchange;
  const { message, isAxiosError } = error as { message?: unknown; isAxiosError?: unknown }; // any thrown value has these or not
  // an error of axios holds the whole request: its message is all that leaves
  if (isAxiosError === true) return new ConnectionError(`${operation} failed: ${String(message)}`, { operation, endpoint });
  return error;
}
