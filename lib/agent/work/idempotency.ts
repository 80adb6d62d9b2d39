import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LineFile } from "../../store/line-file.js";
import { takeLock } from "../../store/lock.js";
import { errorCode } from "../../wire/realm.js";
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

/** The file of the keys, in the state directory of an agent. */
const FILE = "idempotency-keys.ndjson";

/**
 * Remembers the outcomes of calls with an idempotency key, in a file that outlives the agent. A key is on the disk before its work
 * begins, so that a call that is cut off is known to have begun, and its outcome is before anybody is told.
 */
export class IdempotencyKeys {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, Promise<Outcome>>();
  #file: LineFile | undefined;
  #lines = 0;
  #free = (): Promise<void> => Promise.resolve();
  #closed: Promise<void> | undefined;

  /**
   * Creates keys in memory.
   *
   * @param now - the clock.
   */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Opens the keys in a folder, which is created if it does not exist. One agent uses it at a time.
   *
   * @throws an error that names the process that uses the folder.
   */
  static async open(folder: string, now?: () => number): Promise<IdempotencyKeys> {
    const keys = new IdempotencyKeys(now);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    keys.#free = await takeLock(folder, { holder: "agent", place: "state directory" });
    try {
      for (const name of await readdir(folder)) if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
      const path = join(folder, FILE);
      for (const line of await readLines(path)) keys.#read(line);
      keys.#file = new LineFile(path);
      await keys.#compact(keys.#file);
      return keys;
    } catch (error) {
      await keys.close();
      throw error;
    }
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
      const outcome = this.#running.get(name) ?? known.outcome;
      if (outcome) return outcome;
      return this.#begin(name, () => work(true));
    }
    return this.#begin(name, async () => {
      await this.#add(name, { request, at: this.#now() });
      return work(false);
    });
  }

  /** Closes the file, and frees the folder. Calls that end later are not written down. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#file?.close();
    } finally {
      await this.#free();
    }
  }

  async #begin(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const running = this.#settle(name, work);
    this.#running.set(name, running);
    try {
      return await running;
    } finally {
      this.#running.delete(name);
    }
  }

  async #settle(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await work();
    const entry = this.#entries.get(name);
    const isFinal = !("error" in outcome) || isAnswer(outcome.error);
    if (entry && isFinal) {
      entry.outcome = outcome;
      await this.#write({ key: name, outcome });
    }
    return outcome;
  }

  async #add(name: string, entry: Entry): Promise<void> {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= MOST) break;
      if (!this.#running.has(oldest)) this.#entries.delete(oldest);
    }
    try {
      await this.#write({ key: name, ...entry });
    } catch (error) {
      this.#entries.delete(name); // its work does not begin
      throw error;
    }
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

  async #write(line: Line): Promise<void> {
    const file = this.#file;
    if (!file) return;
    if (++this.#lines > 4 * MOST) await this.#compact(file);
    await file.append(JSON.stringify(line));
  }

  /** Writes the file anew, without keys that are too old. */
  #compact(file: LineFile): Promise<void> {
    const old = this.#now() - KEPT;
    for (const [name, { at }] of this.#entries) if (at <= old && !this.#running.has(name)) this.#entries.delete(name);
    this.#lines = this.#entries.size;
    return file.rewrite(() => [...this.#entries].map(([key, entry]) => JSON.stringify({ key, ...entry })).join("\n"));
  }
}

/**
 * Whether an error is an outcome: a call has none yet if its caller may try again, for want of a turn or while the engine is away, if
 * its caller left, or if it took too long.
 */
function isAnswer({ data: { kind, retryAfter } }: RpcErrorObject): boolean {
  return retryAfter === undefined && kind !== "canceled" && kind !== "timeout";
}

/** Reads the lines of a file, without those that were torn when an agent died, or when the disk was full. */
async function readLines(path: string): Promise<Line[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
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
