import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { SshAuthenticationError, SshError, SshHostKeyError, TimeoutError } from "../../errors/connection-errors.js";
import { shown } from "../../errors/quote.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { randomText } from "../../wire/digest.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { Exchange } from "../exchange.js";
import type { Dialer } from "./dialer.js";
import type { Endpoint } from "./endpoint.js";
import { end, listen, SshChannel, type SshFailure } from "./ssh-channel.js";

type SshEndpoint = Extract<Endpoint, { kind: "ssh" }>;

/** The text that the master connection prints when it is authenticated and accepts channels. */
const READY = "ts-dockerclient: connected";

/** The exit status of ssh for its own failures, as opposed to those of the remote command. */
const SSH_FAILED = 255;

/** The exit status of a shell for a command that does not exist. */
const NOT_FOUND = 127;

/** The maximum number of characters of ssh's output that a message shows. */
const LONGEST_REASON = 500;

const inQuotes = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Returns the command that connects standard input and output to the engine on the remote host: `docker`, or `podman` if there is
 * no docker.
 *
 * It needs a POSIX shell only if docker fails, so that it also works with other login shells and on Windows.
 */
function remoteCommand(socket: string | undefined): string {
  const address = socket === undefined ? undefined : inQuotes(`unix://${socket}`);
  const dial = (command: string, option: string) =>
    `${command}${address === undefined ? "" : ` ${option} ${address}`} system dial-stdio`;
  const instead = `if command -v docker >/dev/null 2>&1; then exit 1; fi; exec ${dial("podman", "--url")}`;
  return `${dial("docker", "--host")} || sh -c ${inQuotes(instead)}`;
}

function sshError({ said, code, cause }: SshFailure, { operation, endpoint }: Exchange): SshError {
  const details = { cause, operation, endpoint };
  if (cause) {
    const why = cause.code === "ENOENT" ? "there is no ssh command on this machine" : "the ssh command could not be started";
    return new SshError(`ssh to ${endpoint} failed: ${why}`, details);
  }
  const lines = said.split("\n").map((line) => line.trim());
  const last = lines.filter((line) => line !== "" && !line.startsWith(READY)).at(-1);
  const reason = last === undefined ? `ssh ended with status ${code ?? "unknown"}` : shown(last, LONGEST_REASON);
  if (code === NOT_FOUND) {
    return new SshError(`ssh to ${endpoint} works, but the remote host has neither docker nor podman: ${reason}`, details);
  }
  if (code !== SSH_FAILED && code !== null) {
    const command = /podman/i.test(reason) ? "podman" : "docker";
    return new SshError(`ssh to ${endpoint} works, but ${command} failed on the remote host: ${reason}`, details);
  }
  if (/permission denied|too many authentication failures|no supported authentication/i.test(said)) {
    return new SshAuthenticationError(`ssh authentication at ${endpoint} failed: ${reason}`, details);
  }
  if (/host key verification failed|host identification has changed|host key is known/i.test(said)) {
    return new SshHostKeyError(`the host key of ${endpoint} is not trusted: ${reason}`, details);
  }
  return new SshError(`ssh to ${endpoint} failed: ${reason}`, details);
}

/** The master connection. It is authenticated once, and carries all channels. */
class Master {
  /** The control socket for the channels. */
  readonly control: string;
  /** Resolves when the connection accepts channels, or has failed. */
  readonly ready: Promise<SshFailure | undefined>;
  /** Resolves when the process has exited. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #connected = false;
  #waiting = 0;
  #givenUp = false;

  /** @param args - returns the arguments of ssh for a control socket. */
  constructor(args: (control: string) => readonly string[]) {
    // each master has its own name: one that is killed leaves its socket behind, on which the next one could not listen
    this.control = join(tmpdir(), `tsdc-${randomText(8, "hex")}`);
    const child = spawn("ssh", args(this.control), { stdio: ["pipe", "ignore", "pipe"] });
    this.#child = child;
    let finish: () => void = () => undefined;
    this.ended = new Promise((resolve) => (finish = resolve));
    this.ready = new Promise((resolve) => {
      const said = listen(child, (heard) => {
        if (this.#connected || !heard.includes(READY)) return;
        this.#connected = true;
        this.#hold(false);
        resolve(undefined);
      });
      child.stdin.on("error", ignoreErrors); // the process reports the failure when it exits
      child.on("error", (cause: NodeJS.ErrnoException) => {
        resolve({ said: said(), code: null, cause });
        finish();
      });
      child.on("close", (code) => {
        resolve({ said: said(), code });
        finish();
      });
    });
    void this.ended.then(() => rm(this.control, { force: true }));
  }

  /**
   * Keeps the Node.js process running while the master runs, or lets it exit, which ends the master's input and thus the master.
   */
  #hold(hold: boolean): void {
    const { stdin, stderr } = this.#child;
    for (const part of [this.#child, stdin, stderr] as unknown as { ref(): void; unref(): void }[]) {
      // the pipes of a child process are sockets
      if (hold) part.ref();
      else part.unref();
    }
  }

  /** Whether the connection no longer accepts channels. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Registers a channel that waits for the connection. */
  join(): void {
    this.#waiting += 1;
  }

  /** Unregisters a channel. A connection that is not established yet is cancelled when no channel waits for it any longer. */
  leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#connected) return;
    this.#givenUp = true;
    end(this.#child);
  }

  /** Closes the connection with all its channels. */
  async close(): Promise<void> {
    this.#hold(true);
    end(this.#child);
    await this.ended;
    await rm(this.control, { force: true });
  }
}

/**
 * Connects to an engine through the user's `ssh` command. A master connection is authenticated once, and carries a channel for
 * each connection to the engine, so that further connections need no handshake.
 */
export class SshDialer implements Dialer {
  readonly supportsHalfClose = true;
  readonly #endpoint: SshEndpoint;
  readonly #command: string;
  readonly #masters = new Set<Master>();

  constructor(endpoint: SshEndpoint) {
    this.#endpoint = endpoint;
    this.#command = remoteCommand(endpoint.socket);
  }

  dial(exchange: Exchange): Duplex {
    const master = this.#shared();
    const errorOf = (failure: SshFailure) => sshError(failure, exchange);
    const limit = exchange.limits.connect;
    let timer: NodeJS.Timeout | undefined;
    master?.join();
    const channel = new SshChannel({
      start: async (): Promise<ChildProcessWithoutNullStreams> => {
        const failure = await master?.ready;
        clearTimeout(timer);
        if (failure) throw errorOf(failure);
        // the channel is no longer needed
        if (channel.destroyed) throw errorOf({ said: "", code: null });
        return spawn("ssh", [...this.#arguments(master?.control, "no"), this.#command], { stdio: "pipe" });
      },
      ended: () => {
        clearTimeout(timer);
        master?.leave();
      },
      errorOf,
    });
    if (limit > 0) timer = setTimeout(() => channel.destroy(new TimeoutError("connect", limit, exchange)), limit);
    return channel;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#masters].map((master) => master.close()));
  }

  /**
   * Returns the master connection, starting it if necessary; undefined on Windows, where ssh does not support master connections.
   */
  #shared(): Master | undefined {
    if (process.platform === "win32") return undefined;
    for (const master of this.#masters) if (!master.givenUp) return master;
    const announce = ["-o", "PermitLocalCommand=yes", "-o", `LocalCommand=echo "${READY}" >&2`];
    // the command of the master's own session ends only with its input, when this process exits
    const master = new Master((control) => [...announce, ...this.#arguments(control, "yes"), this.#command]);
    this.#masters.add(master);
    void master.ended.then(() => this.#masters.delete(master));
    return master;
  }

  #arguments(control: string | undefined, master: "yes" | "no"): string[] {
    const { host, port, user } = this.#endpoint;
    return [
      ...["-T", "-o", "BatchMode=yes", "-o", "ClearAllForwardings=yes"],
      ...(control === undefined
        ? []
        : ["-o", `ControlMaster=${master}`, "-o", `ControlPath="${control.replaceAll("%", "%%")}"`, "-o", "ControlPersist=no"]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...(user === undefined ? [] : ["-l", user]),
      ...["--", host],
    ];
  }
}
