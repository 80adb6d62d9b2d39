import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client } from "../../lib/client.js";
import { bundled, folder } from "./bundle.js";
import type { ProgramMessage, ProgramOptions } from "./engine-program.js";

const program = await bundled(new URL("engine-program.ts", import.meta.url));

/** An engine ended before it was ready. */
export class StartFailure extends Error {}

/** An engine in a process of its own. */
export class EngineProcess {
  /** A client of it. */
  readonly client: Client;
  /** What it wrote to standard error. */
  stderr = "";
  /** The time from its start to the first request that it could answer, and what of it the processor took, in milliseconds. */
  start = { wall: 0, cpu: 0 };
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, socket: string) {
    this.#child = child;
    this.#ended = once(child, "close");
    child.stderr?.on("data", (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-20_000)));
    this.client = new Client({ endpoint: `unix://${socket}`, apiVersion: "1.51", auth: false });
  }

  /**
   * Starts an engine.
   *
   * @param dataRoot - its data root.
   * @param options - where it ends, whether changes are counted, and how containers run.
   * @throws a {@link StartFailure} with its words when it ends instead.
   */
  static async start(dataRoot: string, options: Omit<ProgramOptions, "socket" | "dataRoot"> = {}): Promise<EngineProcess> {
    const socket = join(folder, "engine.sock");
    const begin = performance.now();
    const child = fork(program, [JSON.stringify({ socket, dataRoot, ...options })], {
      execArgv: [],
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    const engine = new EngineProcess(child, socket);
    const [message] = (await Promise.race([once(child, "message"), engine.#ended])) as [ProgramMessage | number | null];
    if (typeof message === "object" && message && "cpu" in message) {
      engine.start = { wall: performance.now() - begin, cpu: message.cpu };
      return engine;
    }
    await engine.#ended;
    throw new StartFailure(engine.stderr.trim());
  }

  /** Whether the process runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its process ID. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Returns the names of its changes of the data root so far. */
  async changes(): Promise<readonly string[]> {
    const answer = once(this.#child, "message") as Promise<[ProgramMessage]>;
    this.#child.send("changes");
    const [message] = await answer;
    return "changes" in message ? message.changes : [];
  }

  /** Kills it, if it still runs, and waits until it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
    await this.client.close();
  }
}
