import { Duplex, type Readable, type Writable } from "node:stream";
import type { ContainerProcess, TerminalSize } from "../executor.js";
import { type HostProcess, signalProcess, statFields } from "./host-process.js";
import { requireCommand } from "./run-command.js";

/** The parts of a process that runs. */
interface ProcessParts {
  /** The process on the machine; undefined if it ended before it could be looked at. */
  readonly target: HostProcess | undefined;
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable | undefined;
  readonly exited: ContainerProcess["exited"];
}

/** A process of the machine in a container. */
export class OciProcess implements ContainerProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable | undefined;
  readonly exited: ContainerProcess["exited"];
  readonly #target: HostProcess | undefined;

  constructor({ target, pid, stdin, stdout, stderr, exited }: ProcessParts) {
    this.#target = target;
    this.pid = pid;
    this.stdin = stdin ?? nowhere();
    this.stdout = stdout;
    this.stderr = stderr;
    this.exited = exited;
  }

  kill(signal: number): void {
    if (this.#target) signalProcess(this.#target, signal);
  }

  async resize({ rows, columns }: TerminalSize): Promise<void> {
    const number = Number(statFields(this.pid)?.[4] ?? 0);
    if (number === 0) return; // it has ended, or has left its terminal
    const minor = (number & 0xff) | ((number >> 12) & 0xfff00);
    const path = `/proc/${this.pid}/root/dev/pts/${minor}`;
    await requireCommand(["stty", "-F", path, "rows", String(rows), "cols", String(columns)]);
  }
}

/** Returns a stream that takes everything: the input of a process that has none. */
const nowhere = (): Writable => new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
