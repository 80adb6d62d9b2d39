import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { BedEngine, BedSettings } from "../support/embedded-bed.js";

const program = fileURLToPath(new URL("../../lib/engine/main.ts", import.meta.url));

/** An embedded engine as the program `ts-dockerclient-engine`, which can be killed and started again. */
export class EngineProgram implements BedEngine {
  /** Its endpoints, which remain the same. */
  readonly endpoints: readonly string[];
  readonly #args: readonly string[];
  #child: ChildProcess;

  private constructor(endpoints: readonly string[], args: readonly string[], child: ChildProcess) {
    this.endpoints = endpoints;
    this.#args = args;
    this.#child = child;
  }

  /** Starts it. */
  static async start({ folder, listen, executor }: BedSettings): Promise<EngineProgram> {
    const tls = Object.entries({ tlscacert: "ca", tlscert: "server", tlskey: "server-key" }).flatMap(([option, file]) => [
      `--${option}`,
      join(folder, `${file}.pem`),
    ]);
    const args = ["--data-root", join(folder, "data"), "--executor", executor, "--tlsverify", ...tls];
    const { child, endpoints } = await launch(listen, args);
    return new EngineProgram(endpoints, args, child);
  }

  /** Starts it again, if it does not run. */
  async up(): Promise<void> {
    if (!this.#isRunning) this.#child = (await launch(this.endpoints, this.#args)).child;
  }

  /** Ends it, if it runs, and waits until it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.#isRunning) return;
    const ended = once(this.#child, "close");
    this.#child.kill(signal);
    await ended;
  }

  close(): Promise<void> {
    return this.end("SIGTERM");
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

/** Starts the program, and waits until it listens. */
async function launch(listen: readonly string[], args: readonly string[]): Promise<{ child: ChildProcess; endpoints: string[] }> {
  const hosts = listen.flatMap((host) => ["--host", host]);
  const child = spawn(process.execPath, ["--import", "tsx", program, ...hosts, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  // a line for each request is too much; the rest of the log is shown
  createInterface(child.stderr).on("line", (line) => {
    if (!/ [A-Z]+ \/\S*: (?:\d{3}|connection closed), [\d.]+ ms$/.test(line)) process.stderr.write(`engine: ${line}\n`);
  });
  const endpoints: string[] = [];
  for await (const line of createInterface(child.stdout)) if (endpoints.push(line) === listen.length) break;
  if (endpoints.length < listen.length) throw new Error("the engine ended before it listened");
  return { child, endpoints };
}
