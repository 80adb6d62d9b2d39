/** What a client waits for. */
export type WaitCondition = "not-running" | "next-exit" | "removed";

/** The answer to a client that waits. */
export interface WaitResult {
  /** Exit code. */
  StatusCode: number;
  /** Why the container could not be started. */
  Error?: {
    /** The reason. */
    Message: string;
  };
}

/** The clients that wait for the end or the removal of a container. */
export class Waiters {
  readonly #forExit = new Set<(result: WaitResult) => void>();
  readonly #forRemoval = new Set<(result: WaitResult) => void>();

  /**
   * Waits for a condition that does not hold yet.
   *
   * @param signal - forgets the client, which is gone: the promise stays pending.
   */
  wait(condition: WaitCondition, signal?: AbortSignal): Promise<WaitResult> {
    const waiting = condition === "removed" ? this.#forRemoval : this.#forExit;
    return new Promise((resolve) => {
      if (signal?.aborted) return;
      waiting.add(resolve);
      signal?.addEventListener("abort", () => waiting.delete(resolve), { once: true });
    });
  }

  /** The number of clients that wait. */
  get size(): number {
    return this.#forExit.size + this.#forRemoval.size;
  }

  /** Answers those who wait for the end of a run. */
  exited(result: WaitResult): void {
    for (const resolve of this.#forExit) resolve(result);
    this.#forExit.clear();
  }

  /** Answers those who wait for the removal, and those who wait for a run that will never be. */
  removed(result: WaitResult): void {
    this.exited(result);
    for (const resolve of this.#forRemoval) resolve(result);
    this.#forRemoval.clear();
  }
}
