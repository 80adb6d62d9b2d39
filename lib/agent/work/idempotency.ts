import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { RpcError, type RpcErrorObject } from "../rpc/rpc-error.js";

/** How long keys are remembered, in milliseconds. */
const KEPT = 24 * 60 * 60_000;

/** The most keys that are remembered. */
const MOST = 10_000;

/** The longest key. */
const LONGEST = 255;

/** The outcome of a call: its result, or its error as JSON-RPC 2.0 has it. */
export type Outcome = { readonly result: unknown } | { readonly error: RpcErrorObject };

/** What is known about a key. */
interface Entry {
  /** Digest of the method and its parameters. */
  readonly request: string;
  /** When the key was first used, in milliseconds since 1970. */
  readonly at: number;
  outcome?: Outcome;
}

/** A line of the file. */
interface Line extends Partial<Entry> {
  readonly key: string;
}

/**
 * Remembers the outcomes of calls with an idempotency key, in a file that outlives the agent. A key is written down before its work
 * begins, so that a call that is cut off is known to have begun.
 */
export class IdempotencyKeys {
  readonly #file: string | undefined;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, Promise<Outcome>>();
  #handle: number | undefined;
  #lines = 0;

  /**
   * @param file - where keys are kept. In memory by default.
   * @param now - the clock.
   */
  constructor(file?: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    for (const line of readLines(file)) this.#read(line);
    this.#compact(file);
  }

  /** The number of keys. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns what identifies a key everywhere else: the key itself may be a secret. */
  static digest(key: string): string {
    return createHash("sha256").update(key).digest("hex").slice(0, 32);
  }

  /**
   * Does the work of a call with a key once. A later call with the same key gets the same outcome, also while the first one runs.
   *
   * @param work - does the work. Its argument says whether an earlier call with the key was cut off.
   * @throws an error if the key was used for another call.
   */
  async once(key: string, request: string, work: (isResumed: boolean) => Promise<Outcome>): Promise<Outcome> {
    if (key.length > LONGEST || !/^[\x21-\x7e]+$/.test(key))
      throw new RpcError("invalidRequest", `an idempotency key has 1 to ${LONGEST} visible ASCII characters`);
    const name = IdempotencyKeys.digest(key);
    const known = this.#entries.get(name);
    if (known && known.at > this.#now() - KEPT) {
      if (known.request !== request) throw new RpcError("invalidParams", "the idempotency key was used for another call");
      const outcome = known.outcome ?? this.#running.get(name);
      if (outcome) return outcome;
      return this.#begin(name, () => work(true));
    }
    this.#entries.delete(name);
    this.#add(name, { request, at: this.#now() });
    return this.#begin(name, () => work(false));
  }

  /** Closes the file. */
  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  async #begin(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const running = work();
    this.#running.set(name, running);
    try {
      const outcome = await running;
      const entry = this.#entries.get(name);
      const isFinal = !("error" in outcome) || isAnswer(outcome.error);
      if (entry && isFinal) {
        entry.outcome = outcome;
        this.#write({ key: name, outcome });
      }
      return outcome;
    } finally {
      this.#running.delete(name);
    }
  }

  #add(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
    this.#write({ key: name, ...entry });
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= MOST) break;
      if (!this.#running.has(oldest)) this.#entries.delete(oldest);
    }
    if (this.#file !== undefined && this.#lines > 4 * MOST) this.#compact(this.#file);
  }

  #read(line: Line): void {
    const { key, request, at, outcome } = line;
    if (request !== undefined && at !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, { request, at, ...(outcome && { outcome }) });
    } else {
      const entry = this.#entries.get(key);
      if (entry && outcome) entry.outcome = outcome;
    }
  }

  #write(line: Line): void {
    if (this.#file === undefined) return;
    this.#handle ??= openSync(this.#file, "a", 0o600);
    writeSync(this.#handle, `${JSON.stringify(line)}\n`);
    this.#lines++;
  }

  /** Writes the file anew, without keys that are too old. */
  #compact(file: string): void {
    const old = this.#now() - KEPT;
    for (const [name, { at }] of this.#entries) if (at <= old && !this.#running.has(name)) this.#entries.delete(name);
    const lines = [...this.#entries].map(([key, entry]) => JSON.stringify({ key, ...entry }));
    const next = `${file}.new`;
    writeFileSync(next, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    this.close();
    renameSync(next, file);
    this.#lines = lines.length;
  }
}

/**
 * Whether an error is an outcome: a call has none yet if its caller may try again, for want of a turn or while the engine is away, if
 * its caller left, or if it took too long.
 */
function isAnswer({ data: { kind, retryAfter } }: RpcErrorObject): boolean {
  return retryAfter === undefined && kind !== "canceled" && kind !== "timeout";
}

/** Reads the lines of a file, without the last one if an agent died while it wrote it. */
function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}
