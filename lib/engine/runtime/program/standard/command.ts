import type { Readable } from "node:stream";
import { FileError } from "../../../files/file-error.js";
import type { FileSystem } from "../../../files/file-system.js";
import type { FileStatus } from "../../../files/tree.js";
import { StartError } from "../../executor.js";
import type { ChildOptions, ChildProcess, Program, ProgramContext } from "../program.js";
import { chunksOf, linesOf } from "./lines.js";
import { type Arguments, type OptionRules, readOptions, UsageError } from "./options.js";
import { BrokenPipeError, Output, WriteError } from "./output.js";

/** The exit code of a process that ended because nobody reads its output. */
const SIGPIPE_CODE = 141;

/** A program cannot do what was asked. It prints the message after its name, and ends. */
export class Failure extends Error {
  /** The exit code. */
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.name = "Failure";
    this.code = code;
  }
}

/** How another program is run. */
export interface RunOptions extends ChildOptions {
  /** Returns the message if it cannot be started. */
  describe?: (name: string, reason: string) => string;
}

const cannotExecute = (name: string, reason: string): string => `can't execute '${name}': ${reason}`;

/** The signals that a program passes on to the one that takes its place. */
const forwarded = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

/** A program as its implementation sees it. */
export class Command {
  /** What the program sees of its container. */
  readonly context: ProgramContext;
  /** The name that it was called by, without directories. */
  readonly name: string;
  /** The arguments after the name. */
  readonly args: readonly string[];
  /** The files of the container. */
  readonly files: FileSystem;
  /** Standard output. */
  readonly out: Output;
  /** The exit code if all goes well. {@link Command.complain} sets it. */
  status = 0;
  readonly #errors: Output;

  constructor(context: ProgramContext) {
    this.context = context;
    const called = context.argv[0] ?? "";
    this.name = called.slice(called.lastIndexOf("/") + 1);
    this.args = context.argv.slice(1);
    this.files = context.files;
    this.out = new Output(context.stdout, context.signal);
    this.#errors = new Output(context.stderr, context.signal);
  }

  /**
   * Reads the options.
   *
   * @param letters - the letters; a colon follows the letter of an option with a value.
   * @param args - the arguments, if they are not those of the command.
   */
  options(letters: string, rules: Omit<OptionRules, "letters"> = {}, args: readonly string[] = this.args): Arguments {
    return readOptions(args, { letters, ...rules });
  }

  /** Prints a message on standard error after the program's name, and lets the exit code be 1, or `status`. */
  complain(message: string, status = 1): void {
    this.warn(`${this.name}: ${message}\n`);
    this.status = status;
  }

  /** Prints text on standard error. */
  warn(text: string): void {
    this.#errors.put(text);
    this.#errors.pass();
  }

  /**
   * Does something with a file, and prints a message if the file refuses.
   *
   * @param describe - returns the message for the reason, such as `No such file or directory`.
   * @returns the result, or undefined after a message.
   */
  async attempt<T>(action: () => Promise<T>, describe: (reason: string) => string): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      this.complain(describe(reasonOf(error)));
      return undefined;
    }
  }

  /** Returns a path of the command line as an absolute one. `..` and a slash at its end are kept: the file system knows them. */
  path(path: string): string {
    if (path === "") throw new FileError("ENOENT", path);
    return path.startsWith("/") ? path : `${this.context.cwd.replace(/\/$/, "")}/${path}`;
  }

  /** Returns the status of a file, or undefined if it does not exist. */
  async statusOf(path: string, follow = true): Promise<FileStatus | undefined> {
    try {
      return await (follow ? this.files.stat(this.path(path)) : this.files.lstat(this.path(path)));
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /**
   * Starts another program.
   *
   * @returns its process, or the exit code after a message if it cannot be started.
   */
  async start(
    argv: readonly string[],
    { describe = cannotExecute, ...options }: RunOptions = {},
  ): Promise<ChildProcess | number> {
    await this.out.flush();
    const [name = ""] = argv;
    try {
      return await this.context.spawn(argv, options);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.complain(describe(name, error.exitCode === 127 ? "No such file or directory" : "Permission denied"));
      return error.exitCode;
    }
  }

  /** Runs another program to its end, and returns its exit code. */
  async run(
    argv: readonly string[],
    { replaces = false, ...options }: RunOptions & { replaces?: boolean } = {},
  ): Promise<number> {
    const child = await this.start(argv, options);
    if (typeof child === "number") return child;
    if (!replaces) return await child.exited;
    for (const signal of forwarded) this.context.onSignal(signal, () => child.kill(signal));
    const kill = (): void => child.kill("SIGKILL");
    this.context.signal.addEventListener("abort", kill, { once: true });
    if (this.context.signal.aborted) kill();
    try {
      return await child.exited;
    } finally {
      this.context.signal.removeEventListener("abort", kill);
    }
  }

  /** Returns the chunks of a stream. */
  chunks(source: Readable): AsyncGenerator<Buffer, void, undefined> {
    return chunksOf(source, this.context.signal);
  }

  /** Returns the lines of a stream, as {@link linesOf} does. */
  lines(source: Readable, separator?: string): AsyncGenerator<string[], void, undefined> {
    return linesOf(this.chunks(source), separator);
  }

  /** Reads all of a stream as a byte string. */
  async all(source: Readable): Promise<string> {
    const parts: string[] = [];
    for await (const chunk of this.chunks(source)) parts.push(chunk.toString("latin1"));
    return parts.join("");
  }

  /** Opens a file to be read; `-` is standard input. */
  async open(path: string): Promise<Readable> {
    if (path === "-" || path === "/dev/stdin") return this.context.stdin;
    const absolute = this.path(path);
    if ((await this.files.stat(absolute)).kind === "directory") throw new FileError("EISDIR", absolute);
    return await this.files.read(absolute);
  }

  /** Opens a file to be read, as most programs do: a message explains why it cannot be opened. */
  async openOrComplain(path: string): Promise<Readable | undefined> {
    return await this.attempt(
      () => this.open(path),
      (reason) => (reason === "Is a directory" ? `read error: ${reason}` : `can't open '${path}': ${reason}`),
    );
  }
}

/**
 * Returns the reason of a failed file operation.
 *
 * @throws the error itself when it is of another kind.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof FileError) return error.reason;
  throw error;
}

/** What the help for a program says, and how it ends without having done its work. */
export interface ProgramRules {
  /** Its options and operands, as the line `Usage:` shows them. */
  readonly usage?: string;
  /** The exit code for a wrong command line. The default is 1. */
  readonly usageCode?: number;
}

/** Prints why a program ends, and returns its exit code. */
function explain(command: Command, error: unknown, rules: ProgramRules): number {
  if (error instanceof BrokenPipeError) return SIGPIPE_CODE;
  if (error instanceof WriteError) {
    command.complain(error.message);
    return 1;
  }
  if (error instanceof Failure) {
    if (error.message !== "") command.complain(error.message);
    return error.code;
  }
  if (error instanceof UsageError) {
    if (error.message !== "") command.complain(error.message);
    if (rules.usage !== undefined) command.warn(`Usage: ${command.name} ${rules.usage}\n`);
    return rules.usageCode ?? 1;
  }
  if (error instanceof FileError) {
    command.complain(`${error.path}: ${error.reason}`);
    return 1;
  }
  throw error;
}

/**
 * Makes a program of a function that works with a {@link Command}: output is flushed at the end, errors become messages, and
 * a program that nobody reads ends as if by `SIGPIPE`.
 *
 * @param body - returns the exit code; by default it is 0, or 1 after a message.
 */
export function program(body: (command: Command) => ReturnType<Program>, rules: ProgramRules = {}): Program {
  return async (context) => {
    const command = new Command(context);
    try {
      try {
        const code = (await body(command)) ?? command.status;
        await command.out.finish();
        return code;
      } catch (error) {
        const isWritten = !(error instanceof BrokenPipeError || error instanceof WriteError) && !context.signal.aborted;
        if (isWritten) await command.out.flush();
        throw error;
      }
    } catch (error) {
      return explain(command, error, rules);
    }
  };
}
