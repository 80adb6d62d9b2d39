import { execFile } from "node:child_process";
import { access, constants, realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { PackEntry } from "../../../archive/pack-entries.js";

const run = promisify(execFile);

/** Programs that images without busybox get from this machine. */
const PROGRAMS = [
  ...[
    "sh",
    "awk",
    "basename",
    "cat",
    "chmod",
    "chown",
    "cp",
    "cut",
    "date",
    "dd",
    "df",
    "dirname",
    "du",
    "echo",
    "env",
    "expr",
    "false",
  ],
  ...[
    "find",
    "grep",
    "gzip",
    "head",
    "hostname",
    "id",
    "ln",
    "ls",
    "mkdir",
    "mkfifo",
    "mktemp",
    "mv",
    "printf",
    "ps",
    "pwd",
    "readlink",
  ],
  ...[
    "rm",
    "rmdir",
    "sed",
    "seq",
    "sha256sum",
    "sleep",
    "sort",
    "stat",
    "stty",
    "tail",
    "tar",
    "tee",
    "test",
    "touch",
    "tr",
    "true",
  ],
  ...["uname", "uniq", "wc", "which", "whoami", "xargs", "yes"],
];

/** Returns the path of a program; undefined if this machine lacks it. */
async function find(name: string): Promise<string | undefined> {
  for (const folder of ["/bin", "/usr/bin", ...(process.env.PATH ?? "").split(delimiter)]) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Returns the paths of the libraries that programs need, their loader included. Scripts and static programs need none. */
async function librariesOf(paths: readonly string[]): Promise<string[]> {
  // it fails for those that need none, but lists the others
  const { stdout } = await run("ldd", paths).catch((error: unknown) => ({
    stdout: (error as { stdout?: string }).stdout ?? "", // Node.js adds it
  }));
  return [...new Set([...stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, library = ""]) => library))];
}

/** Returns a file of this machine as one of an image, without a link. */
const entryOf = async (path: string, name: string): Promise<PackEntry> => ({ path: await realpath(path), name });

/**
 * Returns programs of this machine with their libraries, as the files of an image.
 *
 * @param box - where all of them are in one file. By default this machine's busybox; without one, they are single programs.
 */
export async function machinePrograms(box: { readonly busybox?: string | undefined } = {}): Promise<PackEntry[]> {
  const busybox = "busybox" in box ? box.busybox : await find("busybox");
  const found = busybox === undefined ? await Promise.all(PROGRAMS.map(find)) : [busybox];
  const paths = found.filter((path) => path !== undefined);
  const libraries = await librariesOf(paths);
  const entries = await Promise.all([
    ...paths.map((path) => entryOf(path, `bin/${path.slice(path.lastIndexOf("/") + 1)}`)),
    ...libraries.map((path) => entryOf(path, path.slice(1))),
  ]);
  if (busybox === undefined) return entries;
  const { stdout } = await run(busybox, ["--list"]);
  const names = stdout.split("\n").filter((name) => name !== "" && name !== "busybox");
  return [...entries, ...names.map((name) => ({ name: `bin/${name}`, linkTo: "busybox" }))];
}
