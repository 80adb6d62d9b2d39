import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { AgentClient } from "../../lib/agent/client/agent-client.js";
import type { AgentOptions } from "../../lib/agent/options.js";
import { bundled } from "../crash/bundle.js";
import type { Held } from "./agent-program.js";

/** How often an agent is asked whether its connections have ended, and how long it is waited between two times, in milliseconds. */
const TRIES = 100;
const PAUSE = 200;

/** An agent in a process of its own, which is measured. */
export class MeasuredAgent {
  /** A client of it. */
  readonly client: AgentClient;
  /** What it wrote to standard error: its log of faults. */
  stderr = "";
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, endpoint: string) {
    this.#child = child;
    child.stderr?.on("data", (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-20_000)));
    this.client = new AgentClient({ endpoint });
  }

  /** Starts an agent. */
  static async start(options: AgentOptions): Promise<MeasuredAgent> {
    const program = await bundled(new URL("agent-program.ts", import.meta.url));
    const child = fork(program, [JSON.stringify(options)], {
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    const [endpoint] = (await once(child, "message")) as [string];
    return new MeasuredAgent(child, endpoint);
  }

  /** Whether the process runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Closes the connections of the client, and measures the agent when no more sockets are open than before, or when that takes too
   * long.
   */
  async measure(before?: Held): Promise<Held> {
    await this.client.close();
    for (let tries = 0; ; tries += 1) {
      const answer = once(this.#child, "message") as Promise<[Held]>;
      this.#child.send("measure");
      const [held] = await answer;
      const isQuiet = before ? held.sockets <= before.sockets && held.timers <= before.timers : tries > TRIES / 4;
      if (isQuiet || tries === TRIES) return held;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** Ends it. Returns its exit code. */
  async close(): Promise<number | null> {
    await this.client.close();
    this.#child.kill();
    const [code] = (await once(this.#child, "close")) as [number | null];
    return code;
  }
}
