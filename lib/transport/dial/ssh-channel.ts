import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { ignoreErrors } from "../../wire/quiet.js";

/** The number of characters of ssh's error output to keep for an error message. */
const KEPT = 4096;

/** How long a process may take to exit after SIGTERM, and its standard error to close after the exit, in milliseconds. */
const GRACE = 1000;

/**
 * Ends a process, with SIGKILL if it ignores SIGTERM. Its streams are closed, because processes that it started may keep them
 * open.
 */
export function end(child: ChildProcess): void {
  if (child.pid === undefined) return; // it did not start
  const killer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  const release = () => {
    clearTimeout(killer);
    for (const stream of child.stdio) stream?.destroy();
  };
  if (child.exitCode !== null || child.signalCode !== null) release();
  else child.once("exit", release);
  child.kill();
}

/** Keeps the end of a process's standard error. The stream is closed after the exit, because another process may keep it open. */
export function listen(child: ChildProcess, heard: (said: string) => void = () => undefined): () => string {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    said = (said + part).slice(-KEPT);
    heard(said);
  });
  child.once("exit", () => {
    const closer = setTimeout(() => child.stderr?.destroy(), GRACE);
    child.once("close", () => clearTimeout(closer));
  });
  return () => said;
}

/** The reason why there is no channel: how the process exited, or why it did not start. */
export interface SshFailure {
  /** The end of its standard error. */
  readonly said: string;
  /** Its exit status; null if a signal killed it. */
  readonly code: number | null;
  /** The error that prevented it from starting. */
  readonly cause?: NodeJS.ErrnoException;
}

/** The callbacks of a channel. */
interface ChannelOrigin {
  /** Starts the process. */
  readonly start: () => Promise<ChildProcessWithoutNullStreams>;
  /** Called when the channel is no longer needed. */
  readonly ended: () => void;
  /** Creates the error for a failed process. */
  readonly errorOf: (failure: SshFailure) => Error;
}

/**
 * A connection to the engine: the standard input and output of `system dial-stdio`, a command of docker and podman, on the remote
 * host.
 */
export class SshChannel extends Duplex {
  readonly #origin: ChannelOrigin;
  #child: ChildProcessWithoutNullStreams | undefined;
  #whenStarted: (() => void) | undefined;
  #idle: NodeJS.Timeout | undefined;
  #referenced = true;
  /** The timeout in milliseconds, a property that users of a net.Socket expect. */
  timeout = 0;

  constructor(origin: ChannelOrigin) {
    // as in a net.Socket, the end of the output also ends the input, but not vice versa
    super({ allowHalfOpen: false });
    this.#origin = origin;
    origin.start().then(
      (child) => this.#attach(child),
      (error: unknown) => this.destroy(error as Error), // start rejects only with this package's errors
    );
  }

  #attach(child: ChildProcessWithoutNullStreams): void {
    if (this.destroyed) {
      end(child.on("error", ignoreErrors));
      return;
    }
    this.#child = child;
    const said = listen(child);
    child.stdout.on("data", (chunk: Buffer) => {
      this.#idle?.refresh();
      if (!this.push(chunk)) child.stdout.pause();
    });
    // the remote host may have closed the connection: the process reports the reason when it exits
    child.stdin.on("error", ignoreErrors);
    child.on("error", (cause) => this.destroy(this.#origin.errorOf({ said: said(), code: null, cause })));
    child.on("close", (code) => {
      if (code === 0) this.push(null);
      else if (!this.destroyed) this.destroy(this.#origin.errorOf({ said: said(), code }));
    });
    if (!this.#referenced) this.unref();
    this.#whenStarted?.();
  }

  /** Calls a function with the process, as soon as it has started. */
  #started(act: (child: ChildProcessWithoutNullStreams) => void): void {
    if (this.#child) act(this.#child);
    else this.#whenStarted = () => this.#child && act(this.#child);
  }

  override _read(): void {
    this.#child?.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#idle?.refresh();
    // the process reports a failure when it exits
    this.#started((child) => child.stdin.write(chunk, () => done()));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#started((child) => child.stdin.end(() => done()));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#whenStarted = undefined;
    if (this.#child) end(this.#child);
    this.#origin.ended();
    done(error);
  }

  /** Emits `timeout` after this many milliseconds without traffic, as a socket does. */
  setTimeout(timeout: number): this {
    this.timeout = timeout;
    clearTimeout(this.#idle);
    this.#idle = timeout > 0 ? setTimeout(() => this.emit("timeout"), timeout).unref() : undefined;
    return this;
  }

  /** Keeps the Node.js process running while the channel is open. */
  ref(): this {
    this.#referenced = true;
    this.#child?.ref();
    for (const stream of this.#pipes()) stream.ref();
    return this;
  }

  /** Lets the Node.js process exit while the channel is open. */
  unref(): this {
    this.#referenced = false;
    this.#child?.unref();
    for (const stream of this.#pipes()) stream.unref();
    return this;
  }

  #pipes(): { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child ?? {};
    return [stdin, stdout, stderr].filter((stream) => stream !== undefined) as unknown as { ref(): void; unref(): void }[]; // the pipes of a child process are sockets
  }
}
