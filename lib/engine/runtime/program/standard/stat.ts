import type { FileKind, FileStatus } from "../../../files/tree.js";
import { Accounts } from "./accounts.js";
import { program } from "./command.js";
import { formatTime } from "./dates.js";
import { formatString } from "./format.js";
import { fullMode, modeText } from "./modes.js";
import { UsageError } from "./options.js";

const kindNames: Readonly<Record<FileKind, string>> = {
  file: "regular file",
  directory: "directory",
  symlink: "symbolic link",
  fifo: "fifo",
  character: "character special file",
  block: "block special file",
  socket: "socket",
};

const kindName = ({ kind, size }: FileStatus): string => (kind === "file" && size === 0 ? "regular empty file" : kindNames[kind]);

/** Formats a time in full, such as `2024-05-01 12:30:15.000000000 +0000`. */
const fullTime = (mtime: bigint): string => formatTime("%F %T.%N %z", mtime);

const seconds = ({ mtime }: FileStatus): string => String(mtime / 1_000_000_000n);

const blocks = ({ kind, size }: FileStatus): number => (kind === "symlink" ? 0 : Math.ceil(size / 4096) * 8);

type Field = (status: FileStatus, name: string, accounts: Accounts) => string;

/** The letters of the formats of `stat -c`. There is one time of a file, which stands for all. */
const fields: Readonly<Record<string, Field>> = {
  a: ({ mode }) => mode.toString(8),
  A: (status) => modeText(status),
  b: (status) => String(blocks(status)),
  B: () => "512",
  d: () => "1",
  D: () => "1",
  f: (status) => fullMode(status).toString(16),
  F: (status) => kindName(status),
  g: ({ gid }) => String(gid),
  G: ({ gid }, _, accounts) => accounts.groupName(gid) ?? "UNKNOWN",
  h: ({ links }) => String(links),
  i: ({ inode }) => String(inode),
  m: () => "m",
  n: (_, name) => name,
  N: ({ target }, name) => (target === undefined ? name : `'${name}' -> '${target}'`),
  o: () => "4096",
  s: ({ size }) => String(size),
  t: ({ device }) => (device?.[0] ?? 0).toString(16),
  T: ({ device }) => (device?.[1] ?? 0).toString(16),
  u: ({ uid }) => String(uid),
  U: ({ uid }, _, accounts) => accounts.userName(uid) ?? "UNKNOWN",
  x: ({ mtime }) => fullTime(mtime),
  X: seconds,
  y: ({ mtime }) => fullTime(mtime),
  Y: seconds,
  z: ({ mtime }) => fullTime(mtime),
  Z: seconds,
};

const standardFormat = [
  "  File: %N",
  "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F",
  "Device: %Dh/%dd\tInode: %-10i  Links: %h",
  "Access: (0%a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)",
  "Access: %x",
  "Modify: %y",
  "Change: %z",
].join("\n");

/** Prints what is known of files. */
export const stat = program(
  async (command) => {
    const options = command.options("lLtc:", { long: { format: "c", dereference: "L" } });
    if (options.operands.length === 0) throw new UsageError("");
    const accounts = await Accounts.read(command.files);
    const terse = options.has("t") ? "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o" : undefined;
    const format = options.value("c") ?? terse ?? standardFormat;
    const follow = options.has("lL");
    for (const path of options.operands) {
      const status = await command.attempt(
        () => (follow ? command.files.stat(command.path(path)) : command.files.lstat(command.path(path))),
        (reason) => `can't stat '${path}': ${reason}`,
      );
      if (!status) continue;
      const text = format.replace(/%(-?)(\d*)([a-zA-Z%])/g, (_, flags: string, width: string, letter: string) => {
        const field = fields[letter]?.(status, path, accounts) ?? letter;
        return formatString(field, { flags, width: Number(width), conversion: "s" });
      });
      command.out.put(`${text}\n`);
    }
  },
  { usage: "[-lt] [-c FMT] FILE..." },
);
