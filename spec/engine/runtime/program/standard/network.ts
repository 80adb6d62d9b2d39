import type { Duplex } from "node:stream";
import { ConnectionError, Ports } from "../../../../../lib/engine/runtime/program/connections.js";

/** A network of one host, `server`, in memory. */
export class MemoryNetwork {
  readonly #ports = new Ports();

  /** Whether a program listens on a port. */
  listens(port: number): boolean {
    return this.#ports.listening.includes(port);
  }

  /** What a program gets as `context.listen`. */
  readonly listen = (port: number, onConnection: (connection: Duplex) => void): (() => void) =>
    this.#ports.listen(port, onConnection);

  /** What a program gets as `context.connect`. */
  readonly connect = async (host: string, port: number): Promise<Duplex> => {
    if (host !== "server") throw new ConnectionError("ENOTFOUND", host);
    return this.#ports.connect(port);
  };
}
