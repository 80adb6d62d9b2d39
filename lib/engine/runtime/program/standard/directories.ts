import { FileError } from "../../../files/file-error.js";
import { type Command, Failure, program, reasonOf } from "./command.js";
import { changedMode } from "./modes.js";
import { UsageError } from "./options.js";
import { baseName, directoryName, joined } from "./paths.js";

/** Removes a file, or a directory with all that is in it. */
async function removeTree(command: Command, path: string, options: { isForced: boolean; isVerbose: boolean }): Promise<void> {
  const { files } = command;
  const status = await command.statusOf(path, false);
  if (status?.kind === "directory") {
    for (const name of await files.list(command.path(path))) {
      command.context.signal.throwIfAborted();
      await removeTree(command, joined(path, name), options);
    }
  }
  try {
    await files.remove(command.path(path));
    if (options.isVerbose) command.out.put(`removed ${status?.kind === "directory" ? "directory: " : ""}'${path}'\n`);
  } catch (error) {
    if (options.isForced && error instanceof FileError && error.code === "ENOENT") return;
    command.complain(`can't remove '${path}': ${reasonOf(error)}`);
  }
}

/** Removes files. */
export const rm = program(
  async (command) => {
    const options = command.options("irfRv");
    const isForced = options.has("f");
    if (options.operands.length === 0 && !isForced) throw new UsageError("");
    for (const path of options.operands) {
      const name = baseName(path);
      if (name === "." || name === "..") {
        command.complain("can't remove '.' or '..'");
        continue;
      }
      const status = await command.statusOf(path, false);
      if (status?.kind === "directory" && !options.has("rR")) command.complain(`'${path}' is a directory`);
      else await removeTree(command, path, { isForced, isVerbose: options.has("v") });
    }
  },
  { usage: "[-irf] FILE..." },
);

/** Removes empty directories. */
export const rmdir = program(
  async (command) => {
    const options = command.options("p", { long: { "ignore-fail-on-non-empty": "i", parents: "p" } });
    if (options.operands.length === 0) throw new UsageError("");
    for (const operand of options.operands) {
      for (let path = operand; ; path = directoryName(path)) {
        const isRemoved = await command.attempt(
          async () => {
            if ((await command.files.lstat(command.path(path))).kind !== "directory") throw new FileError("ENOTDIR", path);
            await command.files.remove(command.path(path));
            return true;
          },
          (reason) => `'${path}': ${reason}`,
        );
        if (!isRemoved || !options.has("p") || !path.includes("/") || directoryName(path) === "/") break;
      }
    }
  },
  { usage: "[-p] DIRECTORY..." },
);

/** Creates directories. */
export const mkdir = program(
  async (command) => {
    const options = command.options("m:pv", { long: { mode: "m", parents: "p", verbose: "v" } });
    if (options.operands.length === 0) throw new UsageError("");
    const text = options.value("m");
    const mode = text === undefined ? undefined : changedMode(text, { kind: "directory", mode: 0o777 });
    if (text !== undefined && mode === undefined) throw new Failure(`invalid mode '${text}'`);
    for (const operand of options.operands) {
      const parts = options.has("p") ? prefixes(operand) : [operand];
      for (const [index, path] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const existing = options.has("p") ? await command.statusOf(path.replace(/\/+$/, "") || "/") : undefined;
        if (existing?.kind === "directory") continue;
        const isMade = await command.attempt(
          async () => {
            if (existing && !isLast) throw new FileError("ENOTDIR", path);
            await command.files.makeDirectory(command.path(path));
            if (isLast && mode !== undefined) await command.files.change(command.path(path), { mode });
            return true;
          },
          (reason) => `can't create directory '${path}': ${reason}`,
        );
        if (!isMade) break;
        if (options.has("v")) command.out.put(`created directory: '${path}'\n`);
      }
    }
  },
  { usage: "[-m MODE] [-p] DIRECTORY..." },
);

/** Returns a path and those of the directories above it, from the top. */
function prefixes(path: string): string[] {
  const paths = [...path.matchAll(/[^/]\/+(?=[^/])/g)].map((match) => path.slice(0, match.index + match[0].length));
  return [...paths, path];
}

/** Creates links. */
export const ln = program(
  async (command) => {
    const options = command.options("sfnbS:vT");
    const sources = [...options.operands];
    if (sources.length === 0) throw new UsageError("");
    const target = sources.length > 1 ? (sources.pop() ?? "") : baseName(sources[0] ?? "");
    const { files } = command;
    const status = await command.statusOf(target, !options.has("n"));
    const isInside = status?.kind === "directory" && !options.has("T");
    for (const source of sources) {
      const path = isInside ? joined(target, baseName(source)) : target;
      const isSymbolic = options.has("s");
      if (!isSymbolic && !(await command.statusOf(source, false))) {
        command.complain(`${source}: No such file or directory`);
        continue;
      }
      await command.attempt(
        async () => {
          if (options.has("f") && (await command.statusOf(path, false))?.kind !== "directory")
            await files.remove(command.path(path), { recursive: true });
          await (isSymbolic ? files.makeLink(source, command.path(path)) : files.link(command.path(source), command.path(path)));
          if (options.has("v")) command.out.put(`'${path}' -> '${source}'\n`);
        },
        (reason) => `${path}: ${reason}`,
      );
    }
  },
  { usage: "[-sfnbtv] [-S SUF] TARGET... LINK|DIR" },
);
