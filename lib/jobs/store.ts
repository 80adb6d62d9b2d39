import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { takeLock } from "../store/lock.js";
import { DiskRecords, MemoryRecords } from "../store/records.js";
import type { EnvironmentVariable } from "./values/environment.js";
import type { NetworkLink } from "./values/links.js";

/** Values of one kind by key. @category Jobs */
export interface JobRecords<T> {
  /** Returns a value; undefined if there is none with this key. */
  get(key: string): T | undefined;
  /** All values by key. */
  all(): ReadonlyMap<string, T>;
  /** Stores or replaces a value. When the promise resolves, it survives the end of the process, if the records do at all. */
  put(key: string, value: T): Promise<void>;
  /** Removes a value. Has no effect if there is none. */
  remove(key: string): Promise<void>;
}

/**
 * What outlives containers. Definitions and reserved ports are not here: the labels of the containers have them, so that several
 * processes see the same, and nothing can contradict the engine.
 *
 * @category Jobs
 */
export interface JobStore {
  /** Variables by identifier of the environment. */
  readonly environments: JobRecords<readonly EnvironmentVariable[]>;
  /** Links by identifier of the container that they lead from. */
  readonly links: JobRecords<readonly NetworkLink[]>;
  /** Frees what the store holds. */
  close(): Promise<void>;
}

/** Creates a store that ends with the process. @category Jobs */
export function memoryStore(): JobStore {
  return { environments: new MemoryRecords(), links: new MemoryRecords(), close: () => Promise.resolve() };
}

/**
 * Opens a store in a folder, which is created if it does not exist. One process uses it at a time.
 *
 * @throws an error that names the process that uses the folder.
 * @category Jobs
 */
export async function fileStore(folder: string): Promise<JobStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const free = await takeLock(folder, { holder: "jobs", place: "the folder" });
  try {
    const [environments, links] = await Promise.all([
      DiskRecords.open<readonly EnvironmentVariable[]>(join(folder, "environments")),
      DiskRecords.open<readonly NetworkLink[]>(join(folder, "links")),
    ]);
    return { environments, links, close: free };
  } catch (error) {
    await free();
    throw error;
  }
}
