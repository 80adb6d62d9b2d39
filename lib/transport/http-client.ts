import type { Exchange, Payload } from "./exchange.js";
import type { RequestHead } from "./request-writer.js";
import type { RawResponse } from "./response-body.js";
import type { Transport } from "./transport.js";

/** Sends requests. */
export interface Sender {
  /**
   * Sends one request and waits for the head of its response.
   *
   * @throws {@link DockerError} for invalid headers, before anything is sent, or when the connection fails.
   */
  send(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse>;
}

/** Sends all requests of a client. If the client's `axios` has been accessed, they pass through an {@link AxiosBridge} first. */
export class HttpClient implements Sender {
  readonly #transport: () => Promise<Transport>;

  /** @param transport - returns the transport, which the first request creates. */
  constructor(transport: () => Promise<Transport>) {
    this.#transport = transport;
  }

  async send(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    const transport = await this.#transport();
    return received(await transport.transmit(exchange, head, payload), exchange);
  }
}

/**
 * Returns a response if neither its exchange nor its connection has failed.
 *
 * @throws {@link DockerError} when the exchange or the connection has failed in the meantime.
 */
export function received(response: RawResponse, exchange: Exchange): RawResponse {
  if (exchange.failure) throw exchange.failure;
  const carrier = response.socket ?? response.body;
  if (carrier.errored) throw exchange.errorOf(carrier.errored);
  return response;
}
