import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { SshAuthenticationError, SshError, SshHostKeyError, TimeoutError } from "../errors/connection-errors.js";
import type { Dialer } from "./dialer.js";
import type { Endpoint } from "./endpoint.js";
import type { Exchange } from "./exchange.js";

type SshEndpoint = Extract<Endpoint, { kind: "ssh" }>;

/** What the master connection prints once it is authenticated and takes channels. */
const READY = "ts-dockerclient: connected";

/** How much of what ssh says is kept for an error's message, in characters. */
const KEPT = 4096;

function sshError(said: string, endpoint: string, code: number | null): SshError {
  const lines = said.split("\n").map((line) => line.trim());
  const reason =
    lines.filter((line) => line !== "" && !line.startsWith(READY)).at(-1) ?? `ssh ended with status ${code ?? "unknown"}`;
  if (/permission denied|too many authentication failures|no supported authentication/i.test(said)) {
    return new SshAuthenticationError(`ssh to ${endpoint} was refused: ${reason}`, { endpoint });
  }
  if (/host key verification failed|host identification has changed|host key is known/i.test(said)) {
    return new SshHostKeyError(`the host key of ${endpoint} is not trusted: ${reason}`, { endpoint });
  }
  if (code === 127) {
    return new SshError(`ssh to ${endpoint} works, but the far end has no docker command: ${reason}`, { endpoint });
  }
  return new SshError(`ssh to ${endpoint} failed: ${reason}`, { endpoint });
}

function spawnError(cause: NodeJS.ErrnoException, endpoint: string): SshError {
  const why = cause.code === "ENOENT" ? "there is no ssh command on this machine" : "the ssh command could not be started";
  return new SshError(`ssh to ${endpoint} failed: ${why}`, { cause, endpoint });
}

/** Keeps the end of what a process says on standard error. */
function listen(child: ChildProcess, heard: (said: string) => void = () => undefined): () => string {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    said = (said + part).slice(-KEPT);
    heard(said);
  });
  return () => said;
}

/** One connection to the engine: the standard input and output of one `docker system dial-stdio` at the far end. */
class SshChannel extends Duplex {
  readonly #start: () => Promise<ChildProcessWithoutNullStreams>;
  readonly #endpoint: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** As on a net.Socket, whose place this takes under `node:http`. */
  timeout = 0;

  constructor(endpoint: string, start: () => Promise<ChildProcessWithoutNullStreams>) {
    super({ allowHalfOpen: true });
    this.#endpoint = endpoint;
    this.#start = start;
  }

  override _construct(done: (error?: Error | null) => void): void {
    this.#start().then(
      (child) => {
        this.#child = child;
        const said = listen(child);
        child.stdout.on("data", (chunk: Buffer) => {
          this.#idle?.refresh();
          if (!this.push(chunk)) child.stdout.pause();
        });
        // the far end may have gone with the connection; how the process ended tells
        child.stdin.on("error", () => undefined);
        child.on("error", (error) => this.destroy(spawnError(error, this.#endpoint)));
        child.on("close", (code) => {
          if (code === 0) this.push(null);
          else if (!this.destroyed) this.destroy(sshError(said(), this.#endpoint, code));
        });
        this.emit("connect");
        done();
      },
      (error: unknown) => done(error as Error), // every rejection of start is an SshError or TimeoutError
    );
  }

  override _read(): void {
    this.#child?.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#idle?.refresh();
    this.#child?.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child?.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#child?.kill();
    done(error);
  }

  /** Emits `timeout` after so many milliseconds without traffic, as a socket does. */
  setTimeout(timeout: number): this {
    this.timeout = timeout;
    clearTimeout(this.#idle);
    this.#idle = timeout > 0 ? setTimeout(() => this.emit("timeout"), timeout).unref() : undefined;
    return this;
  }

  /** ssh keeps its own connection alive. */
  setKeepAlive(): this {
    return this;
  }

  /** ssh decides for itself. */
  setNoDelay(): this {
    return this;
  }

  /** Keeps the process running while the channel is open. */
  ref(): this {
    this.#child?.ref();
    for (const stream of this.#pipes()) stream.ref();
    return this;
  }

  /** Lets the process end while the channel is open. */
  unref(): this {
    this.#child?.unref();
    for (const stream of this.#pipes()) stream.unref();
    return this;
  }

  #pipes(): { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child ?? {};
    return [stdin, stdout, stderr].filter((stream) => stream !== undefined) as unknown as { ref(): void; unref(): void }[]; // pipes of a child are sockets
  }
}

/**
 * Reaches an engine through the user's `ssh` command. One master connection is authenticated once and carries a channel
 * for each connection to the engine, so that keys are asked for once and requests do not pay for handshakes.
 */
export class SshDialer implements Dialer {
  readonly supportsHalfClose = true;
  readonly #endpoint: SshEndpoint;
  #folder: Promise<string> | undefined;
  #master: Promise<ChildProcess | undefined> | undefined;
  #process: ChildProcess | undefined;

  constructor(endpoint: SshEndpoint) {
    this.#endpoint = endpoint;
  }

  dial(exchange: Exchange): Duplex {
    return new SshChannel(this.#endpoint.text, async () => {
      const control = await this.#control();
      this.#master ??= this.#connect(control, exchange.limits.connect);
      await this.#master;
      const { socket } = this.#endpoint;
      const quoted = socket === undefined ? "" : ` --host 'unix://${socket.replaceAll("'", `'\\''`)}'`;
      return spawn("ssh", [...this.#arguments(control, "no"), `docker${quoted} system dial-stdio`], { stdio: "pipe" });
    });
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await ended;
    }
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /** The socket through which channels reach the master connection; Windows' ssh has none. */
  async #control(): Promise<string | undefined> {
    if (process.platform === "win32") return undefined;
    this.#folder ??= mkdtemp(join(tmpdir(), "tsdc-"));
    return join(await this.#folder, "ssh");
  }

  #arguments(control: string | undefined, master: "yes" | "no"): string[] {
    const { host, port, user } = this.#endpoint;
    return [
      ...["-T", "-o", "BatchMode=yes"],
      ...(control === undefined
        ? []
        : ["-o", `ControlMaster=${master}`, "-o", `ControlPath=${control}`, "-o", "ControlPersist=no"]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...(user === undefined ? [] : ["-l", user]),
      ...["--", host],
    ];
  }

  #connect(control: string | undefined, timeout: number): Promise<ChildProcess | undefined> {
    if (control === undefined) return Promise.resolve(undefined);
    const { text } = this.#endpoint;
    const announce = ["-o", "PermitLocalCommand=yes", "-o", `LocalCommand=echo "${READY}" >&2`];
    const child = spawn("ssh", ["-N", ...announce, ...this.#arguments(control, "yes")], { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const fail = (error: Error) => {
        clearTimeout(timer);
        // the next dial tries again, and does not get yesterday's refusal
        this.#master = undefined;
        reject(error);
      };
      if (timeout > 0) {
        timer = setTimeout(() => {
          child.kill();
          fail(new TimeoutError("connect", timeout, { endpoint: text }));
        }, timeout);
      }
      const said = listen(child, (heard) => {
        if (!heard.includes(READY)) return;
        clearTimeout(timer);
        child.unref();
        (child.stderr as unknown as { unref(): void }).unref(); // pipes of a child are sockets
        resolve(child);
      });
      child.on("error", (error) => fail(spawnError(error, text)));
      child.on("close", (code) => fail(sshError(said(), text, code)));
    });
  }
}
