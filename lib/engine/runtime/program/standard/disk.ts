import { type Command, Failure, program } from "./command.js";
import { changedMode } from "./modes.js";
import { humanSize, readCount } from "./numbers.js";
import { type Arguments, UsageError } from "./options.js";
import { joined } from "./paths.js";

const sizeText = (kilobytes: number, options: Arguments): string => {
  if (options.has("h")) return humanSize(kilobytes * 1024);
  return String(options.has("m") ? Math.ceil(kilobytes / 1024) : kilobytes);
};

/** Adds up the sizes of a directory. */
async function usage(command: Command, path: string, depth: number, options: Arguments, seen: Set<number>): Promise<number> {
  const status = await command.statusOf(path, options.has("L") || (depth === 0 && options.has("H")));
  if (!status) {
    command.complain(`${path}: No such file or directory`);
    return 0;
  }
  if (status.links > 1 && status.kind !== "directory" && !options.has("l")) {
    if (seen.has(status.inode)) return 0;
    seen.add(status.inode);
  }
  let sum = status.kind === "symlink" ? 0 : Math.ceil(Math.max(status.size, status.kind === "directory" ? 1 : 0) / 4096) * 4;
  const isDirectory = status.kind === "directory";
  if (isDirectory) {
    for (const name of await command.files.list(command.path(path))) {
      command.context.signal.throwIfAborted();
      sum += await usage(command, joined(path, name), depth + 1, options, seen);
    }
  }
  const maximum = options.has("s") ? 0 : Number(options.value("d") ?? Infinity);
  if (depth === 0 || (depth <= maximum && (isDirectory || options.has("a"))))
    command.out.put(`${sizeText(sum, options)}\t${path}\n`);
  return sum;
}

/** Prints the sizes of directories. */
export const du = program(
  async (command) => {
    const options = command.options("aHLd:clsxhmk");
    let sum = 0;
    const seen = new Set<number>();
    for (const path of options.operands.length > 0 ? options.operands : ["."])
      sum += await usage(command, path, 0, options, seen);
    if (options.has("c")) command.out.put(`${sizeText(sum, options)}\ttotal\n`);
  },
  { usage: "[-aHLclsxhmk] [-d N] [FILE]..." },
);

/** Creates FIFOs. */
export const mkfifo = program(
  async (command) => {
    const options = command.options("m:");
    if (options.operands.length === 0) throw new UsageError("");
    for (const path of options.operands) {
      await command.attempt(
        () => command.files.makeFifo(command.path(path), modeOf(options)),
        (reason) => `${path}: ${reason}`,
      );
    }
  },
  { usage: "[-m MODE] NAME..." },
);

function modeOf(options: Arguments): number | undefined {
  const text = options.value("m");
  if (text === undefined) return undefined;
  const mode = changedMode(text, { kind: "file", mode: 0o666 });
  if (mode === undefined) throw new Failure(`invalid mode '${text}'`);
  return mode;
}

/** Creates devices and FIFOs. */
export const mknod = program(
  async (command) => {
    const options = command.options("m:");
    const [name, type, major, minor] = options.operands;
    if (name === undefined || type === undefined || !/^[bcup]$/.test(type)) throw new UsageError("");
    if ((type === "p") !== (major === undefined) || (major === undefined) !== (minor === undefined)) throw new UsageError("");
    const mode = modeOf(options) ?? 0o644;
    await command.attempt(
      async () => {
        if (type === "p") {
          await command.files.makeFifo(command.path(name), mode);
          return;
        }
        const { tree, path } = await command.files.locate(command.path(name));
        const device = [readCount(major ?? "0"), readCount(minor ?? "0")] as const;
        await tree.makeNode(path, type === "b" ? "block" : "character", { mode }, device);
      },
      (reason) => `${name}: ${reason}`,
    );
  },
  { usage: "[-m MODE] NAME TYPE [MAJOR MINOR]" },
);

/** Does nothing: what is written is seen by all at once. */
export const sync = program(() => 0);
