import type { RemoteInfo, Socket } from "node:dgram";
import type { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "../../wire/clock.js";

/** How long a client may be silent before it is forgotten, in milliseconds, as with Docker's own proxy. */
const IDLE = 90_000;

/** The most clients of a port. Datagrams of further ones are dropped. */
const CLIENTS = 1024;

/** The most datagrams that wait until a program can be reached. */
const WAITING = 64;

/** A client of a UDP port. */
class Flow {
  readonly #connecting: Promise<Duplex>;
  readonly #idle: NodeJS.Timeout;
  readonly #onClose: () => void;
  #program: Duplex | undefined;
  #waiting: Buffer[] = [];
  #isClosed = false;

  /**
   * @param connect - opens a stream of datagrams to a program.
   * @param answer - sends a datagram to the client.
   * @param onClose - runs once, when the program or the engine has closed it, or the client was silent for too long.
   */
  constructor(connect: () => Promise<Duplex>, answer: (data: Buffer) => void, onClose: () => void) {
    this.#onClose = onClose;
    this.#idle = setTimeout(() => this.close(), IDLE).unref();
    this.#connecting = connect();
    this.#connecting.then(
      (program) => this.#open(program, answer),
      () => this.close(), // the client gets no answer, as if the datagrams were lost
    );
  }

  #open(program: Duplex, answer: (data: Buffer) => void): void {
    this.#program = program;
    program.on("error", () => undefined).once("close", () => this.close());
    if (this.#isClosed) {
      program.destroy();
      return;
    }
    program.on("data", (data: Buffer) => {
      this.#idle.refresh();
      answer(data);
    });
    for (const data of this.#waiting) program.write(data);
    this.#waiting = [];
  }

  send(data: Buffer): void {
    this.#idle.refresh();
    if (!this.#program) {
      if (this.#waiting.length < WAITING) this.#waiting.push(data);
    } else if (!this.#program.writableNeedDrain) this.#program.write(data); // a slow program loses datagrams
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#program?.destroy();
    this.#onClose();
  }
}

/**
 * Forwards the datagrams of a port of the host to a program, and its answers to the client that they belong to.
 *
 * @param socket - the port.
 * @param connect - opens a stream of datagrams, one for each chunk, to the program; once for each client.
 * @returns a function that closes the streams of all clients.
 */
export function forwardDatagrams(socket: Socket, connect: () => Promise<Duplex>): () => void {
  const flows = new Map<string, Flow>();
  const open = (client: string, { address, port }: RemoteInfo): Flow => {
    const answer = (data: Buffer): void => socket.send(data, port, address, () => undefined); // a lost answer is lost
    const flow = new Flow(connect, answer, () => flows.delete(client));
    flows.set(client, flow);
    return flow;
  };
  socket.on("message", (data, from) => {
    const client = `${from.address} ${from.port}`;
    const flow = flows.get(client) ?? (flows.size < CLIENTS ? open(client, from) : undefined);
    flow?.send(data);
  });
  return () => {
    for (const flow of flows.values()) flow.close();
  };
}
