import { PassThrough, Readable } from "node:stream";
import type { ExecCreateRequest, ExecInspect, ExecStartRequest } from "../../types/exec.js";
import { isError } from "../../wire/realm.js";
import { badRequest, conflict, EngineError, notFound } from "../engine-error.js";
import { type ContainerProcess, type ProcessSpec, SettingError, StartError, type TerminalSize } from "../runtime/executor.js";
import { findUser } from "../runtime/program/users.js";
import type { Container } from "./container.js";
import { newId } from "./create-config.js";
import { OutputHub } from "./output-hub.js";
import { containerEnvironment, environment } from "./process-spec.js";

/** The number of ended execs that can still be inspected. */
const KEPT = 1000;

/** A command in a container that runs. */
export class Exec {
  /** ID: 64 hexadecimal digits. */
  readonly id = newId();
  /** Its container. */
  readonly container: Container;
  /** Its settings. */
  readonly request: ExecCreateRequest;
  /** Passes its output to the client that started it. */
  readonly hub = new OutputHub();
  /** Its standard input, if it is attached. */
  readonly stdin = new PassThrough();
  #process: ContainerProcess | undefined;
  #exitCode: number | null = null;
  /** Process ID, also after the end: clients tell by it whether the command was started. */
  #pid = 0;
  #isStarted = false;
  /** Variables that describe the containers to which its container had links when it was created. */
  readonly #linked: readonly string[];
  #size: TerminalSize | undefined;

  constructor(container: Container, request: ExecCreateRequest) {
    this.container = container;
    this.request = request;
    this.#linked = container.linkedEnvironment;
    this.#size = sizeOf(request.ConsoleSize);
  }

  /** Whether it has ended. */
  get isEnded(): boolean {
    return this.#isStarted && this.#process === undefined;
  }

  /** The command in one line, as events show it. */
  get #command(): string {
    return (this.request.Cmd ?? []).join(" ");
  }

  #emit(action: string, attributes: Record<string, string> = {}): void {
    this.container.emit(action, { execID: this.id, ...attributes });
  }

  /** Reports its creation. */
  created(): void {
    this.#emit(`exec_create: ${this.#command}`);
  }

  /** Checks that it can be started. @throws an {@link EngineError} otherwise. */
  check(): void {
    if (this.#isStarted) throw conflict(`exec command ${this.id} is already running`);
    requireRunning(this.container);
  }

  /**
   * Starts it.
   *
   * @returns when all output was passed on.
   * @throws an {@link EngineError} when the command cannot be started.
   */
  async start(start: ExecStartRequest, onStarted: () => void): Promise<void> {
    this.check();
    this.#isStarted = true;
    this.#size = sizeOf(start.ConsoleSize) ?? this.#size;
    this.#emit(`exec_start: ${this.#command}`);
    const process = await this.#launch().catch(async (error: unknown) => {
      if (start.Detach || !(error instanceof EngineError)) throw error;
      onStarted();
      // clients that are attached find the reason in the output
      await this.hub.pump("stdout", Readable.from([Buffer.from(`${error.message}\r\n`)]));
      return undefined;
    });
    if (!process) {
      this.#end();
      return;
    }
    this.#process = process;
    this.#pid = process.pid;
    process.stdin.on("error", () => undefined); // the process ended without reading it
    if (this.request.AttachStdin) this.stdin.pipe(process.stdin);
    else process.stdin.end();
    onStarted();
    const output = Promise.all([
      this.hub.pump("stdout", process.stdout),
      process.stderr && this.hub.pump("stderr", process.stderr),
    ]);
    const { code } = await process.exited;
    this.#exitCode = code;
    await output.catch(() => undefined); // the container was killed with it
    this.#process = undefined;
    this.#emit("exec_die", { exitCode: String(code) });
    this.#end();
  }

  #end(): void {
    this.container.execIds.delete(this.id);
    this.stdin.destroy();
    this.hub.end();
  }

  async #launch(): Promise<ContainerProcess> {
    try {
      return await this.container.running().execute(this.#spec());
    } catch (error) {
      this.#exitCode = error instanceof StartError ? error.exitCode : 126;
      this.container.execIds.delete(this.id);
      this.#emit("exec_die", { exitCode: String(this.#exitCode) });
      const message = isError(error) ? error.message : String(error);
      const prefix =
        error instanceof SettingError ? "" : "OCI runtime exec failed: exec failed: unable to start container process: ";
      throw error instanceof StartError ? new EngineError(400, `${prefix}${message}`, { cause: error }) : error;
    }
  }

  #spec(): ProcessSpec {
    const { record } = this.container;
    const { Cmd = [], Env, Tty = false, User = "", WorkingDir = "", Privileged = false } = this.request;
    return {
      argv: Cmd,
      env: { ...containerEnvironment(record, Tty, this.#linked), ...environment(Env ?? []) },
      cwd: WorkingDir || record.config.WorkingDir || "/",
      user: User || (record.config.User ?? ""),
      tty: Tty,
      ...(this.#size ? { size: this.#size } : {}),
      ...(Privileged ? { privileged: true } : {}),
    };
  }

  /** Changes the size of its terminal; before the start, the one that it will have. */
  async resize(size: TerminalSize): Promise<void> {
    this.#size = size;
    await this.#process?.resize(size);
  }

  /** Returns what `inspect` shows. */
  inspect(): ExecInspect {
    const {
      Cmd = [],
      Tty = false,
      User,
      Privileged = false,
      AttachStdin = false,
      AttachStdout = false,
      AttachStderr = false,
    } = this.request;
    const [entrypoint = "", ...args] = Cmd;
    return {
      ID: this.id,
      Running: this.#process !== undefined,
      ExitCode: this.#exitCode,
      ProcessConfig: { tty: Tty, entrypoint, arguments: args, privileged: Privileged, ...(User ? { user: User } : {}) },
      OpenStdin: AttachStdin,
      OpenStderr: AttachStderr,
      OpenStdout: AttachStdout,
      CanRemove: false, // as on Docker, which removes it itself
      ContainerID: this.container.id,
      DetachKeys: this.request.DetachKeys ?? "",
      Pid: this.#pid,
    };
  }
}

/** The commands in containers, by ID. */
export class Execs {
  readonly #execs = new Map<string, Exec>();

  /**
   * Creates a command.
   *
   * @param reference - how the request names the container.
   * @throws an {@link EngineError} when the container does not run, or there is no command.
   */
  async create(container: Container, request: ExecCreateRequest, reference: string): Promise<Exec> {
    if (!request.Cmd || request.Cmd.length === 0) throw badRequest("No exec command specified");
    requireRunning(container, reference);
    const { files } = await container.files();
    await findUser(files, request.User ?? "").catch((error: unknown) => {
      throw error instanceof StartError ? badRequest(error.message, error) : error;
    });
    const exec = new Exec(container, request);
    this.#forgetOldest();
    this.#execs.set(exec.id, exec);
    container.execIds.add(exec.id);
    exec.created();
    return exec;
  }

  /** Returns a command by its ID. @throws an {@link EngineError} with status 404 if there is none. */
  find(id: string): Exec {
    const exec = this.#execs.get(id);
    if (!exec) throw notFound(`No such exec instance: ${id}`);
    return exec;
  }

  /** Forgets the commands of a container that was removed. */
  forget(container: Container): void {
    for (const [id, exec] of this.#execs) if (exec.container === container) this.#execs.delete(id);
  }

  #forgetOldest(): void {
    for (const [id, exec] of this.#execs) {
      if (this.#execs.size < KEPT) return;
      if (!exec.isEnded) continue;
      this.#execs.delete(id);
    }
  }
}

function requireRunning(container: Container, reference = container.id): void {
  const { state } = container.record;
  if (state.status === "paused") throw conflict(`Container ${reference} is paused, unpause the container before exec`);
  if (state.status === "restarting")
    throw conflict(`Container ${container.id} is restarting, wait until the container is running`);
  if (!container.isRunning) throw conflict(`container ${container.id} is not running`);
}

function sizeOf(size: readonly [height: number, width: number] | null | undefined): TerminalSize | undefined {
  const [rows = 0, columns = 0] = size ?? [];
  return rows > 0 && columns > 0 ? { rows, columns } : undefined;
}
