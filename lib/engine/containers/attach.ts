import type { Duplex, Writable } from "node:stream";
import { encodeFrame, type StreamName } from "../../wire/frames.js";
import { writePatiently } from "../stream-events.js";
import { DetachKeyFilter } from "./detach-keys.js";
import type { OutputHub } from "./output-hub.js";

/** What a client attaches to: a container or an exec. */
export interface AttachTarget {
  /** Its output. */
  readonly hub: OutputHub;
  /** Its standard input; undefined if it is not open. */
  readonly stdin: Writable | undefined;
  /** Whether it has a terminal: its output is sent as it is, without frames. */
  readonly tty: boolean;
  /** Called when the client has ended its input, or is gone and has no terminal. */
  onInputEnd?(): void;
}

/** How a client attaches. */
export interface AttachSettings {
  /** The streams of output that it reads. */
  readonly outputs: ReadonlySet<StreamName>;
  /** The keys that detach it from a terminal. */
  readonly detachKeys: Buffer;
  /** Whether the connection carries frames: those of terminals and WebSockets do not. */
  readonly isFramed: boolean;
}

/**
 * Connects a client with a process in both directions.
 *
 * @returns when the client is gone, has detached, or has got all output: whether it detached by keys.
 */
export async function attach(connection: Duplex, target: AttachTarget, settings: AttachSettings): Promise<"detached" | "ended"> {
  const { hub, stdin, tty } = target;
  const { outputs, detachKeys, isFramed } = settings;
  const gone = new Promise<void>((resolve) => connection.once("close", resolve));
  let outcome: "detached" | "ended" = "ended";
  let release = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    release = hub.attach({
      write: async (stream, chunk) => {
        if (outputs.has(stream)) await writePatiently(connection, isFramed ? encodeFrame(stream, chunk) : chunk);
      },
      end: () => {
        connection.end();
        resolve();
      },
    });
    if (!stdin) return;
    const filter = tty ? new DetachKeyFilter(detachKeys) : undefined;
    void forwardInput(connection, stdin, filter).then((end) => {
      if (end === "ended" || (end === "lost" && !tty)) target.onInputEnd?.();
      if (end !== "detached") return;
      outcome = "detached";
      connection.end();
      resolve();
    });
  });
  // input that nobody reads would keep the end of the connection from being noticed
  if (!stdin) connection.resume();
  await Promise.race([gone, finished]);
  release();
  return outcome;
}

/** Passes the input of a client to a process. Other clients may still write to it afterwards. */
async function forwardInput(
  connection: Duplex,
  stdin: Writable,
  filter?: DetachKeyFilter,
): Promise<"ended" | "detached" | "lost"> {
  try {
    for await (const chunk of connection.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const { input, isDetached } = filter?.read(chunk) ?? { input: chunk, isDetached: false };
      if (input.length > 0) await writePatiently(stdin, input);
      if (isDetached) return "detached";
    }
    return "ended";
  } catch {
    return "lost"; // the client is gone
  }
}
