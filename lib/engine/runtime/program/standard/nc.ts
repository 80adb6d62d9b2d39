import type { Duplex } from "node:stream";
import { type Command, Failure, program } from "./command.js";
import { connectionReason, connectTo, readPort } from "./connect.js";
import { readDuration } from "./numbers.js";
import { type Arguments, UsageError } from "./options.js";
import { BrokenPipeError, Output } from "./output.js";

/** Copies between a connection, and standard input and output, until the other side ends. */
async function exchange(command: Command, connection: Duplex, seconds: number | undefined): Promise<void> {
  const { context } = command;
  const idle = new AbortController();
  const signal = AbortSignal.any([context.signal, idle.signal]);
  const output = new Output(connection, signal);
  const send = async (): Promise<void> => {
    for await (const chunk of command.chunks(context.stdin)) await output.write(chunk);
    connection.end();
  };
  // when the other side is gone, so is the reason to send
  send().catch(() => undefined);
  if (seconds !== undefined) {
    context.clock.sleep(seconds * 1000, signal).then(
      () => connection.destroy(),
      () => undefined,
    );
  }
  for await (const chunk of command.chunks(connection)) await command.out.write(chunk);
  idle.abort();
  connection.destroy();
}

/** Runs a program whose standard input and output are a connection. */
async function serve(command: Command, connection: Duplex, argv: readonly string[]): Promise<number> {
  const child = await command.start(argv, { stdin: connection, stdout: connection, stderr: connection });
  const code = typeof child === "number" ? child : await child.exited;
  connection.end();
  return code;
}

/** Waits for the next of some connections. */
class Connections {
  readonly #waiting: Duplex[] = [];
  #wake: (() => void) | undefined;

  readonly accept = (connection: Duplex): void => {
    connection.on("error", () => undefined);
    this.#waiting.push(connection);
    this.#wake?.();
  };

  async next(signal: AbortSignal): Promise<Duplex> {
    for (;;) {
      const connection = this.#waiting.shift();
      if (connection) return connection;
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => reject(signal.reason as Error);
        signal.addEventListener("abort", abort, { once: true });
        this.#wake = () => {
          signal.removeEventListener("abort", abort);
          resolve();
        };
        if (signal.aborted) abort();
      });
    }
  }
}

async function listen(command: Command, options: Arguments, argv: readonly string[] | undefined): Promise<number> {
  const port = readPort(options.value("p") ?? options.operands.at(-1) ?? "");
  const connections = new Connections();
  let close: () => void;
  try {
    close = command.context.listen(port, connections.accept);
  } catch (error) {
    throw new Failure(`bind: ${connectionReason(error) ?? String(error)}`);
  }
  if (options.has("v")) command.warn(`listening on [::]:${port} ...\n`);
  try {
    for (;;) {
      const connection = await connections.next(command.context.signal);
      if (options.has("v")) command.warn(`connect to [::]:${port} from client\n`);
      if (argv) {
        const served = serve(command, connection, argv);
        if (!options.has("k")) return await served;
        served.catch(() => undefined);
      } else {
        await exchange(command, connection, undefined);
        if (!options.has("k")) return 0;
      }
    }
  } finally {
    close();
  }
}

/** Connects within a time. */
async function connectWithin(command: Command, host: string, port: number, seconds: number | undefined): Promise<Duplex> {
  const connecting = connectTo(command, host, port);
  if (seconds === undefined) return await connecting;
  const done = new AbortController();
  const late = command.context.clock.sleep(seconds * 1000, AbortSignal.any([done.signal, command.context.signal])).then(
    () => undefined,
    () => undefined,
  );
  try {
    const connection = await Promise.race([connecting, late]);
    if (connection) return connection;
    connecting.then((other) => other.destroy()).catch(() => undefined);
    throw new Failure("timed out");
  } finally {
    done.abort();
  }
}

/** Opens connections, and copies between them and standard input and output. */
export const nc = program(
  async (command) => {
    // all words after `-e` are the program
    const at = command.args.findIndex((arg) => /^-[a-z]*e$/.test(arg));
    const argv = at < 0 ? undefined : command.args.slice(at + 1);
    const own =
      at < 0 ? command.args : [...command.args.slice(0, at), (command.args[at] ?? "").slice(0, -1)].filter((arg) => arg !== "-");
    const options = command.options("lkp:w:i:s:q:nvuz46", {}, own);
    if (argv?.length === 0) throw new UsageError("");
    if (options.has("u")) throw new Failure("UDP is not supported");
    if (options.has("l")) return await listen(command, options, argv);
    const [host, portText] = options.operands;
    if (host === undefined || portText === undefined) throw new UsageError("");
    const seconds = options.has("w") ? readDuration(options.value("w") ?? "") / 1000 : undefined;
    const [, first = portText, last = first] = /^(\d+)-(\d+)$/.exec(portText) ?? [];
    let code = 1;
    for (let port = readPort(first); port <= readPort(last); port++) {
      try {
        const connection = await connectWithin(command, host, port, seconds);
        if (options.has("v")) command.warn(`${host} (${host}:${port}) open\n`);
        code = 0;
        if (options.has("z")) connection.destroy();
        else if (argv) return await serve(command, connection, argv);
        else await exchange(command, connection, seconds);
      } catch (error) {
        if (error instanceof BrokenPipeError || !(error instanceof Failure) || first === last) {
          // a scan says nothing about closed ports unless it is asked to
          if (error instanceof Failure && options.has("z") && !options.has("v")) return 1;
          throw error;
        }
      }
    }
    return code;
  },
  { usage: "[-lkzv] [-p PORT] [-w SEC] [-e PROG] [HOST] [PORT]" },
);
