import type { Duplex } from "node:stream";
import type { Exchange } from "../exchange.js";

/** Opens connections to one endpoint. */
export interface Dialer {
  /** Whether the far end is told that no more input follows while its output goes on. Named pipes cannot. */
  readonly supportsHalfClose: boolean;
  /**
   * Begins a connection and returns it at once; its failure is its error.
   *
   * @param exchange - the first that wants the connection. Its bound on connecting holds, and errors carry its name.
   */
  dial(exchange: Exchange): Duplex;
  /** Ends what the dialer keeps for itself. Connections are the caller's. */
  close(): Promise<void>;
}
