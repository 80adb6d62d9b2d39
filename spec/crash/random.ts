/** Random choices that a seed repeats. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Returns a whole number from 0 to below a limit. */
  below(limit: number): number {
    // Mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Returns one of several; undefined if there are none. */
  of<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }

  /** Returns text of hexadecimal digits. */
  text(length: number): string {
    return Array.from({ length }, () => this.below(16).toString(16)).join("");
  }
}
