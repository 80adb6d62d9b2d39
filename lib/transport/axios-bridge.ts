import type * as AxiosModule from "axios";
import type { Axios, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { AbortError, ConnectionError, TimeoutError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { InterceptorError } from "../errors/usage-errors.js";
import { clearTimeout, setTimeout } from "../wire/clock.js";
import { ignoreErrors } from "../wire/quiet.js";
import type { Exchange, Payload } from "./exchange.js";
import { received, type Sender } from "./http-client.js";
import { loadAxios } from "./load-axios.js";
import { checkHeaders, type RequestHead } from "./request-writer.js";
import type { RawResponse } from "./response-body.js";

/** Settings that would send a request to another place, or not over the client's connections. */
const foreignSettings = ["baseURL", "auth", "proxy", "httpAgent", "httpsAgent", "socketPath"] as const;

type Config = InternalAxiosRequestConfig & { passage?: unknown };

/** A call that goes through axios. Interceptors see this object, but not the body and the credentials in it. */
class Passage {
  readonly #http: Sender;
  readonly #exchange: Exchange;
  readonly #route: Pick<RequestHead, "ownConnection" | "slow">;
  readonly #payload: Payload;
  #response: RawResponse | undefined;

  constructor(http: Sender, exchange: Exchange, head: RequestHead, payload: Payload) {
    this.#http = http;
    this.#exchange = exchange;
    const { ownConnection, slow } = head;
    this.#route = { ownConnection, slow: slow ?? false };
    this.#payload = payload;
  }

  /** Returns the response, which interceptors may have delayed. */
  take(): RawResponse {
    if (this.#exchange.failure) throw this.#exchange.failure;
    if (this.#response) return received(this.#response, this.#exchange);
    const { operation, endpoint } = this.#exchange;
    throw new InterceptorError(`the axios instance returned a response without sending the request for ${operation}`, {
      operation,
      endpoint,
    });
  }

  /** Releases an unread response. */
  discard(): void {
    this.#response?.body.destroy();
    this.#response?.socket?.destroy();
  }

  /** The end of the request chain: sends the request as the interceptors have left it. */
  async carry(config: Config, { Axios, AxiosError }: typeof AxiosModule): Promise<AxiosResponse<undefined>> {
    const { operation, endpoint } = this.#exchange;
    const refuse = (reason: string) => new InterceptorError(`${operation} ${reason}`, { operation, endpoint });
    if (this.#response) throw refuse("already has a response and cannot be sent again");
    // axios itself unsets a setting with null
    const setting = foreignSettings.find((name) => (config[name] ?? false) !== false);
    if (setting)
      throw refuse(`cannot be sent with ${setting} of the axios instance: set the client's endpoint and headers instead`);
    if ((config.data ?? undefined) !== undefined)
      throw refuse("cannot be sent with the default data of the axios instance: pass the data to the method");

    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(config.headers)) {
      if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
      else if (Array.isArray(value)) headers[name] = value.map(String);
    }
    const { url = "/", params, paramsSerializer } = config as Omit<Config, "params"> & { params?: object };
    const path = params ? new Axios({}).getUri({ url, params, ...(paramsSerializer && { paramsSerializer }) }) : url;
    const head = { method: (config.method ?? "get").toUpperCase(), path, headers, ...this.#route };

    const unwatch = this.#watch(config);
    try {
      this.#response = await this.#http.send(this.#exchange, head, this.#payload);
    } finally {
      unwatch();
    }
    (this.#response.socket ?? this.#response.body).on("error", ignoreErrors);
    const { status } = this.#response;
    const response = {
      data: undefined,
      status,
      statusText: "",
      headers: { ...this.#response.headers },
      config,
      request: undefined,
    };
    if (config.validateStatus && !config.validateStatus(status)) {
      const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
      throw new AxiosError(`Request failed with status code ${status}`, code, config, undefined, response);
    }
    return response;
  }

  /** Ends the exchange at the timeout or signal that the axios instance sets, until the response has begun. */
  #watch({ timeout = 0, signal }: Config): () => void {
    const exchange = this.#exchange;
    const { operation, endpoint } = exchange;
    const timer =
      timeout > 0 ? setTimeout(() => exchange.fail(new TimeoutError("headers", timeout, exchange)), timeout) : undefined;
    const abort = () => exchange.fail(new AbortError(`${operation} was aborted by the axios instance`, { operation, endpoint }));
    signal?.addEventListener?.("abort", abort);
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener?.("abort", abort);
    };
  }
}

/**
 * Sends requests through an axios instance, for clients whose `axios` was accessed. The adapter of the instance leads back to
 * the client's own path; in between, axios applies prototypes, defaults, interceptors and transforms as usual.
 */
export class AxiosBridge implements Sender {
  /** The instance. */
  readonly axios: Axios;
  readonly #http: Sender;

  /** @param http - sends the requests that come through axios. */
  constructor(http: Sender) {
    const module = loadAxios();
    const none = () => new module.AxiosHeaders();
    this.#http = http;
    this.axios = new module.Axios({
      adapter: (config: Config) => {
        if (config.passage instanceof Passage) return config.passage.carry(config, module);
        throw new InterceptorError("this axios instance only carries requests of its client: call the client's methods");
      },
      headers: { common: none(), get: none(), head: none(), post: none(), put: none(), patch: none(), delete: none() },
      responseType: "stream",
      transformRequest: [],
      transformResponse: [],
      validateStatus: null,
    });
  }

  async send(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    // axios would drop invalid characters and send the rest
    checkHeaders(head.headers, exchange);
    const passage = new Passage(this.#http, exchange, head, payload);
    try {
      await new Promise<unknown>((resolve, reject) => {
        // until the adapter is called, only interceptors run, and they may be slow
        exchange.setCanceller(reject);
        const headers = head.headers as Record<string, string | string[]>; // axios copies lists
        const config = { method: head.method, url: head.path, headers, passage };
        this.axios.request(config).then(resolve, reject);
      });
      return passage.take();
    } catch (error) {
      passage.discard();
      if (exchange.failure) throw exchange.failure;
      throw error instanceof DockerError ? error : foreignError(error, exchange);
    }
  }
}

/** Passes errors of the user unchanged. An axios error holds the whole request, so only its message is kept. */
function foreignError(error: unknown, exchange: Exchange): unknown {
  const { operation, endpoint } = exchange;
  const { message, isAxiosError, response } = error as { message?: unknown; isAxiosError?: unknown; response?: unknown }; // or not
  if (isAxiosError !== true) return error;
  const details = { operation, endpoint };
  if (response)
    return new InterceptorError(`the axios instance rejected the response to ${operation}: ${String(message)}`, details);
  return new ConnectionError(`${operation} failed: ${String(message)}`, details);
}
