import { Gate } from "../../changes.js";
import type { Clock } from "../../clock.js";
import type { FileSystem } from "../../files/file-system.js";
import { type ProcessRow, StartError } from "../executor.js";
import { Process, type ProcessHost } from "./process.js";
import { type ChildStart, ProcessContext, type ProcessServices } from "./process-context.js";
import type { Program } from "./program.js";
import type { ProcessorTime } from "./shared-use.js";

/** What a table of processes needs of its container. */
export interface ProcessTableHost extends Omit<ProcessServices, "start" | "rows" | "find"> {
  /** The engine's clock. */
  readonly clock: Clock;
  /** Returns a new process ID outside the container. */
  nextHostPid(): number;
  /** Returns the files as a process sees them. */
  filesOf(process: Process): FileSystem;
  /** Called with what the operator of the engine should know. */
  report(message: string): void;
}

/** The number of processes that a container may have without a limit of its own. */
const usualLimit = 1000;

/** The container has as many processes as it may have. */
class ForkError extends StartError {
  constructor() {
    super("can't fork: Resource temporarily unavailable", 126);
    this.name = "ForkError";
  }
}

const sum = (one: ProcessorTime, other: ProcessorTime): ProcessorTime => ({
  user: one.user + other.user,
  system: one.system + other.system,
});

const millisecondsOf = ({ user, system }: ProcessorTime): number => (user + system) / 1000;

/** The processes of a container. When the first one ends, all others are killed. */
export class ProcessTable {
  /** Closed while the container is paused. */
  readonly gate = new Gate();
  /** The number of processes that may run at a time. */
  limit = usualLimit;
  readonly #host: ProcessTableHost;
  readonly #processes = new Map<number, Process>();
  #lastPid = 0;
  /** What ended processes have used of the processor. */
  #past: ProcessorTime = { user: 0, system: 0 };

  constructor(host: ProcessTableHost) {
    this.#host = host;
  }

  /** The running processes in the order in which they started. */
  get running(): Process[] {
    return [...this.#processes.values()];
  }

  /** Returns a running process. */
  find(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  /**
   * Starts a process. Its program runs after this function has returned.
   *
   * @throws {@link ForkError} when the container has as many processes as it may have. The descriptors are released then.
   */
  start(program: Program, start: ChildStart): Process {
    if (this.#processes.size >= this.limit) {
      for (const descriptor of start.descriptors) descriptor.release();
      throw new ForkError();
    }
    const host: ProcessHost = {
      clock: this.#host.clock,
      gate: this.gate,
      ended: (process) => this.#ended(process),
      report: (message) => this.#host.report(message),
    };
    const process = new Process({ ...start, pid: ++this.#lastPid, hostPid: this.#host.nextHostPid() }, host);
    process.foreground = start.foreground;
    this.#processes.set(process.pid, process);
    const services: ProcessServices = {
      clock: this.#host.clock,
      hostname: this.#host.hostname,
      registry: this.#host.registry,
      start: (child, childStart) => this.start(child, childStart),
      rows: () => this.rows((row) => row.pid),
      find: (pid) => this.find(pid),
      listen: (port, onConnection) => this.#host.listen(port, onConnection),
      connect: (target, port) => this.#host.connect(target, port),
      interfaces: () => this.#host.interfaces(),
    };
    const context = new ProcessContext(process, this.#host.filesOf(process), services);
    void Promise.resolve().then(() => process.run(program, context));
    return process;
  }

  /**
   * Returns the running processes as rows.
   *
   * @param id - returns the ID of a process: that in the container or that outside of it.
   */
  rows(id: (process: Process) => number): ProcessRow[] {
    return this.running.map((process) => {
      const parent = this.#processes.get(process.parent);
      return {
        user: process.user.name ?? String(process.user.uid),
        pid: id(process),
        parent: parent ? id(parent) : 0,
        started: process.started,
        cpu: Math.round(millisecondsOf(process.share.time)),
        terminal: process.descriptors.some((descriptor) => descriptor.terminal) ? "pts/0" : "?",
        command: process.argv.join(" "),
      };
    });
  }

  /** Kills all processes. */
  killAll(): void {
    for (const process of this.running.reverse()) process.deliver("SIGKILL", false);
  }

  /** What all processes have used of the processor. */
  get used(): ProcessorTime {
    return this.running.map(({ share }) => share.time).reduce(sum, this.#past);
  }

  #ended(process: Process): void {
    this.#past = sum(this.#past, process.share.time);
    this.#processes.delete(process.pid);
    if (process.pid === 1) this.killAll();
    for (const child of this.running) if (child.parent === process.pid) child.parent = 1;
    this.find(process.parent)?.deliver("SIGCHLD", true);
  }
}
