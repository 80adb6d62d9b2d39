/** Runs tasks one after the other, in the order of their calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs a task after all earlier ones have ended, successfully or not.
   *
   * @returns what the task returns.
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
