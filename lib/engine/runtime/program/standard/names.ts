import { randomBytes } from "node:crypto";
import { FileError } from "../../../files/file-error.js";
import { EXECUTE, isAllowed } from "../../../files/permissions.js";
import { type Command, Failure, program } from "./command.js";
import { UsageError } from "./options.js";
import { baseName, directoryName, joined } from "./paths.js";

/** Prints paths without their directories. */
export const basename = program(
  (command) => {
    const options = command.options("as:", { stopsAtOperand: true });
    const isMany = options.has("as");
    const [first, second] = options.operands;
    if (first === undefined || (!isMany && options.operands.length > 2)) throw new UsageError("");
    const suffix = options.value("s") ?? (isMany ? "" : (second ?? ""));
    for (const path of isMany ? options.operands : [first]) {
      const name = baseName(path);
      command.out.put(`${name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name}\n`);
    }
  },
  { usage: "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE..." },
);

/** Prints the directory of a path. */
export const dirname = program(
  (command) => {
    const [path, ...more] = command.options("").operands;
    if (path === undefined || more.length > 0) throw new UsageError("");
    command.out.put(`${directoryName(path)}\n`);
  },
  { usage: "FILENAME" },
);

/** Returns the absolute path of a file, if there is one. */
async function canonical(command: Command, path: string): Promise<string | undefined> {
  try {
    return await command.files.realPath(command.path(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** Prints the target of a link. */
export const readlink = program(
  async (command) => {
    const options = command.options("fnvqsz");
    if (options.operands.length === 0) throw new UsageError("");
    for (const path of options.operands) {
      const target = options.has("f") ? await canonical(command, path) : (await command.statusOf(path, false))?.target;
      if (target === undefined) command.status = 1;
      else command.out.put(options.has("n") ? target : `${target}\n`);
    }
  },
  { usage: "[-fnv] FILE" },
);

/** Prints absolute paths without links. */
export const realpath = program(
  async (command) => {
    const options = command.options("");
    if (options.operands.length === 0) throw new UsageError("");
    for (const path of options.operands) {
      const real = await command.attempt(
        () => command.files.realPath(command.path(path)),
        (reason) => `${path}: ${reason}`,
      );
      if (real !== undefined) command.out.put(`${real}\n`);
    }
  },
  { usage: "FILE..." },
);

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Creates a file or directory with a name of its own. */
export const mktemp = program(
  async (command) => {
    const options = command.options("dqtp:u");
    const directory = options.value("p") ?? command.context.env["TMPDIR"] ?? "/tmp";
    const given = options.operands[0];
    const template = given === undefined ? "tmp.XXXXXX" : given;
    const isPlaced = given === undefined || options.has("tp");
    const path = isPlaced ? joined(directory, template) : template;
    if (!path.endsWith("XXXXXX")) throw new Failure("(null): Invalid argument");
    const stem = path.replace(/X+$/, "");
    const letters = Array.from(randomBytes(path.length - stem.length), (byte) => alphabet.charAt(byte % alphabet.length));
    const made = stem + letters.join("");
    try {
      if (options.has("d")) await command.files.makeDirectory(command.path(made), { mode: 0o700 });
      else if (!options.has("u")) await (await command.files.open(command.path(made), "wx", { mode: 0o600 })).close();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new Failure(options.has("q") ? "" : `(null): ${error.reason}`);
    }
    command.out.put(`${made}\n`);
  },
  { usage: "[-dtqu] [-p DIR] [TEMPLATE]" },
);

/** Prints where programs are. */
export const which = program(
  async (command) => {
    const options = command.options("a");
    if (options.operands.length === 0) throw new UsageError("");
    const directories = (command.context.env["PATH"] ?? "/sbin:/usr/sbin:/bin:/usr/bin").split(":");
    const isProgram = async (path: string): Promise<boolean> => {
      const status = await command.statusOf(path);
      return status?.kind === "file" && isAllowed(status, command.context.user, EXECUTE);
    };
    for (const name of options.operands) {
      let isFound = false;
      const paths = name.includes("/")
        ? [name]
        : directories.map((directory) => joined(directory === "" ? "." : directory, name));
      for (const path of paths) {
        if (!(await isProgram(path)) || (isFound && !options.has("a"))) continue;
        command.out.put(`${path}\n`);
        isFound = true;
      }
      if (!isFound) command.status = 1;
    }
  },
  { usage: "[-a] COMMAND..." },
);
