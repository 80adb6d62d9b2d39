import { Duplex } from "node:stream";
import { isError } from "../../../wire/realm.js";
import type { Descriptor } from "./descriptor.js";
import { Pipe } from "./pipe.js";
import type { NetworkInterface } from "./program.js";

/** An end of a connection between two programs. */
class ConnectionEnd extends Duplex {
  readonly #input: Descriptor;
  readonly #output: Descriptor;
  #finished = false;

  constructor(input: Descriptor, output: Descriptor) {
    super({ allowHalfOpen: true });
    this.#input = input;
    this.#output = output;
    // a program that does not listen for errors must not end the engine
    this.on("error", () => undefined);
  }

  override _read(): void {
    this.#input.read().then(
      (data) => {
        if (!this.destroyed) this.push(data ?? null);
      },
      (error: unknown) => void this.destroy(isError(error) ? error : undefined),
    );
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#output.write(chunk).then(
      () => callback(),
      (error: unknown) => callback(isError(error) ? error : null),
    );
  }

  override _final(callback: () => void): void {
    this.#finish();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#input.release();
    this.#finish();
    callback(error);
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#output.release();
  }
}

/** A system call on a socket failed. */
export class ConnectionError extends Error {
  /** The code, as Node.js names it. */
  readonly code: "ECONNREFUSED" | "EADDRINUSE" | "ENOTFOUND" | "ENETUNREACH";

  constructor(code: ConnectionError["code"], what: string) {
    super(`${code}: ${what}`);
    this.name = "ConnectionError";
    this.code = code;
  }
}

/** The ports that the programs of a container listen on. */
export class Ports {
  readonly #listeners = new Map<number, (connection: Duplex) => void>();
  readonly #changed: (port: number, open: boolean) => void;

  /**
   * @param changed - called when a port is opened or closed.
   */
  constructor(changed: (port: number, open: boolean) => void = () => undefined) {
    this.#changed = changed;
  }

  /** The ports, in ascending order. */
  get listening(): number[] {
    return [...this.#listeners.keys()].sort((a, b) => a - b);
  }

  /**
   * Accepts connections on a port.
   *
   * @returns a function that closes the port.
   * @throws {@link ConnectionError} `EADDRINUSE`.
   */
  listen(port: number, onConnection: (connection: Duplex) => void): () => void {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`invalid port ${port}`);
    if (this.#listeners.has(port)) throw new ConnectionError("EADDRINUSE", `address already in use 0.0.0.0:${port}`);
    this.#listeners.set(port, onConnection);
    this.#changed(port, true);
    return () => {
      if (this.#listeners.get(port) !== onConnection) return;
      this.#listeners.delete(port);
      this.#changed(port, false);
    };
  }

  /**
   * Connects to a port.
   *
   * @throws {@link ConnectionError} `ECONNREFUSED` when no program listens on it.
   */
  connect(port: number): Duplex {
    const onConnection = this.#listeners.get(port);
    if (!onConnection) throw new ConnectionError("ECONNREFUSED", `connection refused by port ${port}`);
    const there = new Pipe();
    const back = new Pipe();
    onConnection(new ConnectionEnd(there.reader, back.writer));
    return new ConnectionEnd(back.reader, there.writer);
  }
}

/** Connects containers with each other. */
export interface ProgramNetwork {
  /**
   * Connects a program to another container or a host.
   *
   * @param container - ID of the container of the program.
   */
  connect(container: string, host: string, port: number): Promise<Duplex>;
  /** Connects a program that uses the network of the host to a port there. By default the host has none. */
  connectHost?(port: number): Promise<Duplex>;
  /** Returns the interfaces of a container to its networks. By default there are none. */
  interfaces?(container: string): readonly NetworkInterface[];
  /** Called when a program starts or stops to listen on a port. */
  listening?(container: string, port: number, open: boolean): void;
}
