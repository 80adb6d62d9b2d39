/** Lets asynchronous functions wait until something changes. */
export class Changes {
  #waiting = new Set<() => void>();

  /** Wakes all that wait. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve();
  }

  /**
   * Waits for the next {@link Changes.wake}.
   *
   * @param signal - ends the wait: the promise rejects with its reason.
   */
  async wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    let woken: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      woken = resolve;
      this.#waiting.add(resolve);
      signal?.addEventListener("abort", woken, { once: true });
    });
    this.#waiting.delete(woken);
    signal?.removeEventListener("abort", woken);
    signal?.throwIfAborted();
  }
}

/** A gate that operations pass, and at which they wait while it is closed. */
export class Gate {
  readonly #changes = new Changes();
  #open = true;

  /** Whether operations pass. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Opens or closes the gate. */
  set(open: boolean): void {
    this.#open = open;
    if (open) this.#changes.wake();
  }

  /** Waits while the gate is closed. */
  async pass(signal?: AbortSignal): Promise<void> {
    while (!this.#open) await this.#changes.wait(signal);
  }
}
