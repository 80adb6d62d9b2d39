import { EXECUTE, isAllowed, READ, WRITE } from "../../../files/permissions.js";
import type { FileStatus } from "../../../files/tree.js";
import type { Command } from "./command.js";
import { Failure, program } from "./command.js";

type FileTest = (status: FileStatus, command: Command) => boolean;

const kind =
  (wanted: FileStatus["kind"]): FileTest =>
  (status) =>
    status.kind === wanted;

const fileTests: Readonly<Record<string, FileTest>> = {
  "-e": () => true,
  "-f": kind("file"),
  "-d": kind("directory"),
  "-h": kind("symlink"),
  "-L": kind("symlink"),
  "-p": kind("fifo"),
  "-b": kind("block"),
  "-c": kind("character"),
  "-S": kind("socket"),
  "-s": ({ size }) => size > 0,
  "-u": ({ mode }) => (mode & 0o4000) !== 0,
  "-g": ({ mode }) => (mode & 0o2000) !== 0,
  "-k": ({ mode }) => (mode & 0o1000) !== 0,
  "-r": (status, { context }) => isAllowed(status, context.user, READ),
  "-w": (status, { context }) => isAllowed(status, context.user, WRITE),
  "-x": (status, { context }) => isAllowed(status, context.user, EXECUTE),
  "-O": ({ uid }, { context }) => uid === context.user.uid,
  "-G": ({ gid }, { context }) => gid === context.user.gid,
};

const integerTests: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

const textTests: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
};

const pathTests: Readonly<Record<string, (a: FileStatus | undefined, b: FileStatus | undefined) => boolean>> = {
  "-nt": (a, b) => a !== undefined && b !== undefined && a.mtime > b.mtime,
  "-ot": (a, b) => a !== undefined && b !== undefined && a.mtime < b.mtime,
  "-ef": (a, b) => a !== undefined && b !== undefined && a.inode === b.inode && a.mtime === b.mtime,
};

const isBinary = (word = ""): boolean => word in integerTests || word in textTests || word in pathTests;
const isUnary = (word = ""): boolean => word in fileTests || ["-n", "-z", "-t"].includes(word);

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Failure(`${text}: bad number`, 2);
  return BigInt(text.trim().replace(/^\+/, ""));
}

/** Evaluates the expression of `test`. */
class Expression {
  readonly #command: Command;
  readonly #words: readonly string[];
  #at = 0;

  constructor(command: Command, words: readonly string[]) {
    this.#command = command;
    this.#words = words;
  }

  #isNext(word: string): boolean {
    return this.#words[this.#at] === word;
  }

  /** Returns the value of the whole expression. */
  async value(): Promise<boolean> {
    if (this.#words.length === 0) return false;
    const value = await this.#either();
    const rest = this.#words[this.#at];
    if (rest !== undefined) throw new Failure(`${rest}: unknown operand`, 2);
    return value;
  }

  async #either(): Promise<boolean> {
    let value = await this.#both();
    while (this.#isNext("-o")) {
      this.#at++;
      value = (await this.#both()) || value;
    }
    return value;
  }

  async #both(): Promise<boolean> {
    let value = await this.#negated();
    while (this.#isNext("-a")) {
      this.#at++;
      value = (await this.#negated()) && value;
    }
    return value;
  }

  async #negated(): Promise<boolean> {
    const next = this.#words[this.#at + 1];
    if (!this.#isNext("!") || next === undefined || (isBinary(next) && this.#at + 2 < this.#words.length))
      return await this.#primary();
    this.#at++;
    return !(await this.#negated());
  }

  async #primary(): Promise<boolean> {
    const [first, second, third] = this.#words.slice(this.#at, this.#at + 3);
    if (first === undefined) throw new Failure("argument expected", 2);
    if (second !== undefined && isBinary(second)) {
      if (third === undefined) throw new Failure(`${second}: argument expected`, 2);
      this.#at += 3;
      return await this.#compared(first, second, third);
    }
    if (first === "(" && second !== undefined) {
      this.#at++;
      const value = await this.#either();
      if (!this.#isNext(")")) throw new Failure("closing paren expected", 2);
      this.#at++;
      return value;
    }
    if (isUnary(first) && second !== undefined) {
      this.#at += 2;
      return await this.#tested(first, second);
    }
    this.#at++;
    return first !== "";
  }

  async #compared(left: string, operator: string, right: string): Promise<boolean> {
    const integers = integerTests[operator];
    if (integers) return integers(integer(left), integer(right));
    const texts = textTests[operator];
    if (texts) return texts(left, right);
    return pathTests[operator]?.(await this.#command.statusOf(left), await this.#command.statusOf(right)) ?? false;
  }

  async #tested(operator: string, operand: string): Promise<boolean> {
    if (operator === "-n") return operand !== "";
    if (operator === "-z") return operand === "";
    if (operator === "-t") return this.#command.context.terminals[Number(integer(operand))] !== undefined;
    const status = await this.#command.statusOf(operand, operator !== "-h" && operator !== "-L");
    return status !== undefined && (fileTests[operator]?.(status, this.#command) ?? false);
  }
}

/** Evaluates an expression: exit code 0 if it is true, 1 if it is false, 2 if it is none. */
export const test = program(async (command) => {
  let words = command.args;
  if (command.name === "[" || command.name === "[[") {
    const end = command.name === "[" ? "]" : "]]";
    if (words.at(-1) !== end) throw new Failure(`missing ${end}`, 2);
    words = words.slice(0, -1);
  }
  return (await new Expression(command, words).value()) ? 0 : 1;
});
