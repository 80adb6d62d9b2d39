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

/** Settings that would send a request somewhere else, or bypass the client's connections. */
const foreignSettings = ["baseURL", "auth", "proxy", "httpAgent", "httpsAgent", "socketPath"] as const;

type Config = InternalAxiosRequestConfig & { passage?: unknown };

/** A call that goes through axios. Interceptors see this object, but not the body and the credentials that it holds. */
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

  /** Returns the response, unless the exchange has failed while interceptors ran. */
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

  /** Sends the request in the form that the interceptors returned. This is the last step of axios's request chain. */
  async carry(config: Config, { Axios, AxiosError }: typeof AxiosModule): Promise<AxiosResponse<undefined>> {
    const { operation, endpoint } = this.#exchange;
    const refuse = (reason: string) => new InterceptorError(`${operation} ${reason}`, { operation, endpoint });
    if (this.#response) throw refuse("already has a response and cannot be sent again");
    // in axios, null means that a setting is not set
    const setting = foreignSettings.find((name) => (config[name] ?? false) !== false);
    if (setting)
      throw refuse(`cannot be sent with the axios instance's ${setting}: set the client's endpoint and headers instead`);
    if ((config.data ?? undefined) !== undefined)
      throw refuse("cannot be sent with the axios instance's default data: pass the data to the method");

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

  /** Applies the timeout and the signal of the axios instance to the exchange, until the response has begun. */
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
 * Sends requests through an axios instance, for clients with an accessed `axios` property. axios applies its prototypes,
 * defaults, interceptors and transforms as usual. The instance's adapter then hands each request back to the client, which sends
 * it.
 */
export class AxiosBridge implements Sender {
  /** The instance. */
  readonly axios: Axios;
  readonly #http: Sender;

  /** @param http - sends the requests after axios has processed them. */
  constructor(http: Sender) {
    const module = loadAxios();
    const none = () => new module.AxiosHeaders();
    this.#http = http;
    this.axios = new module.Axios({
      adapter: (config: Config) => {
        if (config.passage instanceof Passage) return config.passage.carry(config, module);
        throw new InterceptorError("this axios instance sends only the requests of its client: call the client's methods");
      },
      headers: { common: none(), get: none(), head: none(), post: none(), put: none(), patch: none(), delete: none() },
      responseType: "stream",
      transformRequest: [],
      transformResponse: [],
      validateStatus: null,
    });
  }

  async send(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    // axios would silently remove invalid characters
    checkHeaders(head.headers, exchange);
    const passage = new Passage(this.#http, exchange, head, payload);
    try {
      await new Promise<unknown>((resolve, reject) => {
        // a slow interceptor may run before the adapter sets its own canceller
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

/** Returns errors that interceptors threw unchanged. An axios error holds the whole request, so only its message is kept. */
function foreignError(error: unknown, exchange: Exchange): unknown {
  const { operation, endpoint } = exchange;
  const { message, isAxiosError, response } = error as { message?: unknown; isAxiosError?: unknown; response?: unknown }; // or not
  if (isAxiosError !== true) return error;
  const details = { operation, endpoint };
  if (response)
    return new InterceptorError(`the axios instance rejected the response to ${operation}: ${String(message)}`, details);
  return new ConnectionError(`${operation} failed: ${String(message)}`, details);
}
