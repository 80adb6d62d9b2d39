import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";

/** An entry of a random tree. */
export interface Node {
  readonly path: readonly string[];
  readonly type: "file" | "holes" | "directory" | "symlink" | "link";
  readonly size: number;
  /** The target of a symbolic link. */
  readonly target: string;
  readonly mode: number;
  readonly mtime: number;
}

const component = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "c", "dir", "Dockerfile") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "ü",
      "日本",
      "😀",
      "with space",
      "-dash",
      "new\nline",
      'quo"te',
      "back\\slash",
      "tab\t",
      ".hidden",
      "*",
      "e\u0301",
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 90, max: 255 }).map((length) => "n".repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 40, max: 100 }).map((length) => "é".repeat(length)) },
);

const target = fc.oneof(
  fc.constantFrom("a", "b/c", "..", "/etc/passwd", "missing", "ü"),
  fc.nat({ max: 300 }).map((n) => "t".repeat(n + 1)),
);

/** Random trees: names of all kinds and lengths, links, holes, modes and times. */
export const trees: fc.Arbitrary<Node[]> = fc.array(
  fc.record({
    path: fc.array(component, { minLength: 1, maxLength: 4 }),
    type: fc.constantFrom("file", "file", "holes", "directory", "symlink", "link"),
    size: fc.oneof(fc.constantFrom(0, 1, 511, 512, 513, 65_536, 65_537), fc.nat({ max: 3_000 })),
    target,
    mode: fc.constantFrom(0o644, 0o755, 0o600, 0o400, 0o777, 0o1777),
    mtime: fc.constantFrom(0, 1, 1_700_000_000, 1_700_000_000.5, 2 ** 31, 2 ** 33, -5),
  }),
  { maxLength: 8 },
);

/** Runs a function with a new directory, which is removed afterwards. */
export async function withDirectory<T>(run: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "tsdc-fuzz-"));
  try {
    return await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function make(path: string, node: Node, files: string[]): void {
  const { type, size, mode, mtime } = node;
  const first = files[size % Math.max(files.length, 1)];
  if (type === "directory") mkdirSync(path, { recursive: true });
  else if (type === "symlink") symlinkSync(node.target, path);
  else if (type === "link" && first !== undefined) linkSync(first, path);
  else {
    writeFileSync(path, Buffer.alloc(size, `${size}.`), { flag: "wx" });
    if (type === "holes") truncateSync(path, size + 200_000);
    files.push(path);
  }
  if (type === "symlink") lutimesSync(path, mtime, mtime);
  else {
    chmodSync(path, mode);
    utimesSync(path, mtime, mtime);
  }
}

/** Creates a tree below a directory. Entries with a path that is already in use are omitted. */
export function plant(directory: string, nodes: readonly Node[]): void {
  const files: string[] = [];
  for (const node of nodes) {
    const path = join(directory, ...node.path);
    try {
      mkdirSync(dirname(path), { recursive: true });
      make(path, node, files);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!["EEXIST", "ENOTDIR", "ENOENT", "EISDIR", "ELOOP", "ENAMETOOLONG"].includes(code)) throw error;
    }
  }
}

/** Returns the names below a directory. Unlike `readdir` with `recursive`, it does not follow links. */
function namesBelow(directory: string, prefix = ""): string[] {
  return readdirSync(join(directory, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = join(prefix, entry.name);
    return entry.isDirectory() ? [name, ...namesBelow(directory, name)] : [name];
  });
}

/** Describes the tree below a directory: a line for each entry, with its content, mode, whole seconds and other names. */
export function snapshot(directory: string): string[] {
  const names = new Map<number, string>();
  return namesBelow(directory)
    .sort()
    .map((name) => {
      const path = join(directory, name);
      const stats = lstatSync(path);
      const facts = [JSON.stringify(name), (stats.mode & 0o7777).toString(8), String(Math.floor(stats.mtimeMs / 1_000))];
      if (stats.isSymbolicLink()) facts.push(`-> ${readlinkSync(path)}`);
      else if (stats.isFile()) {
        const first = names.get(stats.ino) ?? name;
        names.set(stats.ino, first);
        facts.push(String(stats.size), createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 12));
        if (first !== name) facts.push(`= ${JSON.stringify(first)}`);
      } else if (!stats.isDirectory()) facts.push("special");
      else facts.push("directory");
      return facts.join(" ");
    });
}
