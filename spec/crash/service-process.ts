import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { StartFailure } from "./process.js";

/** A program of a service in a process of its own. */
export class ServiceProcess {
  /** What it wrote to standard error: its log of faults. */
  stderr = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  protected constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#child, "close");
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-20_000)));
  }

  /** Whether the process runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its process ID. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends it, and waits until it is gone. Returns its exit code, which is null after SIGKILL. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    this.#child.kill(signal);
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Waits until it listens. @throws a {@link StartFailure} with its words when it ends instead. */
  protected async listening(): Promise<void> {
    const { stdout } = this.#child;
    const isReady = stdout ? once(stdout, "data").then(() => true) : false; // it writes its endpoint when it listens
    if (!(await Promise.race([isReady, this.#ended.then(() => false)]))) throw new StartFailure(this.stderr.trim());
  }
}
