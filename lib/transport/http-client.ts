// This build of axios leaves out its own adapter for Node.js, which is not used here and takes most of the time that axios needs to load.
import browserAxios from "axios/dist/browser/axios.cjs";
import type { Axios, AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { ConnectionError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { Exchange, Payload, RawResponse } from "./exchange.js";
import type { RequestHead } from "./request-writer.js";
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

/** Bodies and credentials, out of the reach of interceptors: they hold the key, but not the map. */
const payloads = new WeakMap<Passage, Payload>();

type Config = InternalAxiosRequestConfig & { passage?: Passage };

/**
 * Makes the axios instance that every request goes through.
 *
 * It is bare: no transformations, no default headers, and one adapter that hands requests to the transport.
 *
 * @param transport - gives the transport, which is made when the first request wants it.
 */
export function createHttpClient(transport: () => Promise<Transport>): Axios {
  const adapter: AxiosAdapter = async (config: Config): Promise<AxiosResponse<RawResponse>> => {
    const { passage } = config;
    const payload = passage && payloads.get(passage);
    if (!passage || !payload) {
      throw new InvalidOptionError("axios", "this axios instance only carries requests of its client: call the client's methods");
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(config.headers)) {
      if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
    }
    const head = { method: (config.method ?? "get").toUpperCase(), path: config.url ?? "/", headers, alone: passage.alone };
    const data = await (await transport()).transmit(passage.exchange, head, payload);
    return {
      data,
      status: data.status,
      statusText: "",
      headers: data.headers as Record<string, string>,
      config,
      request: undefined,
    }; // set-cookie, the one list, is not sent by engines
  };
  return new browserAxios.Axios({
    adapter,
    validateStatus: null,
    transformRequest: [],
    transformResponse: [],
    responseType: "stream",
  });
}

/**
 * Sends one request through axios.
 *
 * @throws a {@link DockerError}, whatever went wrong: an error of axios never gets further than this.
 */
export async function transmit(client: Axios, exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
  const passage = new Passage(exchange, head.alone);
  payloads.set(passage, payload);
  try {
    const config = { method: head.method, url: head.path, headers: head.headers, passage };
    return (await client.request<RawResponse, AxiosResponse<RawResponse>>(config)).data;
  } catch (error) {
    if (exchange.failure) throw exchange.failure;
    if (error instanceof DockerError) throw error;
    throw foreignError(error, exchange);
  }
}

/** What an interceptor threw. */
function foreignError(error: unknown, exchange: Exchange): unknown {
  const { operation, endpoint } = exchange;
  const { message, isAxiosError } = error as { message?: unknown; isAxiosError?: unknown }; // any thrown value has these or not
  // an error of axios holds the whole request: its message is all that leaves
  if (isAxiosError === true) return new ConnectionError(`${operation} failed: ${String(message)}`, { operation, endpoint });
  return error;
}
