import { posix } from "node:path";
import { FileError } from "../../files/file-error.js";
import type { FileSystem } from "../../files/file-system.js";
import { EXECUTE, isAllowed } from "../../files/permissions.js";
import type { FileStatus } from "../../files/tree.js";
import { StartError } from "../executor.js";
import type { Program } from "./program.js";
import { programOfFile, type ProgramRegistry } from "./registry.js";

/** Bytes of a file that tell its kind. */
const headSize = 256;
/** How many interpreters may run each other, as on Linux. */
const deepest = 4;
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A program that was found. */
export interface FoundProgram {
  /** The program. */
  readonly program: Program;
  /** Its arguments: of a script, those of the interpreter. */
  readonly argv: readonly string[];
}

/** Why a file cannot be executed: `ENOENT`, also of an interpreter, `EACCES`, `ENOEXEC` for an unknown format, `ENOTSUP` for a binary. */
export type ExecCode = "ENOENT" | "EACCES" | "EISDIR" | "ENOEXEC" | "ENOTSUP";

/** A program cannot be executed. */
export class ExecError extends StartError {
  /** The reason. */
  readonly code: ExecCode;
  /** The path of the file; undefined if none was found in `$PATH`. */
  readonly path: string | undefined;

  constructor(message: string, code: ExecCode, path?: string) {
    super(message, code === "ENOENT" ? 127 : 126);
    this.name = "ExecError";
    this.code = code;
    this.path = path;
  }
}

/** Where and for whom a program is looked up. */
export interface LookupPlace {
  readonly files: FileSystem;
  readonly registry: ProgramRegistry;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
}

async function statusOf(files: FileSystem, path: string): Promise<FileStatus | undefined> {
  return files.stat(path).catch((error: unknown) => {
    if (error instanceof FileError) return undefined;
    throw error;
  });
}

/**
 * Finds the file of a command in `$PATH`.
 *
 * @returns undefined if there is none.
 */
export async function findInPath(place: LookupPlace, name: string): Promise<string | undefined> {
  for (const folder of (place.env["PATH"] ?? defaultPath).split(":")) {
    const path = posix.resolve(place.cwd, folder, name);
    const status = await statusOf(place.files, path);
    if (status?.kind === "file" && isAllowed(status, place.user, EXECUTE)) return path;
  }
  return undefined;
}

async function head(files: FileSystem, path: string): Promise<Buffer> {
  const file = await files.open(path, "r");
  try {
    return await file.read(0, headSize);
  } finally {
    await file.close();
  }
}

/** A program of several programs: the first argument says which. */
function applet(registry: ProgramRegistry, name: string, argv: readonly string[]): FoundProgram | undefined {
  const program = name === "busybox" ? registry.named(argv[1] ?? "") : undefined;
  return program && { program, argv: argv.slice(1) };
}

async function programOf(place: LookupPlace, path: string, argv: readonly string[], depth: number): Promise<FoundProgram> {
  const { files, registry } = place;
  const real = await files.realPath(path);
  const byPath = registry.registered(path) ?? registry.registered(real);
  if (byPath) return { program: byPath, argv };
  const start = (await head(files, path)).toString("latin1");
  const name = programOfFile(start) ?? (start.startsWith("\x7fELF") ? posix.basename(path) : undefined);
  if (name !== undefined) {
    const program = registry.named(name) ?? registry.named(posix.basename(real));
    const found = program ? { program, argv } : applet(registry, name, argv);
    if (found) return found;
    throw new ExecError(
      `exec: ${JSON.stringify(argv[0])}: the program executor cannot run ${path}: register a program for it or use the oci executor`,
      "ENOTSUP",
      path,
    );
  }
  const interpreter = /^#![ \t]*(\S+)[ \t]*(.*)/.exec(start.split("\n", 1)[0] ?? "");
  if (!interpreter?.[1]) throw new ExecError(`exec ${path}: exec format error`, "ENOEXEC", path);
  const option = interpreter[2]?.trim();
  const script = argv[0]?.includes("/") ? argv[0] : path;
  const next = [interpreter[1], ...(option ? [option] : []), script, ...argv.slice(1)];
  const missing = new ExecError(`exec ${path}: no such file or directory`, "ENOENT", path);
  if (depth >= deepest) throw missing;
  const interpreterPath = posix.resolve(place.cwd, interpreter[1]);
  const status = await statusOf(files, interpreterPath);
  if (!status) {
    const program = registry.registered(interpreterPath);
    if (program) return { program, argv: next };
    throw missing;
  }
  if (status.kind !== "file" || !isAllowed(status, place.user, EXECUTE))
    throw new ExecError(`exec ${path}: permission denied`, "EACCES", path);
  return programOf(place, interpreterPath, next, depth + 1);
}

/**
 * Finds the program that a command runs: through the files of the container, as `execvp(3)` does.
 *
 * @throws {@link ExecError} with the texts of runc.
 */
export async function findProgram(place: LookupPlace, argv: readonly string[]): Promise<FoundProgram> {
  const name = argv[0] ?? "";
  const quoted = JSON.stringify(name);
  if (!name.includes("/")) {
    const path = name === "" ? undefined : await findInPath(place, name);
    if (path !== undefined) return programOf(place, path, argv, 0);
    const program = place.registry.registered(name);
    if (program) return { program, argv };
    throw new ExecError(`exec: ${quoted}: executable file not found in $PATH`, "ENOENT");
  }
  const path = posix.resolve(place.cwd, name);
  const status = await statusOf(place.files, path);
  if (!status) {
    const program = place.registry.registered(path);
    if (program) return { program, argv };
    throw new ExecError(`exec: ${quoted}: stat ${name}: no such file or directory`, "ENOENT", path);
  }
  if (status.kind === "directory") throw new ExecError(`exec: ${quoted}: is a directory: permission denied`, "EISDIR", path);
  if (status.kind !== "file" || !isAllowed(status, place.user, EXECUTE))
    throw new ExecError(`exec: ${quoted}: permission denied`, "EACCES", path);
  return programOf(place, path, argv, 0);
}
