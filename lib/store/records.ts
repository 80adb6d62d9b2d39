import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Durability, removeFile, replaceFile } from "./safe-files.js";

/**
 * Objects of one kind by key: containers by ID, volumes by name. Reading is synchronous, from memory. Values are JSON, and the
 * caller must not change a value after `put`, nor one that it has got.
 */
export interface Records<T> {
  /** Returns an object; undefined if there is none with this key. */
  get(key: string): T | undefined;
  /** Returns all objects by key, in the order in which they were first put. */
  all(): ReadonlyMap<string, T>;
  /**
   * Stores an object, or replaces it. It is visible at once; when the promise resolves, it also survives the end of the process.
   * If writing fails, the promise rejects, and the old value is back.
   */
  put(key: string, value: T): Promise<void>;
  /** Removes an object. Has no effect if it does not exist. If the promise rejects, the object is back. */
  remove(key: string): Promise<void>;
}

/** Records that end with the object. */
export class MemoryRecords<T> implements Records<T> {
  readonly #values: Map<string, T>;

  /** @param from - objects that these also have. */
  constructor(from?: ReadonlyMap<string, T>) {
    this.#values = new Map(from);
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  all(): ReadonlyMap<string, T> {
    return this.#values;
  }

  put(key: string, value: T): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#values.delete(key);
    return Promise.resolve();
  }
}

/** The content of a file. */
interface StoredRecord<T> {
  readonly key: string;
  /** The place in the order of creation. */
  readonly order: number;
  readonly value: T;
}

/** The longest name of a file without its extension, in bytes. File systems allow 255. */
const NAME_LIMIT = 200;

/** Returns the name of a key's file. Different keys have different names, also where upper and lower case are the same. */
function fileName(key: string): string {
  const name = encodeURIComponent(key).replace(/[A-Z*.]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  const isShort = name.length > 0 && name.length <= NAME_LIMIT;
  return `${isShort ? name : `+${createHash("sha256").update(key).digest("hex")}`}.json`;
}

/** Records as files of a directory, one for each object. */
export class DiskRecords<T> implements Records<T> {
  readonly #directory: string;
  readonly #durability: Durability;
  readonly #values = new Map<string, T>();
  readonly #orders = new Map<string, number>();
  /** The last write of each key: writes of one key must not overtake each other. */
  readonly #writes = new Map<string, Promise<void>>();
  #next = 1;

  private constructor(directory: string, durability: Durability) {
    this.#directory = directory;
    this.#durability = durability;
  }

  /**
   * Opens the records in a directory, which is created if it does not exist, and reads them. Only one process may use the
   * directory at a time. A file that is not a record, after a power failure for example, is renamed to `*.corrupt`.
   *
   * @param onCorrupt - receives the new path of each such file.
   */
  static async open<T>(
    directory: string,
    durability: Durability = "process",
    onCorrupt: (path: string) => void = () => undefined,
  ): Promise<DiskRecords<T>> {
    const records = new DiskRecords<T>(directory, durability);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await records.#read(onCorrupt);
    return records;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  all(): ReadonlyMap<string, T> {
    return this.#values;
  }

  put(key: string, value: T): Promise<void> {
    const old = this.#values.get(key);
    this.#values.set(key, value);
    const order = this.#orders.get(key) ?? this.#next++;
    this.#orders.set(key, order);
    return this.#write(key, async () => {
      try {
        const record: StoredRecord<T> = { key, order, value };
        await replaceFile(this.#path(key), this.#directory, JSON.stringify(record), this.#durability);
      } catch (error) {
        // a later put has replaced the value already
        if (this.#values.get(key) === value) this.#restore(key, old);
        throw error;
      }
    });
  }

  remove(key: string): Promise<void> {
    const old = this.#values.get(key);
    const order = this.#orders.get(key);
    if (old === undefined || order === undefined) return this.#writes.get(key)?.catch(() => undefined) ?? Promise.resolve();
    this.#values.delete(key);
    this.#orders.delete(key);
    return this.#write(key, async () => {
      try {
        await removeFile(this.#path(key), this.#durability);
      } catch (error) {
        // a later put has replaced the value already
        if (!this.#values.has(key)) {
          this.#values.set(key, old);
          this.#orders.set(key, order);
        }
        throw error;
      }
    });
  }

  #path(key: string): string {
    return join(this.#directory, fileName(key));
  }

  #restore(key: string, old: T | undefined): void {
    if (old !== undefined) this.#values.set(key, old);
    else {
      this.#values.delete(key);
      this.#orders.delete(key);
    }
  }

  #write(key: string, write: () => Promise<void>): Promise<void> {
    const before = this.#writes.get(key);
    const result = before ? before.then(write, write) : write();
    this.#writes.set(key, result);
    const done = (): void => {
      if (this.#writes.get(key) === result) this.#writes.delete(key);
    };
    result.then(done, done);
    return result;
  }

  async #read(onCorrupt: (path: string) => void): Promise<void> {
    const names = await readdir(this.#directory);
    const found: StoredRecord<T>[] = [];
    for (const name of names) {
      const path = join(this.#directory, name);
      if (name.endsWith(".tmp")) await rm(path, { force: true });
      if (!name.endsWith(".json")) continue;
      // a promise for each of thousands of small files takes ten times as long
      const record = parseRecord<T>(readFileSync(path, "utf8"));
      if (record) found.push(record);
      else {
        await rename(path, `${path}.corrupt`);
        onCorrupt(`${path}.corrupt`);
      }
    }
    found.sort((one, other) => one.order - other.order);
    for (const { key, order, value } of found) {
      this.#values.set(key, value);
      this.#orders.set(key, order);
      this.#next = Math.max(this.#next, order + 1);
    }
  }
}

function parseRecord<T>(text: string): StoredRecord<T> | undefined {
  try {
    const record: unknown = JSON.parse(text);
    const isRecord = typeof record === "object" && record !== null && "key" in record && "order" in record && "value" in record;
    return isRecord ? (record as StoredRecord<T>) : undefined; // only this class writes these files
  } catch {
    return undefined;
  }
}
