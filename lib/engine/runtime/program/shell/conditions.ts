import { posix } from "node:path";
import type { TestExpression } from "unbash";
import type { FileStatus } from "../../../files/tree.js";
import { ShellError } from "./control.js";
import { matches } from "./pattern.js";
import type { Shell } from "./shell.js";

const failure = (message: string): ShellError => new ShellError(message, { code: 2, fatal: false });

const unary = new Set(Array.from("abcdefghknopqrstuvwxzGLNOS").map((letter) => `-${letter}`));
const binary = new Set(["=", "==", "!=", "<", ">", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);

const kinds: Readonly<Record<string, FileStatus["kind"]>> = {
  "-f": "file",
  "-d": "directory",
  "-p": "fifo",
  "-c": "character",
  "-b": "block",
  "-S": "socket",
};
/** Permission bits of the owner by the letter of a test. */
const permissions: Readonly<Record<string, number>> = { "-r": 0o4, "-w": 0o2, "-x": 0o1 };
const modes: Readonly<Record<string, number>> = { "-u": 0o4000, "-g": 0o2000, "-k": 0o1000 };

function number(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw failure(`${text}: bad number`);
  return BigInt(text.trim().replace(/^\+/, ""));
}

function permitted(shell: Shell, status: FileStatus, bit: number): boolean {
  const { uid, gid, groups } = shell.context.user;
  if (uid === 0) return bit !== 0o1 || status.kind === "directory" || (status.mode & 0o111) !== 0;
  if (status.uid === uid) return (status.mode & (bit << 6)) !== 0;
  return (status.mode & (status.gid === gid || groups.includes(status.gid) ? bit << 3 : bit)) !== 0;
}

/** Evaluates a test of one operand, such as `-f file`. */
export async function testUnary(shell: Shell, operator: string, operand: string): Promise<boolean> {
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") return shell.state.descriptors.get(Number(number(operand)))?.terminal !== undefined;
  if (operator === "-o") return shell.state.options.has(operand as never);
  if (operator === "-v") return shell.parameter(operand) !== undefined;
  if (operand === "") return false;
  const path = posix.resolve(shell.state.cwd, operand);
  const link = operator === "-L" || operator === "-h";
  const { files } = shell.context;
  const status = await (link ? files.lstat(path) : files.stat(path)).catch(() => undefined);
  if (!status) return false;
  if (link) return status.kind === "symlink";
  const kind = kinds[operator];
  if (kind !== undefined) return status.kind === kind;
  const permission = permissions[operator];
  if (permission !== undefined) return permitted(shell, status, permission);
  const mode = modes[operator];
  if (mode !== undefined) return (status.mode & mode) !== 0;
  if (operator === "-s") return status.size > 0;
  if (operator === "-O") return status.uid === shell.context.user.uid;
  if (operator === "-G") return status.gid === shell.context.user.gid;
  return true;
}

async function compareFiles(shell: Shell, operator: string, left: string, right: string): Promise<boolean> {
  const status = async (path: string) => shell.context.files.stat(posix.resolve(shell.state.cwd, path)).catch(() => undefined);
  const [a, b] = [await status(left), await status(right)];
  if (operator === "-ef") return a !== undefined && b !== undefined && a.inode === b.inode;
  if (operator === "-ot") return b !== undefined && (a === undefined || a.mtime < b.mtime);
  return a !== undefined && (b === undefined || a.mtime > b.mtime);
}

/** Evaluates a test of two operands. */
export async function testBinary(shell: Shell, operator: string, left: string, right: string): Promise<boolean> {
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-eq":
      return number(left) === number(right);
    case "-ne":
      return number(left) !== number(right);
    case "-lt":
      return number(left) < number(right);
    case "-le":
      return number(left) <= number(right);
    case "-gt":
      return number(left) > number(right);
    case "-ge":
      return number(left) >= number(right);
    default:
      return compareFiles(shell, operator, left, right);
  }
}

/** Evaluates the arguments of `test` by their number, and by precedence when there are many. */
class Arguments {
  readonly #shell: Shell;
  readonly #words: readonly string[];
  #at = 0;

  constructor(shell: Shell, words: readonly string[]) {
    this.#shell = shell;
    this.#words = words;
  }

  async result(): Promise<boolean> {
    if (this.#words.length === 0) return false;
    const value = await this.#or();
    const rest = this.#words[this.#at];
    if (rest !== undefined) throw failure(`${rest}: unknown operand`);
    return value;
  }

  async #or(): Promise<boolean> {
    let value = await this.#and();
    while (this.#words[this.#at] === "-o") {
      this.#at++;
      const right = await this.#and();
      value ||= right;
    }
    return value;
  }

  async #and(): Promise<boolean> {
    let value = await this.#not();
    while (this.#words[this.#at] === "-a") {
      this.#at++;
      const right = await this.#not();
      value &&= right;
    }
    return value;
  }

  async #not(): Promise<boolean> {
    const next = this.#words[this.#at + 1];
    if (this.#words[this.#at] === "!" && next !== undefined && !(binary.has(next) && this.#words[this.#at + 2] !== undefined)) {
      this.#at++;
      return !(await this.#not());
    }
    return this.#primary();
  }

  async #primary(): Promise<boolean> {
    const [word, second, third] = this.#words.slice(this.#at, this.#at + 3);
    if (word === undefined) throw failure("argument expected");
    if (second !== undefined && third !== undefined && binary.has(second)) {
      this.#at += 3;
      return testBinary(this.#shell, second, word, third);
    }
    if (word === "(" && this.#words.length - this.#at > 2) {
      this.#at++;
      const value = await this.#or();
      if (this.#words[this.#at++] !== ")") throw failure("closing paren expected");
      return value;
    }
    if (second !== undefined && unary.has(word)) {
      this.#at += 2;
      return testUnary(this.#shell, word, second);
    }
    this.#at++;
    return word !== "";
  }
}

/** Evaluates the arguments of `test` and `[`. */
export const evaluateArguments = (shell: Shell, words: readonly string[]): Promise<boolean> =>
  new Arguments(shell, words).result();

/** Evaluates `[[ … ]]`. */
export async function evaluateTest(shell: Shell, test: TestExpression): Promise<boolean> {
  switch (test.type) {
    case "TestUnary":
      return testUnary(shell, test.operator, await shell.expander.text(test.operand));
    case "TestGroup":
      return evaluateTest(shell, test.expression);
    case "TestNot":
      return (await evaluateTest(shell, test.operand)) !== (test.negations.length % 2 === 1);
    case "TestLogical":
      for (const operand of test.operands)
        if ((await evaluateTest(shell, operand)) !== (test.operator === "&&")) return test.operator !== "&&";
      return test.operator === "&&";
    case "TestBinary": {
      const left = await shell.expander.text(test.left);
      if (test.operator === "=~") return new RegExp(await shell.expander.text(test.right)).test(left);
      if (!["=", "==", "!="].includes(test.operator))
        return testBinary(shell, test.operator, left, await shell.expander.text(test.right));
      return matches(await shell.expander.pattern(test.right), left) === (test.operator !== "!=");
    }
  }
}
