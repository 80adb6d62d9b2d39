import { PassThrough, type Writable } from "node:stream";
import type { ContainerStats } from "../../types/stats.js";
import { isError } from "../../wire/realm.js";
import { conflict, EngineError } from "../engine-error.js";
import {
  type ContainerProcess,
  type ProcessExit,
  type Sandbox,
  SettingError,
  StartError,
  type TerminalSize,
} from "../runtime/executor.js";
import { signalNumber } from "../runtime/program/signals.js";
import { checkStart } from "./check-start.js";
import type { ContainerHost } from "./container-host.js";
import { HealthMonitor } from "./health.js";
import { KeptContainer } from "./kept-container.js";
import type { ContainerLog } from "./log.js";
import { limitsAtStart } from "./log-limits.js";
import { OutputHub } from "./output-hub.js";
import type { ContainerRecord } from "./record.js";
import { RestartDelay, restarts } from "./restart-policy.js";
import { sandboxSpec } from "./sandbox-spec.js";
import { type WaitCondition, Waiters } from "./waiters.js";

/** How long the engine waits for the output of a process that has ended, in milliseconds: other processes may hold it open. */
const OUTPUT_GRACE = 2000;

const SIGKILL = 9;

/** A container: its record, and what it is while the engine runs. */
export class Container extends KeptContainer {
  /** Its log. */
  readonly log: ContainerLog;
  /** Passes its output to attached clients. */
  readonly hub = new OutputHub();
  /** What statistics report in place of what is measured. */
  imposedStats: Partial<ContainerStats> | undefined;
  /** The IDs of its execs that have not been forgotten. */
  readonly execIds = new Set<string>();
  readonly #host: ContainerHost;
  readonly #waiters = new Waiters();
  readonly #delay = new RestartDelay();
  #input = new PassThrough();
  #sandbox: Sandbox | undefined;
  #health: HealthMonitor | undefined;
  /** The end of the last run, when everything of it is kept. */
  #ended: Promise<void> | undefined;
  /** The same, after its own removal if it has `AutoRemove`. */
  #over: Promise<void> | undefined;
  #imposed: ProcessExit | undefined;
  #isShutDown = false;
  #restarting: AbortController | undefined;
  readonly #size: TerminalSize | undefined;

  constructor(record: ContainerRecord, log: ContainerLog, host: ContainerHost) {
    super(record, host);
    this.log = log;
    this.#host = host;
    const [rows = 0, columns = 0] = record.hostConfig.ConsoleSize ?? [];
    if (rows > 0 && columns > 0) this.#size = { rows, columns };
  }

  /** Whether its first process runs, also while it is paused. */
  get isRunning(): boolean {
    return this.#sandbox !== undefined;
  }

  /** The processes, while it runs. */
  get sandbox(): Sandbox | undefined {
    return this.#sandbox;
  }

  /** Standard input of the first process; undefined if it is not open. It may be written to before the start. */
  get stdin(): Writable | undefined {
    return this.record.config.OpenStdin ? this.#input : undefined;
  }

  /** The processes of a container that runs. @throws an {@link EngineError} with status 409 if it does not. */
  running(): Sandbox {
    if (!this.#sandbox) throw conflict(`container ${this.id} is not running`);
    return this.#sandbox;
  }

  /**
   * Starts it.
   *
   * @returns false if it runs already.
   * @throws an {@link EngineError} when its first process cannot be started.
   */
  start(): Promise<boolean> {
    return this.exclusively(async () => {
      const { state } = this.record;
      if (state.status === "paused") throw conflict("cannot start a paused container, try unpause instead");
      if (state.status === "removing" || state.status === "dead")
        throw conflict("container is marked for removal and cannot be started");
      if (this.isRunning) return false;
      await this.settled();
      this.#restarting?.abort();
      this.record.restartCount = 0;
      await this.#launch();
      return true;
    });
  }

  async #launch(): Promise<void> {
    const { record } = this;
    const { state } = record;
    try {
      await checkStart(record.hostConfig);
      const connected = await this.#host.connect(record);
      const idOf = (reference: string): string => this.#host.idOf(reference);
      const starting = { ...connected, ...(await this.files()), size: this.#size, linked: this.linkedEnvironment, idOf };
      const spec = await sandboxSpec(record, starting);
      this.log.limit(limitsAtStart(record.hostConfig));
      state.hasLog = true;
      const sandbox = await this.#host.executor.start(spec);
      this.#sandbox = sandbox;
      await this.#host.publish(record, sandbox);
      this.#follow(sandbox);
    } catch (error) {
      await this.#failedStart(error);
    }
    state.status = "running";
    state.pid = this.#sandbox?.main.pid ?? 0;
    state.exitCode = 0;
    state.error = "";
    state.oomKilled = false;
    state.isStoppedByHand = false;
    state.startedAt = String(this.#host.clock.now());
    this.#health = HealthMonitor.start(this, this.#host.clock);
    await this.saveState();
    this.emit("start");
  }

  /** Takes over the processes that an earlier engine has left. Returns false if they ended with it. */
  async adopt(): Promise<boolean> {
    const { record } = this;
    const { id, config, hostConfig: host } = record;
    const { executor } = this.#host;
    if (!executor.adopt) return false;
    const network = this.#host.reconnect(record);
    const { root } = await this.files();
    const { Tty = false, OpenStdin = false } = config;
    const sandbox = await executor.adopt({ id, root, host, network, tty: Tty, hasInput: OpenStdin });
    if (!sandbox) {
      await this.#host.disconnect(record);
      return false;
    }
    await this.attempt("log", () => this.log.limit(limitsAtStart(host)));
    this.#follow(sandbox);
    await this.attempt("ports", () => this.#host.republish(record, sandbox));
    this.#health = HealthMonitor.start(this, this.#host.clock, record.state.health);
    return true;
  }

  #follow(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
    this.#ended = this.#run(sandbox);
    this.#over = this.#ended.then(() => this.#removeItself());
  }

  async #failedStart(error: unknown): Promise<never> {
    const { state, hostConfig } = this.record;
    this.#sandbox?.main.kill(SIGKILL);
    this.#sandbox = undefined;
    await this.#host.disconnect(this.record);
    const message = isError(error) ? error.message : String(error);
    const isStart = error instanceof StartError;
    state.exitCode = isStart ? error.exitCode : 128;
    state.error =
      isStart && !(error instanceof SettingError)
        ? `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${message}`
        : message;
    state.pid = 0;
    if (state.status === "restarting") state.status = "exited";
    await this.saveState();
    if (hostConfig.AutoRemove) void this.attempt("removal", () => this.#host.autoRemove(this.id));
    const status = error instanceof EngineError ? error.status : isStart && state.exitCode !== 128 ? 400 : 500;
    throw new EngineError(status, state.error, { cause: error });
  }

  /** Follows a run to its end. */
  async #run(sandbox: Sandbox): Promise<void> {
    const { log, hub, record } = this;
    const { clock } = this.#host;
    const { main } = sandbox;
    const isLogged = record.hostConfig.LogConfig?.Type !== "none";
    const onChunk = (stream: "stdout" | "stderr") =>
      isLogged ? (chunk: Buffer) => void this.attempt("log", () => log.append(stream, chunk, clock.now())) : undefined;
    log.begin();
    this.#connectInput(main);
    const output = Promise.all([
      hub.pump("stdout", main.stdout, onChunk("stdout")),
      main.stderr && hub.pump("stderr", main.stderr, onChunk("stderr")),
    ]);
    const exit = await main.exited.then((own) => this.#imposed ?? own);
    this.#imposed = undefined;
    const waited = new AbortController();
    await Promise.race([output, clock.sleep(OUTPUT_GRACE, waited.signal)]).catch((error: unknown) => {
      if (!waited.signal.aborted) this.#host.report(`output of container ${this.id}: ${String(error)}`);
    });
    waited.abort();
    await this.#finish(exit.code, exit.oomKilled ?? false);
  }

  #connectInput(main: ContainerProcess): void {
    const { config } = this.record;
    main.stdin.on("error", () => undefined); // the process ended without reading it
    if (config.OpenStdin) this.#input.pipe(main.stdin);
    else main.stdin.end();
  }

  async #finish(code: number, oomKilled: boolean): Promise<void> {
    const { record, log, hub } = this;
    const { state, hostConfig } = record;
    const now = this.#host.clock.now();
    this.#sandbox = undefined;
    this.#health?.stop();
    this.#input.destroy();
    this.#input = new PassThrough();
    const run = now - BigInt(state.startedAt ?? now);
    Object.assign(state, { status: "exited", pid: 0, exitCode: code, oomKilled, finishedAt: String(now) });
    await this.attempt("end", () => this.#host.disconnect(record));
    await this.attempt("log", () => log.end(now));
    const willRestart = !this.#isShutDown && restarts(hostConfig.RestartPolicy, state, record.restartCount);
    if (willRestart) state.status = "restarting";
    if (!(await this.attempt("files", () => this.keepFiles()))) await this.saveState();
    if (oomKilled) this.emit("oom");
    this.emit("die", { exitCode: String(code), execDuration: String(run / 1_000_000_000n) });
    hub.end();
    this.#waiters.exited({ StatusCode: code });
    // a client may have stopped it meanwhile
    if (willRestart && state.status === "restarting") void this.#restartLater(this.#delay.next(run));
  }

  async #removeItself(): Promise<void> {
    const { hostConfig, state } = this.record;
    if (hostConfig.AutoRemove && state.status === "exited") await this.attempt("removal", () => this.#host.autoRemove(this.id));
  }

  /** Waits until everything of the last run is kept, if it has ended. */
  async settled(): Promise<void> {
    if (!this.isRunning) await this.#ended;
  }

  async #restartLater(delay: number): Promise<void> {
    const stop = new AbortController();
    this.#restarting = stop;
    try {
      await this.#host.clock.sleep(delay, stop.signal);
      await this.exclusively(async () => {
        if (stop.signal.aborted || this.isRunning) return;
        this.record.restartCount += 1;
        await this.#launch();
      });
    } catch (error) {
      if (!stop.signal.aborted) this.#host.report(`restart of container ${this.id}: ${String(error)}`);
    }
  }

  /** Ends the delay of the restart policy: the container stays as it is. */
  async #cancelRestart(): Promise<boolean> {
    if (this.record.state.status !== "restarting") return false;
    this.#restarting?.abort();
    this.record.state.status = "exited";
    this.record.state.isStoppedByHand = true;
    await this.saveState();
    return true;
  }

  /** Sends a signal to the first process. @throws an {@link EngineError} with status 409 if it does not run. */
  async kill(signal: number): Promise<void> {
    const { record } = this;
    if (await this.#cancelRestart()) return;
    if (!this.#sandbox) throw conflict(`container ${this.id} is not running`);
    const ended = this.#over;
    const isEnd = signal === SIGKILL || signal === this.#stopSignal();
    if (isEnd) record.state.isStoppedByHand = true;
    if (signal === SIGKILL && record.state.status === "paused") await this.#sandbox.resume();
    this.#sandbox.main.kill(signal);
    this.emit("kill", { signal: String(signal) });
    if (signal === SIGKILL) await ended;
  }

  /** Ends its processes at once, as if the first one had ended so. @throws an {@link EngineError} with status 409 if it does not run. */
  async end(exit?: ProcessExit): Promise<void> {
    const { main } = this.running();
    const over = this.#over;
    this.#imposed = exit;
    if (this.record.state.status === "paused") await this.unpause();
    main.kill(SIGKILL);
    await over;
  }

  /** Ends it with its engine: it is not restarted now, and does not count as stopped by a client. */
  async shutDown(): Promise<void> {
    this.#isShutDown = true;
    this.#restarting?.abort();
    if (this.isRunning) await this.end();
  }

  #stopSignal(name = this.record.config.StopSignal ?? ""): number {
    return signalNumber(name || "SIGTERM") ?? 15;
  }

  /**
   * Stops it: sends the stop signal, and kills it after the timeout.
   *
   * @param signal - name of the signal. By default that of the container.
   * @param timeout - in seconds; -1 waits without limit. By default that of the container, or 10.
   * @returns false if it does not run.
   */
  async stop(signal?: string, timeout?: number): Promise<boolean> {
    if (await this.#cancelRestart()) return true;
    const sandbox = this.#sandbox;
    const ended = this.#over;
    if (!sandbox || !ended) return false;
    const seconds = timeout ?? this.record.config.StopTimeout ?? 10;
    this.record.state.isStoppedByHand = true;
    if (this.record.state.status === "paused") await this.unpause();
    const number = this.#stopSignal(signal);
    sandbox.main.kill(number);
    this.emit("kill", { signal: String(number) });
    const waited = new AbortController();
    const late = this.#host.clock.sleep(seconds < 0 ? Infinity : seconds * 1000, waited.signal).then(() => {
      if (this.#sandbox !== sandbox) return;
      sandbox.main.kill(SIGKILL);
      this.emit("kill", { signal: String(SIGKILL) });
    });
    late.catch(() => undefined); // the container ended in time
    await ended;
    waited.abort();
    this.emit("stop");
    return true;
  }

  /** Stops it if it runs, and starts it. */
  async restart(signal?: string, timeout?: number): Promise<void> {
    const { AutoRemove } = this.record.hostConfig;
    this.record.hostConfig.AutoRemove = false;
    try {
      await this.stop(signal, timeout);
    } finally {
      this.record.hostConfig.AutoRemove = AutoRemove ?? false;
    }
    await this.start();
    this.emit("restart");
  }

  /** Freezes all processes. */
  async pause(): Promise<void> {
    const sandbox = this.running();
    if (this.record.state.status === "paused") throw conflict(`Container ${this.id} is already paused`);
    await sandbox.pause();
    this.record.state.status = "paused";
    await this.saveState();
    this.emit("pause");
  }

  /** Continues all processes. */
  async unpause(): Promise<void> {
    if (this.record.state.status !== "paused") throw new EngineError(500, `Container ${this.id} is not paused`);
    await this.running().resume();
    this.record.state.status = "running";
    await this.saveState();
    this.emit("unpause");
  }

  /** Changes the size of the terminal. @throws an {@link EngineError} with status 409 if it does not run. */
  async resize(size: TerminalSize): Promise<void> {
    await this.running().main.resize(size);
    this.emit("resize", { height: String(size.rows), width: String(size.columns) });
  }

  /** Waits for a condition. The promise is pending until it holds, and for ever after the signal. */
  async wait(condition: WaitCondition, signal?: AbortSignal): ReturnType<Waiters["wait"]> {
    const { state } = this.record;
    // nobody learns of the end of a run before it is kept
    if (condition === "not-running") await this.settled();
    const isOver = condition === "not-running" && !this.isRunning && state.status !== "restarting";
    if (!isOver) return this.#waiters.wait(condition, signal);
    return { StatusCode: state.exitCode, ...(state.error === "" ? {} : { Error: { Message: state.error } }) };
  }

  /** Called after the container was removed. */
  removed(): void {
    this.#waiters.removed({ StatusCode: this.record.state.exitCode });
    this.hub.end();
    this.log.remove();
  }
}
