import { type ChildProcess, spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { firstEvent } from "../../stream-events.js";
import { DatagramStream } from "./datagram-stream.js";
import { readQuestion, writeAnswer } from "./dns-message.js";
import { relayScript } from "./relay-script.js";

/** Returns the addresses of a name as a container sees it; undefined if there is no such name. */
export type Resolve = (from: string, name: string) => Promise<readonly string[] | undefined>;

/** What the relay tells. */
interface RelayMessage {
  readonly listening?: true;
  readonly resolving?: string;
  readonly error?: string;
  readonly question?: string;
  readonly address?: string;
  readonly from?: string;
  readonly port?: number;
}

/** The process that reaches containers in the network namespace of the engine. It is started when it is first needed. */
export class Relay {
  readonly #command: readonly string[];
  readonly #path: string;
  readonly #resolve: Resolve;
  readonly #resolving = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, (error: string | undefined) => void>();
  #child: Promise<ChildProcess> | undefined;

  /**
   * @param enter - returns the command that runs another one in the network namespace.
   * @param path - of the socket on which it is asked for connections.
   */
  constructor(enter: (command: readonly string[]) => string[], path: string, resolve: Resolve) {
    this.#command = enter([process.execPath, "-e", relayScript, path]);
    this.#path = path;
    this.#resolve = resolve;
  }

  /** Connects to a port of a container. Rejects with the code of the error, such as `ECONNREFUSED`. */
  connect(host: string, port: number): Promise<Socket> {
    return this.#ask(host, port, {});
  }

  /** Opens a stream of the datagrams to and from a UDP port of a container, one for each chunk. */
  async datagrams(host: string, port: number): Promise<DatagramStream> {
    return new DatagramStream(await this.#ask(host, port, { udp: true }));
  }

  async #ask(host: string, port: number, more: object): Promise<Socket> {
    await this.#started();
    const socket = connect({ path: this.#path, allowHalfOpen: true });
    socket.write(`${JSON.stringify({ host, port, ...more })}\n`);
    await firstEvent(socket, "readable", "close");
    const answer = (socket.read() as Buffer | null) ?? Buffer.from("-ECONNREFUSED"); // the relay ended
    if (answer[0] === "+".charCodeAt(0)) {
      if (answer.length > 1) socket.unshift(answer.subarray(1));
      return socket;
    }
    socket.destroy();
    const code = answer.toString("latin1", 1);
    throw Object.assign(new Error(`connect ${code} ${host}:${port}`), { code });
  }

  /** Answers the questions for names that are sent to an address of a bridge. */
  resolveAt(address: string): Promise<void> {
    const resolving = this.#resolving.get(address) ?? this.#askToResolve(address);
    this.#resolving.set(address, resolving);
    resolving.catch(() => this.#resolving.delete(address)); // the caller gets the error; the next one tries again
    return resolving;
  }

  /** Ends what {@link resolveAt} has begun. */
  async stopResolving(address: string): Promise<void> {
    if (this.#resolving.delete(address)) (await this.#child)?.send({ stop: address });
  }

  async #askToResolve(address: string): Promise<void> {
    const child = await this.#started();
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(address, (error) => (error === undefined ? resolve() : reject(new Error(error))));
      child.send({ resolve: address });
    });
  }

  #started(): Promise<ChildProcess> {
    if (this.#child) return this.#child;
    const child = this.#start();
    this.#child = child;
    // the caller gets the error; the next one tries again
    child.catch(() => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  async #start(): Promise<ChildProcess> {
    const [file = "", ...args] = this.#command;
    const child = spawn(file, args, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const listening = new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error("the relay has ended")));
      child.on("message", (message) => {
        const told = message as RelayMessage; // the script sends nothing else
        if (told.listening) resolve();
        else this.#heard(child, told);
      });
    });
    child.once("exit", () => {
      this.#child = undefined;
      this.#resolving.clear();
      for (const answer of this.#waiting.values()) answer("the relay has ended");
      this.#waiting.clear();
    });
    await listening;
    child.unref();
    child.channel?.unref();
    return child;
  }

  #heard(child: ChildProcess, { resolving, error, question, address, from = "", port }: RelayMessage): void {
    if (resolving !== undefined) {
      this.#waiting.get(resolving)?.(error);
      this.#waiting.delete(resolving);
    }
    const asked = question === undefined ? undefined : readQuestion(Buffer.from(question, "base64"));
    if (!asked) return;
    void this.#resolve(from, asked.name)
      .catch(() => undefined) // containers learn only that there is no such name
      .then((addresses) => {
        if (child.connected)
          child.send({ answer: writeAnswer(asked, addresses).toString("base64"), at: address, to: from, port });
      });
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const child = await this.#child?.catch(() => undefined);
    if (child?.connected) child.disconnect();
  }
}
