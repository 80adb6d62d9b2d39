import { EngineError } from "../engine-error.js";

/** The keys that detach a client from a terminal unless it chooses others: Ctrl-P, Ctrl-Q. */
export const DEFAULT_KEYS = Buffer.from([0x10, 0x11]);

/**
 * Parses `detachKeys`: characters and `ctrl-x`, separated by commas.
 *
 * @param kind - the word for them in the message of the error: `escape` for commands in containers.
 * @returns the default keys for an empty string.
 * @throws an {@link EngineError} for anything else.
 */
export function parseDetachKeys(keys: string, kind: "detach" | "escape" = "detach"): Buffer {
  if (keys === "") return DEFAULT_KEYS;
  const bytes = keys.split(",").map((key) => {
    const [, control] = /^ctrl-([a-z@^[,_\]\\])$/.exec(key.toLowerCase()) ?? [];
    if (control !== undefined) return control.toUpperCase().charCodeAt(0) & 0x1f;
    if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
    throw new EngineError(kind === "detach" ? 400 : 500, `Invalid ${kind} keys (${keys}) provided`);
  });
  return Buffer.from(bytes);
}

/** Finds the detach keys in the input of a terminal. */
export class DetachKeyFilter {
  readonly #keys: Buffer;
  /** The beginning of the keys that was pressed last. */
  #held: number[] = [];

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /**
   * Reads input.
   *
   * @returns what the process gets, and whether the keys were all pressed, one after the other.
   */
  read(chunk: Buffer): { input: Buffer; isDetached: boolean } {
    const input: number[] = [];
    for (const byte of chunk) {
      this.#held.push(byte);
      // a key that does not continue the sequence may begin it anew
      while (!this.#held.every((held, at) => held === this.#keys[at])) input.push(...this.#held.splice(0, 1));
      if (this.#held.length === this.#keys.length) return { input: Buffer.from(input), isDetached: true };
    }
    return { input: Buffer.from(input), isDetached: false };
  }
}
