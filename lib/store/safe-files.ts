import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * What completed writes survive. `process`: the end of the process at any moment. `power`: also a power failure, because files
 * and directories are flushed to the disk, which takes several milliseconds for each write.
 */
export type Durability = "process" | "power";

/** Flushes a directory, so that a new name in it survives a power failure. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return; // directories cannot be opened there
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Returns a new path for a temporary file in a directory. */
export const temporaryPath = (directory: string): string => join(directory, `${randomBytes(12).toString("hex")}.tmp`);

/**
 * Moves a complete temporary file to its place, replacing the file that is there.
 *
 * @param durability - with `power`, the new name is flushed. The content must have been flushed before.
 */
export async function moveIntoPlace(temporary: string, path: string, durability: Durability): Promise<void> {
  await rename(temporary, path);
  if (durability === "power") await flushDirectory(dirname(path));
}

/** Removes a file, if it exists. */
export async function removeFile(path: string, durability: Durability): Promise<void> {
  await rm(path, { force: true });
  if (durability === "power") await flushDirectory(dirname(path));
}

/**
 * Writes a whole file so that readers, and the next start after a crash, see the old content or the new one, never a part of it.
 *
 * @param directory - where the temporary file is created: on the same file system as `path`.
 */
export async function replaceFile(path: string, directory: string, content: string, durability: Durability): Promise<void> {
  const temporary = temporaryPath(directory);
  try {
    await writeFile(temporary, content, { mode: 0o600, flag: "wx", flush: durability === "power" });
    await moveIntoPlace(temporary, path, durability);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the files and folders of a directory that nothing refers to: what an engine that was killed has left. */
export async function removeOthers(directory: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(directory))
    if (!isKept(name)) await rm(join(directory, name), { recursive: true, force: true });
}
