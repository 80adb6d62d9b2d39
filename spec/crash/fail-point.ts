import fs from "node:fs";
import promises, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** The moment at which a process ends: before, amid or after its n-th change of the file system below a folder. */
export interface FailPoint {
  readonly at: number;
  readonly when: "before" | "amid" | "after";
}

type Change = (...args: unknown[]) => unknown;
type Changes = Record<string, Change>;

/** Changes that are made through promises, synchronously, and through the handle of a file. */
const names = {
  promises: ["link", "mkdir", "rename", "rm", "unlink", "writeFile"],
  sync: ["ftruncateSync", "mkdirSync", "rmSync", "writeSync"],
  handle: ["sync", "truncate", "write", "writeFile"],
} as const;

/** Ends this process at once, as `kill -9` does. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error("unreachable");
}

/** The first half of what a call writes; undefined if it writes nothing that can be cut. */
function half([target, content, ...rest]: unknown[]): unknown[] | undefined {
  return typeof content === "string" && content.length > 1 ? [target, content.slice(0, content.length / 2), ...rest] : undefined;
}

/**
 * Counts the changes that this process makes below a folder, and ends it at one of them. Node's own functions are replaced, so that
 * the engine needs no hooks, and no change escapes.
 *
 * @returns the names of the changes so far.
 */
export async function watchChanges(root: string, fail: FailPoint | undefined): Promise<readonly string[]> {
  const made: string[] = [];
  const isBelow = (path: unknown): boolean => typeof path !== "string" || path.startsWith(root);
  const watched = (name: string, change: Change): Change =>
    function (this: unknown, ...args) {
      if (!isBelow(args[0])) return change.apply(this, args);
      made.push(name);
      const isHere = made.length === fail?.at;
      if (isHere && fail.when === "before") die();
      const cut = isHere && fail.when === "amid" ? half(args) : undefined;
      const result = change.apply(this, cut ?? args);
      if (!isHere) return result;
      return result instanceof Promise ? result.finally(die) : die();
    };
  const replace = (owner: object, list: readonly string[]): void => {
    const changes = owner as Changes; // the functions of these modules
    for (const name of list) changes[name] = watched(name, changes[name] as Change);
  };
  replace(promises, names.promises);
  replace(fs, names.sync);
  const handle: FileHandle = await promises.open(process.execPath);
  replace(Object.getPrototypeOf(handle) as object, names.handle);
  await handle.close();
  syncBuiltinESMExports();
  return made;
}
