import { FileError } from "../../../files/file-error.js";
import type { FileStatus } from "../../../files/tree.js";
import { type Command, Failure, program, reasonOf } from "./command.js";
import { type Arguments, UsageError } from "./options.js";
import { baseName, joined } from "./paths.js";

/** How a tree is copied. */
interface CopyRules {
  readonly isRecursive: boolean;
  /** Whether links are copied as links. */
  readonly keepsLinks: boolean;
  /** Whether owner, mode and time are kept. */
  readonly keepsAttributes: boolean;
  readonly isVerbose: boolean;
  /** Whether files that exist stay as they are; `older` replaces those that are older than the source. */
  readonly existing: "replaced" | "kept" | "older";
  /** Whether links are made in place of copies. */
  readonly makes: "copies" | "links" | "symlinks";
}

const sameFile = (a: FileStatus, b: FileStatus, pathA: string, pathB: string): boolean =>
  pathA === pathB || (a.inode === b.inode && a.kind === b.kind && a.mtime === b.mtime && a.size === b.size && a.links > 1);

/** Copies files within a container. */
class Copier {
  readonly #command: Command;
  readonly #rules: CopyRules;
  /** The directories that were filled: a directory that is copied into itself must not be copied again. */
  readonly #made = new Set<string>();

  constructor(command: Command, rules: CopyRules) {
    this.#command = command;
    this.#rules = rules;
  }

  /** Copies a file or directory. Problems are printed. */
  async copy(from: string, to: string, isOperand = true): Promise<boolean> {
    const { files } = this.#command;
    const follow = !this.#rules.keepsLinks;
    const status = await this.#command.statusOf(from, follow);
    if (!status) return this.#refuse(`can't stat '${from}': No such file or directory`);
    const existing = await this.#command.attempt(
      () => this.#existing(to),
      (reason) => `can't stat '${to}': ${reason}`,
    );
    if (existing === undefined) return false;
    if (status.kind === "directory") return await this.#copyDirectory(from, to, status, existing);
    if (
      existing &&
      sameFile(status, existing, await files.realPath(this.#command.path(from)), await files.realPath(this.#command.path(to)))
    )
      return this.#refuse(`'${from}' and '${to}' are the same file`);
    if (existing && this.#rules.existing === "kept") return true;
    if (existing && this.#rules.existing === "older" && existing.mtime >= status.mtime) return true;
    if (existing?.kind === "directory") return this.#refuse(`'${to}' is a directory`);
    try {
      await this.#copyFile(from, to, status, isOperand);
    } catch (error) {
      return this.#refuse(`can't create '${to}': ${reasonOf(error)}`);
    }
    if (this.#rules.isVerbose) this.#command.out.put(`'${from}' -> '${to}'\n`);
    return true;
  }

  /** Returns the status of the target, or null if it does not exist but can be created. */
  async #existing(to: string): Promise<FileStatus | null> {
    try {
      return await this.#command.files.stat(this.#command.path(to));
    } catch (error) {
      if (error instanceof FileError && error.code === "ENOENT") return null;
      throw error;
    }
  }

  #refuse(message: string): false {
    this.#command.complain(message);
    return false;
  }

  async #copyFile(from: string, to: string, status: FileStatus, isOperand: boolean): Promise<void> {
    const { files } = this.#command;
    const [source, target] = [this.#command.path(from), this.#command.path(to)];
    if (this.#rules.makes === "links") {
      await files.link(source, target);
      return;
    }
    if (this.#rules.makes === "symlinks") {
      await files.makeLink(isOperand ? from : source, target);
      return;
    }
    if (target.endsWith("/")) throw new FileError("EISDIR", target);
    if (status.kind === "symlink" || (status.kind !== "file" && this.#rules.isRecursive)) {
      await files.remove(target, { recursive: true });
      await this.#copySpecial(source, target, status);
    } else
      await files.writeFile(target, await files.read(source), {
        mode: status.mode & (this.#rules.keepsAttributes ? 0o7777 : 0o755),
      });
    await this.#keepAttributes(target, status);
  }

  async #copySpecial(source: string, target: string, status: FileStatus): Promise<void> {
    const { files } = this.#command;
    if (status.kind === "symlink") await files.makeLink(status.target ?? "", target);
    else if (status.kind === "fifo") await files.makeFifo(target, status.mode);
    else {
      const { tree, path } = await files.locate(target);
      if (status.kind === "socket" || status.kind === "file") throw new FileError("ENOTSUP", source);
      await tree.makeNode(path, status.kind as "character" | "block", { mode: status.mode }, status.device);
    }
  }

  async #keepAttributes(path: string, { kind, mode, uid, gid, mtime }: FileStatus): Promise<void> {
    if (!this.#rules.keepsAttributes) return;
    await this.#command.files.change(path, { ...(kind === "symlink" ? {} : { mode }), uid, gid, mtime }, false);
  }

  async #copyDirectory(from: string, to: string, status: FileStatus, existing: FileStatus | null): Promise<boolean> {
    const { files } = this.#command;
    if (!this.#rules.isRecursive) return this.#refuse(`omitting directory '${from}'`);
    if (existing && existing.kind !== "directory") return this.#refuse(`target '${to}' is not a directory`);
    const source = await files.realPath(this.#command.path(from));
    if (this.#made.has(source)) return this.#refuse(`recursion detected, omitting directory '${from}'`);
    if (!existing) {
      try {
        await files.makeDirectory(this.#command.path(to), { mode: (status.mode & 0o777) | 0o700 });
      } catch (error) {
        return this.#refuse(`can't create directory '${to}': ${reasonOf(error)}`);
      }
    }
    const target = await files.realPath(this.#command.path(to));
    this.#made.add(target);
    const names = await files.list(source);
    if (this.#rules.isVerbose && !existing) this.#command.out.put(`'${from}' -> '${to}'\n`);
    let isComplete = true;
    for (const name of names) isComplete = (await this.copy(joined(from, name), joined(to, name), false)) && isComplete;
    if (this.#rules.keepsAttributes) await this.#keepAttributes(target, status);
    else if (!existing) await files.change(target, { mode: status.mode & 0o755 });
    return isComplete;
  }
}

/** Returns sources with their targets: the last operand is the target, or the directory for all. */
async function pairsOf(command: Command, options: Arguments): Promise<(readonly [string, string])[]> {
  const sources = [...options.operands];
  const directory = options.value("t");
  const target = directory ?? sources.pop();
  if (target === undefined || sources.length === 0) throw new UsageError("");
  const isDirectory = (await command.statusOf(target))?.kind === "directory";
  if (directory === undefined && sources.length === 1 && (!isDirectory || options.has("T"))) return [[sources[0] ?? "", target]];
  return sources.map((source) => [source, joined(target, baseName(source))]);
}

const existingRule = (options: Arguments): CopyRules["existing"] => {
  if (options.has("n")) return "kept";
  return options.has("u") ? "older" : "replaced";
};

/** Copies files and directories. */
export const cp = program(
  async (command) => {
    const options = command.options("arRPLHpfinlsTuvdt:");
    const copier = new Copier(command, {
      isRecursive: options.has("arR"),
      keepsLinks: options.has("adP") || (options.has("rR") && !options.has("LH")),
      keepsAttributes: options.has("ap"),
      isVerbose: options.has("v"),
      existing: existingRule(options),
      makes: options.has("l") ? "links" : options.has("s") ? "symlinks" : "copies",
    });
    for (const [from, to] of await pairsOf(command, options)) await copier.copy(from, to);
  },
  { usage: "[-arPLHpfinlsTuv] SOURCE... DEST" },
);

/** Renames a file, or copies and removes it if the target is in another file system. */
async function move(command: Command, from: string, to: string, copier: Copier): Promise<boolean> {
  const [source, target] = [command.path(from), command.path(to)];
  if (!(await command.statusOf(from, false))) throw new Failure(`can't rename '${from}': No such file or directory`);
  try {
    await command.files.rename(source, target);
    return true;
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "EXDEV") throw new Failure(`can't rename '${from}': ${reasonOf(error)}`);
  }
  if (!(await copier.copy(from, to))) return false;
  await command.files.remove(source, { recursive: true });
  return true;
}

/** Renames and moves files and directories. */
export const mv = program(
  async (command) => {
    const options = command.options("finTuvt:");
    const rules = { isRecursive: true, keepsLinks: true, keepsAttributes: true, isVerbose: false, makes: "copies" } as const;
    const copier = new Copier(command, { ...rules, existing: "replaced" });
    for (const [from, to] of await pairsOf(command, options)) {
      const existing = await command.statusOf(to);
      if (existing && options.has("n")) continue;
      if (existing && options.has("u") && existing.mtime >= ((await command.statusOf(from))?.mtime ?? 0n)) continue;
      try {
        if ((await move(command, from, to, copier)) && options.has("v")) command.out.put(`'${from}' -> '${to}'\n`);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        command.complain(error.message);
      }
    }
  },
  { usage: "[-finTuv] SOURCE... DEST" },
);
