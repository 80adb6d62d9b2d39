import type { FileStatus } from "../../../files/tree.js";
import type { Accounts } from "./accounts.js";
import { type Command, Failure } from "./command.js";
import { globExpression } from "./glob.js";
import { changedMode } from "./modes.js";
import { baseName } from "./paths.js";
import { posixRegex } from "./regex.js";

/** A file that `find` came to. */
export interface Found {
  readonly path: string;
  readonly status: FileStatus;
  readonly depth: number;
}

/** Decides about a file, possibly by doing something with it. */
export type Test = (found: Found) => boolean | Promise<boolean>;

const kinds: Readonly<Record<string, FileStatus["kind"]>> = {
  f: "file",
  d: "directory",
  l: "symlink",
  p: "fifo",
  c: "character",
  b: "block",
  s: "socket",
};

const units: Readonly<Record<string, number>> = { c: 1, w: 2, b: 512, "": 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Compares with `N`, `+N` for more, or `-N` for less. */
function comparison(text: string): (value: number) => boolean {
  const [, sign, digits] = /^([-+]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new Failure(`invalid number '${text}'`);
  const wanted = Number(digits);
  if (sign === "+") return (value) => value > wanted;
  return sign === "-" ? (value) => value < wanted : (value) => value === wanted;
}

function sizeTest(text: string): Test {
  const [, count, unit = ""] = /^([-+]?\d+)([cwbkMG]?)$/.exec(text) ?? [];
  if (count === undefined) throw new Failure(`invalid number '${text}'`);
  const size = Number(count.replace(/^[-+]/, "")) * (units[unit] ?? 512);
  const compare = comparison(`${/^[-+]?/.exec(count)?.[0] ?? ""}${size}`);
  return ({ status }) => compare(status.size);
}

function permissionTest(text: string): Test {
  const [, sign = "", mode = ""] = /^([-/+]?)(.*)$/s.exec(text) ?? [];
  const bits = changedMode(mode, { kind: "file", mode: 0 });
  if (bits === undefined) throw new Failure(`invalid mode '${text}'`);
  if (sign === "-") return ({ status }) => (status.mode & bits) === bits;
  if (sign !== "") return ({ status }) => (status.mode & bits) !== 0;
  return ({ status }) => status.mode === bits;
}

function ageTest(command: Command, text: string, unit: number): Test {
  const compare = comparison(text);
  return ({ status }) => compare(Math.floor(Number((command.context.clock.now() - status.mtime) / 1_000_000_000n) / unit));
}

async function newerTest(command: Command, path: string): Promise<Test> {
  const reference = await command.statusOf(path);
  if (!reference) throw new Failure(`can't stat '${path}': No such file or directory`);
  return ({ status }) => status.mtime > reference.mtime;
}

function ownerTest(text: string, find: (name: string) => number | undefined, key: "uid" | "gid", unknown: string): Test {
  const id = find(text) ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  if (id === undefined) throw new Failure(`unknown ${unknown} ${text}`);
  return ({ status }) => status[key] === id;
}

/** Makes a test of its argument. */
type TestMaker = (argument: string, command: Command, accounts: Accounts) => Test | Promise<Test>;

const byName =
  (ignoresCase: boolean): TestMaker =>
  (argument) => {
    const pattern = globExpression(argument, ignoresCase);
    return ({ path }) => pattern.test(baseName(path));
  };

const byPath =
  (ignoresCase: boolean): TestMaker =>
  (argument) => {
    const pattern = globExpression(argument, ignoresCase);
    return ({ path }) => pattern.test(path);
  };

function kindTest(argument: string): Test {
  const wanted = argument.split(",").map((letter) => kinds[letter]);
  if (wanted.includes(undefined)) throw new Failure(`invalid argument '${argument}' to '-type'`);
  return ({ status }) => wanted.includes(status.kind);
}

/** The tests of `find` that have an argument. */
export const testMakers: Readonly<Record<string, TestMaker>> = {
  "-name": byName(false),
  "-iname": byName(true),
  "-path": byPath(false),
  "-wholename": byPath(false),
  "-ipath": byPath(true),
  "-regex": (argument) => {
    const pattern = posixRegex(argument, { matches: "line" });
    return ({ path }) => pattern.test(path);
  },
  "-type": kindTest,
  "-size": sizeTest,
  "-perm": permissionTest,
  "-newer": (argument, command) => newerTest(command, argument),
  "-mtime": (argument, command) => ageTest(command, argument, 86_400),
  "-mmin": (argument, command) => ageTest(command, argument, 60),
  "-user": (argument, _, { users }) =>
    ownerTest(argument, (name) => users.find((user) => user.name === name)?.uid, "uid", "user"),
  "-group": (argument, _, { groups }) =>
    ownerTest(argument, (name) => groups.find((group) => group.name === name)?.gid, "gid", "group"),
  "-inum": (argument) => {
    const compare = comparison(argument);
    return ({ status }) => compare(status.inode);
  },
  "-links": (argument) => {
    const compare = comparison(argument);
    return ({ status }) => compare(status.links);
  },
};
