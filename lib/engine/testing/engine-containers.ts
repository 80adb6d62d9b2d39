import type { ContainerStats } from "../../types/stats.js";
import type { StreamName } from "../../wire/frames.js";
import type { Container } from "../containers/container.js";
import { rfc3339 } from "../containers/record.js";
import { conflict } from "../engine-error.js";
import type { TestedState } from "./tested-state.js";

/** How a container ends, for {@link EngineContainers.exit}. */
export interface ContainerExit {
  /** Whether it was killed because it had no memory left. The default is false. */
  oomKilled?: boolean;
}

/** The state of a container that does not run, for {@link EngineContainers.setState}. What is left out remains. */
export interface StoppedState {
  /** Status. */
  status?: "created" | "exited" | "dead";
  /** Exit code of the last run. */
  exitCode?: number;
  /** Why the last start failed. */
  error?: string;
  /** Whether the last run ended because the container had no memory left. */
  oomKilled?: boolean;
  /** How often its restart policy has restarted it. */
  restartCount?: number;
  /** Time of the last start. */
  startedAt?: Date;
  /** Time at which the last run ended. */
  finishedAt?: Date;
}

const nanoseconds = (date: Date): string => String(BigInt(date.getTime()) * 1_000_000n);

/**
 * Changes containers without a client: `engine.containers`. Containers are named by ID, by its beginning, or by name; the methods
 * reject with an error with `status` 404 if there is no such container. Events, waiting clients and restart policies follow.
 *
 * @category Embedded engine
 */
export class EngineContainers {
  readonly #state: () => TestedState;

  /** @internal */
  constructor(state: () => TestedState) {
    this.#state = state;
  }

  #find(container: string): Container {
    return this.#state().containers.find(container);
  }

  /**
   * Ends a container that runs, at once, as if its first process had ended. Its restart policy applies.
   *
   * @param exitCode - the exit code. The default is 0.
   * @returns when it has ended.
   * @throws an error with `status` 409 if it does not run.
   */
  async exit(container: string, exitCode = 0, { oomKilled = false }: ContainerExit = {}): Promise<void> {
    await this.#find(container).end({ code: exitCode, oomKilled });
  }

  /** Ends a container that runs as one that had no memory left: with the event `oom` and exit code 137. */
  oom(container: string): Promise<void> {
    return this.exit(container, 137, { oomKilled: true });
  }

  /**
   * Sets the health of a container that runs, with or without a health check; the next check changes it again.
   *
   * @param output - output of the check in the list of results. The default is empty.
   * @throws an error with `status` 409 if it does not run.
   */
  async setHealth(container: string, status: "starting" | "healthy" | "unhealthy", output = ""): Promise<void> {
    const found = this.#find(container);
    found.running();
    const { state } = found.record;
    const time = rfc3339(this.#state().clock.now());
    const result = { Start: time, End: time, ExitCode: status === "unhealthy" ? 1 : 0, Output: output };
    const { status: before, log = [], failingStreak = 0 } = state.health ?? {};
    state.health = { status, failingStreak: status === "unhealthy" ? failingStreak + 1 : 0, log: [...log, result].slice(-5) };
    if (status !== before && status !== "starting") found.emit(`health_status: ${status}`);
    await found.save();
  }

  /**
   * Changes the state of a container that does not run, to one that is hard to reach otherwise. No event is emitted.
   *
   * @throws an error with `status` 409 if it runs.
   */
  async setState(container: string, { startedAt, finishedAt, restartCount, ...state }: StoppedState): Promise<void> {
    const found = this.#find(container);
    const { record } = found;
    if (found.isRunning) throw conflict(`container ${found.id} is running: end it with engine.containers.exit()`);
    Object.assign(record.state, state);
    if (startedAt) record.state.startedAt = nanoseconds(startedAt);
    if (finishedAt) record.state.finishedAt = nanoseconds(finishedAt);
    if (restartCount !== undefined) record.restartCount = restartCount;
    await found.save();
  }

  /**
   * Writes to the output of a container that runs, as if its first process had written it: to its log and to attached clients.
   *
   * @param text - the output, usually with a line feed at its end.
   * @param stream - the stream. The default is `stdout`.
   * @returns when attached clients have taken it.
   * @throws an error with `status` 409 if it does not run.
   */
  async write(container: string, text: string | Uint8Array, stream: StreamName = "stdout"): Promise<void> {
    const found = this.#find(container);
    found.running();
    const bytes = Buffer.from(text as Uint8Array); // or a string
    if (found.record.hostConfig.LogConfig?.Type !== "none") found.log.append(stream, bytes, this.#state().clock.now());
    await found.hub.write(stream, bytes);
  }

  /**
   * Sets what statistics of a container report from now on.
   *
   * @param stats - the members that replace measured ones; undefined for only measured ones.
   */
  setStats(container: string, stats: Partial<ContainerStats> | undefined): void {
    this.#find(container).imposedStats = stats;
  }
}
