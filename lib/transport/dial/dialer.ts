import type { Duplex } from "node:stream";
import type { Exchange } from "../exchange.js";

/** Opens connections to one endpoint. */
export interface Dialer {
  /** Whether the client can end its input while it still receives output. Named pipes do not support this. */
  readonly supportsHalfClose: boolean;
  /**
   * Starts connecting, and returns the connection immediately. It emits an `error` event if connecting fails.
   *
   * @param exchange - the first exchange on the connection. Its connect timeout applies, and errors name its operation.
   */
  dial(exchange: Exchange): Duplex;
  /** Releases the dialer's own resources. The caller closes the connections. */
  close(): Promise<void>;
}
