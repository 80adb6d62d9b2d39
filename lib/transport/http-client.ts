// This build of axios leaves out its own adapter for Node.js, which is not used here and takes most of the time that axios needs to load.
import browserAxios from "axios/dist/browser/axios.cjs";
import type { Axios, AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { ConnectionError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { type Exchange, type Payload, type RawResponse, unheard } from "./exchange.js";
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

/**
 * Makes the axios instance that every request goes through.
 *
 * It is bare: no transformations, no default headers, and one adapter that hands requests to the transport.
 *
 * @param transport - gives the transport, which is made when the first request wants it.
 */
export function createHttpClient(transport: () => Promise<Transport>): Axios {
  const adapter: AxiosAdapter = async (config: Config): Promise<AxiosResponse<undefined>> => {
    const { passage } = config;
    const cargo = passage && cargos.get(passage);
    if (!passage || !cargo) {
      throw new InvalidOptionError("axios", "this axios instance only carries requests of its client: call the client's methods");
    }
    const { operation, endpoint } = passage.exchange;
    if (cargo.answer) {
      throw new InvalidOptionError("axios", `${operation} has been answered: it cannot be sent again`, { operation, endpoint });
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(config.headers)) {
      if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
      else if (Array.isArray(value)) headers[name] = value.join(", ");
    }
    const head = { method: (config.method ?? "get").toUpperCase(), path: config.url ?? "/", headers, alone: passage.alone };
    const answer = await (await transport()).transmit(passage.exchange, head, cargo.payload);
    cargo.answer = answer;
    const { status } = answer;
    // the body and the connection are not for interceptors
    return { data: undefined, status, statusText: "", headers: { ...answer.headers }, config, request: undefined };
  };
  return new browserAxios.Axios({
    adapter,
    validateStatus: null,
    transformRequest: [],
    transformResponse: [],
    responseType: "stream",
  });
}

/** Lets go of an answer that nobody gets. */
function discard({ body, socket }: RawResponse): void {
  body.destroy();
  socket?.destroy();
}

/**
 * Sends one request through axios.
 *
 * @throws a {@link DockerError}, whatever went wrong: an error of axios never gets further than this.
 */
export async function transmit(client: Axios, exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
  const passage = new Passage(exchange, head.alone);
  const cargo: Cargo = { payload };
  cargos.set(passage, cargo);
  try {
    checkHeaders(head.headers, exchange);
    await new Promise<unknown>((resolve, reject) => {
      // until the adapter has its turn there is nothing but interceptors, which may take their time
      exchange.onFailure(reject);
      client.request({ method: head.method, url: head.path, headers: head.headers, passage } as Config).then(resolve, reject);
    });
    return received(cargo.answer, exchange);
  } catch (error) {
    if (cargo.answer) discard(cargo.answer);
    if (exchange.failure) throw exchange.failure;
    if (error instanceof DockerError) throw error;
    throw foreignError(error, exchange);
  }
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
  carrier.off("error", unheard);
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
