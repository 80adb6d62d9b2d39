import { type ChildProcess, spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { sleep } from "../../../wire/clock.js";
import { type HostProcess, hostProcess, isAlive, signalProcess } from "./host-process.js";
import { type CommandResult, runCommand } from "./run-command.js";

/** Settings of {@link Namespaces.open}. */
export interface NamespacesOptions {
  /** Folder for the record of the process that holds them. */
  readonly folder: string;
  /** Whether they outlive the engine, so that the next one on the same folder adopts the containers. */
  readonly outlives: boolean;
  /** Commands that run in them at first. */
  readonly prepare: string;
  /** Commands that run in them when the engine has ended without closing them, unless they outlive it. */
  readonly abandon: string;
}

/** Where the holder's name and start time are kept. */
const RECORD = "holder.json";

/**
 * A mount namespace and a network namespace of the engine's own, which a process holds. What is mounted there, and the bridges between
 * containers, do not exist for the rest of the machine, and go with the process.
 */
export class Namespaces {
  /** The process that holds them. */
  readonly holder: HostProcess;
  /** Whether an earlier engine has left them. */
  readonly isAdopted: boolean;
  readonly #folder: string;
  readonly #child: ChildProcess | undefined;

  private constructor(holder: HostProcess, folder: string, child?: ChildProcess) {
    this.holder = holder;
    this.isAdopted = child === undefined;
    this.#folder = folder;
    this.#child = child;
  }

  /** Creates them, or takes those that an earlier engine on this folder has left. @throws when the machine does not allow it. */
  static async open(options: NamespacesOptions): Promise<Namespaces> {
    const { folder, outlives, prepare, abandon } = options;
    const left = await recorded(folder);
    if (left) return new Namespaces(left, folder);
    const wait = outlives ? "exec sleep 2147483647" : `cat >/dev/null; ${abandon}`;
    const script = `${prepare}\necho ready\nexec >/dev/null 2>&1\n${wait}`;
    const child = spawn("unshare", ["--mount", "--net", "--propagation", "slave", "sh", "-ec", script], {
      detached: true,
      stdio: [outlives ? "ignore" : "pipe", "pipe", "pipe"],
    });
    await ready(child);
    child.unref();
    const holder = hostProcess(child.pid ?? 0);
    if (!holder) throw new Error("the process that holds the namespaces has ended");
    if (outlives) await writeFile(join(folder, RECORD), JSON.stringify(holder), { mode: 0o600 });
    return new Namespaces(holder, folder, child);
  }

  /** Returns the command that runs another one in the mount namespace, and with `net` also in the network namespace. */
  enter(command: readonly string[], net = false): string[] {
    const { pid } = this.holder;
    return ["nsenter", `--mount=/proc/${pid}/ns/mnt`, ...(net ? [`--net=/proc/${pid}/ns/net`] : []), "--", ...command];
  }

  /** Runs a shell script in them. */
  script(text: string, args: readonly string[] = []): Promise<CommandResult> {
    return runCommand(this.enter(["sh", "-ec", text, "sh", ...args], true));
  }

  /** Returns the path by which the engine reaches a file that is mounted in them. */
  path(path: string): string {
    return `/proc/${this.holder.pid}/root${path}`;
  }

  /** Returns whether something is mounted in them at a path. */
  async isMounted(path: string): Promise<boolean> {
    const mounts = await readFile(`/proc/${this.holder.pid}/mounts`, "utf8");
    return mounts.includes(` ${path.replaceAll(" ", "\\040")} `);
  }

  /** Ends them. What is still mounted there goes with them. */
  async close(): Promise<void> {
    signalProcess(this.holder, 9);
    while (isAlive(this.holder)) await sleep(2);
    this.#child?.stdin?.destroy();
    await rm(join(this.#folder, RECORD), { force: true });
  }
}

/** Returns the process that an earlier engine has left, if it still runs. */
async function recorded(folder: string): Promise<HostProcess | undefined> {
  try {
    const holder = JSON.parse(await readFile(join(folder, RECORD), "utf8")) as HostProcess;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined; // there was none
  }
}

/** Waits until the namespaces are prepared. */
async function ready(child: ChildProcess): Promise<void> {
  const { stdin, stdout, stderr } = child;
  const errors: Buffer[] = [];
  stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  const isReady = await new Promise<boolean>((resolve) => {
    stdout?.once("data", () => resolve(true));
    stdout?.once("close", () => resolve(false));
    child.once("error", (error) => {
      errors.push(Buffer.from(error.message));
      resolve(false);
    });
  });
  if (!isReady) throw new Error(`unshare: ${Buffer.concat(errors).toString().trim() || "failed"}`);
  stdout?.destroy();
  stderr?.destroy();
  // the pipe ends with the engine, which is all that it is for
  if (stdin instanceof Socket) stdin.unref();
}
