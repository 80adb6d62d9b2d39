import type { HealthConfig } from "../../types/health.js";
import { errorMessage } from "../../wire/realm.js";
import type { Clock } from "../clock.js";
import type { Sandbox } from "../runtime/executor.js";
import { containerEnvironment } from "./process-spec.js";
import { type ContainerRecord, rfc3339 } from "./record.js";

/** Docker's defaults: interval and timeout of 30 s, in milliseconds, 3 retries. */
const DEFAULT_INTERVAL = 30_000;
const DEFAULT_RETRIES = 3;
const DEFAULT_START_INTERVAL = 5000;

/** The number of results that `inspect` shows, and the bytes of output of each. */
const KEPT_RESULTS = 5;
const KEPT_OUTPUT = 4096;

const SIGKILL = 9;

const milliseconds = (nanoseconds: number | undefined, fallback: number): number =>
  nanoseconds === undefined || nanoseconds === 0 ? fallback : nanoseconds / 1_000_000;

/** What a monitor needs of its container. */
export interface CheckedContainer {
  /** Its record. The monitor changes its `health`. */
  readonly record: ContainerRecord;
  /** The variables that describe the containers to which it has links. */
  readonly linkedEnvironment: string[];
  /** Emits an event. */
  emit(action: string, attributes?: Readonly<Record<string, string>>): void;
  /** Returns its processes. */
  running(): Sandbox;
  /** Keeps the record. */
  saveState(): Promise<void>;
}

/** Runs the health checks of a container while it runs. */
export class HealthMonitor {
  readonly #container: CheckedContainer;
  readonly #clock: Clock;
  readonly #config: HealthConfig;
  readonly #stopped = new AbortController();

  private constructor(container: CheckedContainer, clock: Clock, config: HealthConfig) {
    this.#container = container;
    this.#clock = clock;
    this.#config = config;
  }

  /**
   * Starts the checks. Returns undefined for a container without a check.
   *
   * @param known - the results of an earlier engine, if the container has been running since.
   */
  static start(container: CheckedContainer, clock: Clock, known?: ContainerRecord["state"]["health"]): HealthMonitor | undefined {
    const { config, state } = container.record;
    const { Healthcheck } = config;
    const kind = Healthcheck?.Test?.[0];
    if (!Healthcheck || kind === undefined || kind === "NONE") {
      delete state.health;
      return undefined;
    }
    state.health = known ?? { status: "starting", failingStreak: 0, log: [] };
    const monitor = new HealthMonitor(container, clock, Healthcheck);
    void monitor.#run();
    return monitor;
  }

  /** Ends the checks. */
  stop(): void {
    this.#stopped.abort();
    const { health } = this.#container.record.state;
    if (health?.status === "starting") health.status = "unhealthy";
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    const { Interval, StartInterval, StartPeriod } = this.#config;
    const began = this.#clock.now();
    while (!signal.aborted) {
      const age = Number(this.#clock.now() - began) / 1_000_000;
      const isStarting = this.#status() === "starting" && age < milliseconds(StartPeriod, 0);
      const pause = isStarting ? milliseconds(StartInterval, DEFAULT_START_INTERVAL) : milliseconds(Interval, DEFAULT_INTERVAL);
      try {
        await this.#clock.sleep(pause, signal);
        const isGrace = Number(this.#clock.now() - began) / 1_000_000 < milliseconds(StartPeriod, 0);
        if (this.#container.record.state.status === "running") await this.#check(isGrace);
      } catch {
        return; // stopped, or the container has ended
      }
    }
  }

  #status(): string {
    return this.#container.record.state.health?.status ?? "";
  }

  /** Runs one check. Failures do not count during the start period of a container that was never healthy. */
  async #check(isGrace: boolean): Promise<void> {
    const { record } = this.#container;
    const start = this.#clock.now();
    const { code, output } = await this.#execute();
    const { health } = record.state;
    if (!health || this.#stopped.signal.aborted) return;
    const result = { Start: rfc3339(start), End: rfc3339(this.#clock.now()), ExitCode: code, Output: output };
    health.log = [...health.log, result].slice(-KEPT_RESULTS);
    const before = health.status;
    if (code === 0) {
      health.status = "healthy";
      health.failingStreak = 0;
    } else if (!(isGrace && before === "starting")) {
      health.failingStreak += 1;
      if (health.failingStreak >= (this.#config.Retries || DEFAULT_RETRIES)) health.status = "unhealthy";
    }
    if (health.status !== before) this.#container.emit(`health_status: ${health.status}`);
    await this.#container.saveState();
  }

  async #execute(): Promise<{ code: number; output: string }> {
    const { record } = this.#container;
    const [kind = "", ...args] = this.#config.Test ?? [];
    const shell = record.config.Shell ?? ["/bin/sh", "-c"];
    const argv = kind === "CMD-SHELL" ? [...shell, ...args] : args;
    const command = argv.join(" ");
    const limit = milliseconds(this.#config.Timeout, DEFAULT_INTERVAL);
    let linked: string[];
    try {
      linked = this.#container.linkedEnvironment;
    } catch (error) {
      return { code: -1, output: errorMessage(error) };
    }
    this.#container.emit(`exec_create: ${command}`, { execID: "health" });
    this.#container.emit(`exec_start: ${command}`, { execID: "health" });
    const process = await this.#container.running().execute({
      argv,
      env: containerEnvironment(record, false, linked),
      cwd: record.config.WorkingDir || "/",
      user: record.config.User ?? "",
      tty: false,
    });
    process.stdin.end();
    const done = new AbortController();
    const isLate = this.#clock.sleep(limit, done.signal).then(
      () => {
        process.kill(SIGKILL);
        return true;
      },
      () => false,
    );
    const parts: Buffer[] = [];
    const collect = async (stream: AsyncIterable<Buffer> | undefined): Promise<void> => {
      if (stream) for await (const chunk of stream) parts.push(chunk);
    };
    const [{ code }] = await Promise.all([process.exited, collect(process.stdout), collect(process.stderr)]);
    done.abort();
    this.#container.emit("exec_die", { execID: "health", exitCode: String(code) });
    if (await isLate) return { code: -1, output: `Health check exceeded timeout (${limit / 1000}s)` };
    return { code, output: Buffer.concat(parts).subarray(0, KEPT_OUTPUT).toString() };
  }
}
