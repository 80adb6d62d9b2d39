import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { sleep } from "../../../wire/clock.js";
import type { TerminalSize } from "../executor.js";
import { writtenPid } from "./host-process.js";
import { requireCommand } from "./run-command.js";

/**
 * Runs a container in the foreground of a shell, which outlives the engine. The streams of the container are FIFOs that the shell keeps
 * open, so that nothing is lost while no engine reads them. Its exit code is written to a file, and the end of the FIFO `status` says
 * that it is there.
 *
 * Standard input would end with the engine. A second shell keeps it open until a line comes from the FIFO `hold`.
 *
 * A runtime that cannot keep what has ended removes the control group with its counters. Then the kernel's log says what was killed.
 */
const SCRIPT = `
cd "$1"
export RUNTIME="$2" STATE="$3" ID="$4" KEEP="$6" SHELL=/bin/sh
kills() { dmesg 2>/dev/null | grep -c "oom-kill:.*task_memcg=[^,]*/$ID[,/]"; }
[ -n "$KEEP" ] || before=$(kills)
holder=
if [ "$7" = pipes ]; then
  ( exec 9>stdin 8<>hold 3>&- <&- >&- 2>&-; read -r line <&8 ) &
  holder=$!
  exec 0<&0
fi
if [ "$7" = terminal ]; then
  script -qfc "stty raw -echo rows $8 cols $9; "'"$RUNTIME" --root "$STATE" --log log --log-format json run $KEEP --pid-file pid -b . "$ID"; echo $? >code' /dev/null 3>&-
  read -r code <code
else
  "$RUNTIME" --root "$STATE" --log log --log-format json run $KEEP --pid-file pid -b . "$ID" 3>&-
  code=$?
fi
[ -z "$holder" ] || kill "$holder" 2>/dev/null
exec 0<&- >&- 2>&-
# a container that outlived its runtime has no code of its own
if [ -f pid ]; then
  read -r pid <pid
  kill -0 "$pid" && "$RUNTIME" --root "$STATE" delete -f "$ID"
fi
if [ -n "$KEEP" ]; then while read -r line; do echo "$line"; done <"$5"; else echo "oom_kill $(($(kills) - before))"; fi >memory
echo "$code" >exit
exec 3>&-
[ ! -e "$STATE/$ID" ] || "$RUNTIME" --root "$STATE" delete -f "$ID"
`;

/** How long the removal of the state may take, in milliseconds. */
const PATIENCE = 10_000;

/** The FIFOs of a container. */
const fifos = ["stdin", "stdout", "stderr", "status", "hold"] as const;

/** What a shim needs to run a container. */
export interface ShimOptions {
  /** The container's folder, with its configuration. */
  readonly folder: string;
  /** Returns the command that runs another one in the namespaces of the engine. */
  readonly enter: (command: readonly string[]) => string[];
  /** The runtime. */
  readonly runtime: string;
  /** Whether the runtime can keep the state and the control group of a container that has ended. */
  readonly keeps: boolean;
  /** Folder of the runtime's state. */
  readonly state: string;
  /** ID of the container. */
  readonly id: string;
  /** The file with what the kernel says about its memory. */
  readonly memoryEvents: string;
  /** The size of its terminal; undefined if it has none. */
  readonly terminal: TerminalSize | undefined;
  /** Whether its standard input is open. */
  readonly hasInput: boolean;
}

/** How a container ended. */
export interface ShimExit {
  /** Its exit code; undefined if the shell was killed before it knew. */
  readonly code: number | undefined;
  /** Whether the kernel has killed one of its processes for lack of memory. */
  readonly oomKilled: boolean;
}

/** The shell that runs a container, and its streams. */
export class Shim {
  /** Standard input; undefined if it is closed. */
  readonly stdin: Socket | undefined;
  /** Standard output. */
  readonly stdout: Socket;
  /** Standard error; undefined for a terminal. */
  readonly stderr: Socket | undefined;
  /** Resolves when the container has ended. */
  readonly exited: Promise<ShimExit>;
  readonly #folder: string;

  /** Connects to the streams of a container that was started. */
  constructor(folder: string, hasTerminal: boolean, hasInput: boolean) {
    this.#folder = folder;
    this.stdout = reader(join(folder, "stdout"));
    this.stderr = hasTerminal ? undefined : reader(join(folder, "stderr"));
    this.stdin = hasInput || hasTerminal ? this.#writer() : undefined;
    this.exited = this.#end();
  }

  /** Starts a container. It may still fail to start. */
  static async start(options: ShimOptions): Promise<{ shim: Shim; child: ChildProcess }> {
    const { folder, enter, runtime, keeps, state, id, memoryEvents, terminal, hasInput } = options;
    await prepare(folder, join(state, id));
    const at = (name: string): string => join(folder, name);
    // opened for both directions, a FIFO neither waits for its other end nor breaks when that is gone
    const opened = (name: string): number => openSync(at(name), "r+");
    const input = terminal
      ? opened("stdin")
      : hasInput
        ? openSync(at("stdin"), constants.O_RDONLY | constants.O_NONBLOCK)
        : undefined;
    const [output, errors, status] = [opened("stdout"), opened("stderr"), opened("status")];
    try {
      const kind = terminal ? "terminal" : hasInput ? "pipes" : "none";
      const size = terminal ? [String(terminal.rows), String(terminal.columns)] : [];
      const [file = "", ...args] = enter([
        "sh",
        "-c",
        SCRIPT,
        "ts-dockerclient-shim",
        folder,
        runtime,
        state,
        id,
        memoryEvents,
        keeps ? "--keep" : "",
        kind,
        ...size,
      ]);
      const child = spawn(file, args, { detached: true, stdio: [input ?? "ignore", output, errors, status] });
      child.on("error", () => undefined); // the end of its streams tells
      child.unref();
      return { shim: new Shim(folder, terminal !== undefined, hasInput), child };
    } finally {
      for (const fd of [input, output, errors, status]) if (fd !== undefined) closeSync(fd);
    }
  }

  /** Waits until the container has started. Returns its process ID; undefined if it failed to start. */
  started(): Promise<number | undefined> {
    return writtenPid(join(this.#folder, "pid"), this.exited);
  }

  #writer(): Socket | undefined {
    let fd: number;
    try {
      fd = openSync(join(this.#folder, "stdin"), constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return undefined; // nobody reads it any more
    }
    const socket = new Socket({ fd, readable: false, writable: true });
    socket.once("finish", () => {
      this.#release();
      socket.destroy();
    });
    return socket;
  }

  /** Lets the shell that keeps the standard input open go. */
  #release(): void {
    try {
      const fd = openSync(join(this.#folder, "hold"), constants.O_RDWR | constants.O_NONBLOCK);
      writeSync(fd, "\n");
      closeSync(fd);
    } catch {
      // the container has ended, and its folder is gone
    }
  }

  async #end(): Promise<ShimExit> {
    const status = reader(join(this.#folder, "status"));
    status.resume();
    await new Promise<void>((resolve) => status.once("close", resolve));
    const text = (name: string): string => {
      try {
        return readFileSync(join(this.#folder, name), "latin1");
      } catch {
        return ""; // the shell was killed
      }
    };
    const code = text("exit").trim();
    const [, kills = "0"] = /^oom_kill (\d+)$/m.exec(text("memory")) ?? [];
    return { code: code === "" ? undefined : Number(code), oomKilled: Number(kills) > 0 };
  }
}

/** Opens the end of a FIFO from which the engine reads. No thread waits for it. */
function reader(path: string): Socket {
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
  socket.on("error", () => undefined); // its end tells
  return socket;
}

/** Makes the FIFOs of a container that never ran, and removes what its last run has left. */
async function prepare(folder: string, state: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of ["pid", "exit", "memory", "log", "code"]) await rm(join(folder, name), { force: true });
  if (!(await isThere(join(folder, "hold"))))
    await requireCommand(["mkfifo", "-m", "600", ...fifos.map((name) => join(folder, name))]);
  await stateRemoved(state);
}

/**
 * Waits until the shell of a container has removed the state of the runtime, which it does after it has told the exit code.
 *
 * @param state - folder of the container's state.
 */
export async function stateRemoved(state: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE && (await isThere(state)); waited += 5) await sleep(5);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
