import type { FileChanges, FileStatus } from "../../../files/tree.js";
import { Accounts } from "./accounts.js";
import { type Command, Failure, program } from "./command.js";
import { readDate } from "./dates.js";
import { changedMode, modeText } from "./modes.js";
import { UsageError } from "./options.js";
import { joined } from "./paths.js";

/** Changes attributes of a file, and of all files in it if it is a directory and that is wanted. */
async function changeTree(
  command: Command,
  path: string,
  options: { isRecursive: boolean; follow: boolean; isQuiet?: boolean },
  change: (status: FileStatus, path: string) => FileChanges,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    const absolute = command.path(path);
    const status = await (options.follow ? command.files.stat(absolute) : command.files.lstat(absolute));
    await command.files.change(absolute, change(status, path), options.follow);
    return status.kind === "directory";
  };
  let isDirectory: boolean | undefined;
  if (options.isQuiet) isDirectory = await work().catch(() => undefined);
  else isDirectory = await command.attempt(work, (reason) => `${path}: ${reason}`);
  if (!isDirectory || !options.isRecursive) return;
  for (const name of await command.files.list(command.path(path))) {
    const child = joined(path, name);
    // links below are left alone: they may lead anywhere
    if ((await command.statusOf(child, false))?.kind !== "symlink") await changeTree(command, child, options, change);
  }
}

/** Changes the permissions of files. */
export const chmod = program(
  async (command) => {
    // a mode such as `-w` looks like an option
    const isMode = (arg: string): boolean => /^-[rwxXst]+/.test(arg);
    const guarded = command.args.map((arg) => (isMode(arg) ? `\0${arg}` : arg));
    const options = command.options("Rcvf", {}, guarded);
    const [text = "", ...paths] = options.operands.map((operand) => operand.replace(/^\0/, ""));
    if (paths.length === 0) throw new UsageError("");
    if (changedMode(text, { kind: "file", mode: 0 }) === undefined) throw new Failure(`invalid mode '${text}'`);
    const rules = { isRecursive: options.has("R"), follow: true, isQuiet: options.has("f") };
    for (const path of paths) {
      await changeTree(command, path, rules, (status, name) => {
        const mode = changedMode(text, status) ?? status.mode;
        if (options.has("v") || (options.has("c") && mode !== status.mode)) {
          const octal = mode.toString(8).padStart(4, "0");
          command.out.put(`mode of '${name}' changed to ${octal} (${modeText({ kind: "file", mode }).slice(1)})\n`);
        }
        return { mode };
      });
    }
  },
  { usage: "[-Rcvf] MODE[,MODE]... FILE..." },
);

const idOf = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/** Finds the IDs for `USER[:[GROUP]]`. */
function ownerOf(accounts: Accounts, text: string): FileChanges {
  const [, name = "", separator, groupName = ""] = /^([^:.]*)(?:([:.])(.*))?$/s.exec(text) ?? [];
  const user = accounts.users.find((other) => other.name === name);
  const uid = user?.uid ?? idOf(name);
  if (name !== "" && uid === undefined) throw new Failure(separator ? `unknown user/group ${text}` : `unknown user ${text}`);
  const gid = groupName === "" ? undefined : (accounts.groups.find((other) => other.name === groupName)?.gid ?? idOf(groupName));
  if (groupName !== "" && gid === undefined) throw new Failure(`unknown user/group ${text}`);
  const ownGroup = separator && groupName === "" ? user?.gid : gid;
  return { ...(uid === undefined ? {} : { uid }), ...(ownGroup === undefined ? {} : { gid: ownGroup }) };
}

/** Finds the ID of a group. */
function groupOf(accounts: Accounts, text: string): FileChanges {
  const gid = accounts.groups.find(({ name }) => name === text)?.gid ?? idOf(text);
  if (gid === undefined) throw new Failure(`unknown group ${text}`);
  return { gid };
}

/** Changes the owners of files, or their groups. */
export const chown = program(
  async (command) => {
    const options = command.options("RhLHPcvf");
    const [text, ...paths] = options.operands;
    if (text === undefined || paths.length === 0) throw new UsageError("");
    const accounts = await Accounts.read(command.files);
    const owner = command.name === "chgrp" ? groupOf(accounts, text) : ownerOf(accounts, text);
    const rules = { isRecursive: options.has("R"), follow: !options.has("h"), isQuiet: options.has("f") };
    for (const path of paths) {
      await changeTree(command, path, rules, ({ uid, gid }, name) => {
        if (options.has("v")) command.out.put(`changed ownership of '${name}' to ${owner.uid ?? uid}:${owner.gid ?? gid}\n`);
        return owner;
      });
    }
  },
  { usage: "[-RhLHPcvf] USER[:[GRP]] FILE..." },
);

/** Changes the times of files, and creates those that are missing. */
export const touch = program(
  async (command) => {
    const options = command.options("chamd:t:r:", { long: { "no-create": "c", date: "d", reference: "r" } });
    if (options.operands.length === 0) throw new UsageError("");
    const now = command.context.clock.now();
    const text = options.value(options.last("dt") ?? "d");
    const reference = options.value("r");
    let mtime = now;
    if (reference !== undefined) {
      const status = await command.statusOf(reference);
      if (!status) throw new Failure(`${reference}: No such file or directory`);
      mtime = status.mtime;
    } else if (text !== undefined) {
      const date = readDate(text, now);
      if (date === undefined) throw new Failure(`invalid date '${text}'`);
      mtime = date;
    }
    for (const path of options.operands) {
      await command.attempt(
        async () => {
          const follow = !options.has("h");
          if (await command.statusOf(path, follow)) await command.files.change(command.path(path), { mtime }, follow);
          else if (!options.has("c")) {
            await (await command.files.open(command.path(path), "a")).close();
            await command.files.change(command.path(path), { mtime });
          }
        },
        (reason) => `${path}: ${reason}`,
      );
    }
  },
  { usage: "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE..." },
);
