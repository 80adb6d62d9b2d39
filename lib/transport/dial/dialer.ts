import type { Duplex } from "node:stream";
import type { Exchange } from "../exchange.js";

/** Opens connections to one endpoint. */
export interface Dialer {
  /** Whether ending the input leaves the output open. Named pipes cannot do that. */
  readonly supportsHalfClose: boolean;
  /**
   * Starts a connection and returns it immediately; a failure is its `error` event.
   *
   * @param exchange - the first exchange on the connection. Its connect timeout applies, and errors carry its name.
   */
  dial(exchange: Exchange): Duplex;
  /** Closes the dialer's own resources. Connections belong to the caller. */
  close(): Promise<void>;
}
