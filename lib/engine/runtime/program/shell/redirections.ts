import { posix } from "node:path";
import type { Redirect, Redirection, Word } from "unbash";
import { FileError } from "../../../files/file-error.js";
import type { OpenFlags } from "../../../files/file-system.js";
import type { Descriptor } from "../descriptor.js";
import { openDevice } from "../devices.js";
import { FileDescriptor } from "../file-descriptor.js";
import { Pipe } from "../pipe.js";
import type { ProcessContext } from "../process-context.js";
import { refuse, ShellError } from "./control.js";
import type { Expander } from "./expander.js";
import type { SavedDescriptors, ShellState } from "./state.js";

/** A redirection failed: the command is not run and has the status 1. */
class RedirectionError extends ShellError {
  constructor(message: string) {
    super(message, { code: 1, fatal: false });
    this.name = "RedirectionError";
  }
}

const flagsOf: Readonly<Record<string, OpenFlags>> = {
  "<": "r",
  ">": "w",
  ">|": "w",
  ">>": "a",
  "<>": "r+",
  "&>": "w",
  "&>>": "a",
};
const reading: Readonly<Record<string, string>> = { ENOENT: "no such file" };
const writing: Readonly<Record<string, string>> = { ENOENT: "nonexistent directory" };

/** Applies the redirections of a shell. */
export class Redirections {
  readonly #context: ProcessContext;
  readonly #state: ShellState;
  readonly #expander: Expander;

  constructor(context: ProcessContext, state: ShellState, expander: Expander) {
    this.#context = context;
    this.#state = state;
    this.#expander = expander;
  }

  /**
   * Applies redirections one after the other.
   *
   * @returns the descriptors before, which the caller restores or discards.
   * @throws {@link ShellError} when one fails; those before it are restored.
   */
  async apply(redirections: readonly Redirection[]): Promise<SavedDescriptors> {
    const saved = this.#state.saveDescriptors();
    try {
      for (const redirection of redirections)
        await this.#apply(redirection, (number, descriptor) => saved.replace(number, descriptor));
    } catch (error) {
      saved.restore();
      throw error;
    }
    return saved;
  }

  /** Opens a file or a device for reading, or for writing as the flags say. */
  async open(path: string, flags: OpenFlags): Promise<Descriptor> {
    const absolute = posix.resolve(this.#state.cwd, path);
    const number =
      /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(absolute)?.[1] ??
      { stdin: "0", stdout: "1", stderr: "2" }[absolute.replace("/dev/", "")];
    if (number !== undefined) return this.#duplicate(Number(number));
    const device = openDevice(absolute);
    if (device) return device;
    const { uid, gid } = this.#context.user;
    const file = await this.#context.files.open(absolute, flags, { mode: 0o666 & ~this.#context.process.umask, uid, gid });
    return new FileDescriptor(file, flags);
  }

  #duplicate(number: number): Descriptor {
    const descriptor = this.#state.descriptors.get(number);
    if (!descriptor) throw new RedirectionError(`${number}: Bad file descriptor`);
    return descriptor.retain();
  }

  async #apply(redirection: Redirection, set: (number: number, descriptor: Descriptor | undefined) => void): Promise<void> {
    if (redirection.type === "HereString") refuse("a here string");
    if (redirection.descriptor?.type === "FileDescriptorVariable") refuse("a variable for a descriptor");
    const explicit = redirection.descriptor?.type === "FileDescriptor" ? redirection.descriptor.value : undefined;
    if (redirection.type === "HereDoc") {
      const { delimiter, body, operator } = redirection;
      const stripped = operator === "<<-" && delimiter?.quoted ? body.text.replace(/^\t+/gm, "") : body.text;
      const text = delimiter?.quoted ? stripped : await this.#expander.hereDocument(body, operator === "<<-");
      set(explicit ?? 0, contentDescriptor(text));
      return;
    }
    if (!redirection.target) throw new ShellError("syntax error: unexpected end of file");
    const { operator } = redirection;
    if (operator === "<&" || operator === ">&") {
      const target = await this.#expander.text(redirection.target);
      const number = explicit ?? (operator === "<&" ? 0 : 1);
      if (target === "-") set(number, undefined);
      else if (/^\d+$/.test(target)) set(number, this.#duplicate(Number(target)));
      else if (explicit !== undefined || operator === "<&") throw new ShellError("syntax error: bad fd number");
      else await this.#openTo(redirection, redirection.target, "&>", 1, set);
      return;
    }
    await this.#openTo(redirection, redirection.target, operator, explicit ?? (operator.startsWith("<") ? 0 : 1), set);
  }

  async #openTo(
    redirection: Redirect,
    word: Word,
    operator: string,
    number: number,
    set: (number: number, descriptor: Descriptor | undefined) => void,
  ): Promise<void> {
    const target = await this.#expander.text(word);
    const flags = flagsOf[operator] ?? refuse(redirection.operator);
    try {
      const opened = await this.#openTarget(target, flags, operator);
      set(number, opened);
      if (operator.startsWith("&")) set(2, opened.retain());
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const read = operator === "<";
      const reason = (read ? reading : writing)[error.code] ?? error.reason;
      throw new RedirectionError(`can't ${read ? "open" : "create"} ${target}: ${reason}`);
    }
  }

  async #openTarget(target: string, flags: OpenFlags, operator: string): Promise<Descriptor> {
    const path = posix.resolve(this.#state.cwd, target);
    if (operator === ">" && this.#state.options.has("noclobber")) {
      const status = await this.#context.files.stat(path).catch(() => undefined);
      if (status?.kind === "file") throw new FileError("EEXIST", target);
    }
    if (operator === "<>" && !(await this.#context.files.exists(path))) (await this.open(target, "a")).release();
    return this.open(target, flags);
  }
}

/** Returns a descriptor that delivers a text. */
function contentDescriptor(text: string): Descriptor {
  const { reader, writer } = new Pipe();
  if (text !== "") reader.unread(Buffer.from(text));
  writer.release();
  return reader;
}
