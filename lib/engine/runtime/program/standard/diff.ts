import type { FileStatus } from "../../../files/tree.js";
import { type Command, Failure, program } from "./command.js";
import { differences, unified } from "./diff-lines.js";
import { readCount } from "./numbers.js";
import { type Arguments, UsageError } from "./options.js";
import { byteString } from "./output.js";
import { baseName, joined } from "./paths.js";

/** Compares files and directories. */
class Comparison {
  readonly #command: Command;
  readonly #options: Arguments;
  /** Whether something differs. */
  isDifferent = false;

  constructor(command: Command, options: Arguments) {
    this.#command = command;
    this.#options = options;
  }

  async files(left: string, right: string, titles: readonly string[] = [left, right]): Promise<void> {
    const [a, b] = [await this.#read(left), await this.#read(right)];
    if (a === b) {
      if (this.#options.has("s")) this.#command.out.put(`Files ${left} and ${right} are identical\n`);
      return;
    }
    const isBinary = !this.#options.has("a") && (a.includes("\0") || b.includes("\0"));
    const [x, y] = [this.#lines(a), this.#lines(b)];
    const [keysX, keysY] = [x.map((line) => this.#key(line)), y.map((line) => this.#key(line))];
    const hunks = isBinary ? [] : differences(keysX, keysY);
    if (!isBinary && hunks.length === 0) return;
    this.isDifferent = true;
    if (isBinary || this.#options.has("q")) {
      this.#command.out.put(`Files ${left} and ${right} differ\n`);
      return;
    }
    const labels = this.#options.values("L");
    this.#command.out.put(`--- ${labels[0] ?? titles[0] ?? left}\n+++ ${labels[1] ?? titles[1] ?? right}\n`);
    this.#command.out.putBytes(unified(x, y, hunks, readCount(this.#options.value("U") ?? "3")));
    await this.#command.out.flush();
  }

  async directories(left: string, right: string): Promise<void> {
    const [inLeft, inRight] = [await this.#list(left), await this.#list(right)];
    for (const name of [...new Set([...inLeft, ...inRight])].sort()) {
      const [a, b] = [joined(left, name), joined(right, name)];
      const [x, y] = [await this.#command.statusOf(a), await this.#command.statusOf(b)];
      if ((!x || !y) && !this.#options.has("N")) {
        this.isDifferent = true;
        this.#command.out.put(`Only in ${x ? left : right}: ${name}\n`);
      } else if (isDirectory(x) && isDirectory(y)) {
        if (this.#options.has("r")) await this.directories(a, b);
        else this.#command.out.put(`Common subdirectories: ${a} and ${b}\n`);
      } else if (isDirectory(x) || isDirectory(y)) {
        this.isDifferent = true;
        const kind = (status: FileStatus | undefined): string => (isDirectory(status) ? "directory" : "regular file");
        this.#command.out.put(`File ${a} is a ${kind(x)} while file ${b} is a ${kind(y)}\n`);
      } else await this.files(a, b, [x ? a : "/dev/null", y ? b : "/dev/null"]);
    }
  }

  async #list(path: string): Promise<string[]> {
    return (await this.#command.statusOf(path)) ? await this.#command.files.list(this.#command.path(path)) : [];
  }

  async #read(path: string): Promise<string> {
    if (path !== "-" && this.#options.has("N") && !(await this.#command.statusOf(path))) return "";
    return await this.#command.all(await this.#command.open(path));
  }

  #lines(text: string): string[] {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    return this.#options.has("B") ? lines.filter((line) => line.trim() !== "") : lines;
  }

  /** What of a line is compared. */
  #key(line: string): string {
    let key = this.#options.has("w") ? line.replace(/\s/g, "") : line;
    if (this.#options.has("b")) key = key.replace(/\s+$/, "").replace(/\s+/g, " ");
    return this.#options.has("i") ? key.toLowerCase() : key;
  }
}

const isDirectory = (status: FileStatus | undefined): boolean => status?.kind === "directory";

/** Compares files line by line. */
export const diff = program(
  async (command) => {
    const options = command.options("abBdiL:NqrsS:tTuU:w", {
      long: { label: "L", brief: "q", unified: "u", recursive: "r", "new-file": "N" },
    });
    const [left, right] = options.operands;
    if (left === undefined || right === undefined || options.operands.length > 2) throw new UsageError("");
    const [a, b] = [await statusOf(command, left, options), await statusOf(command, right, options)];
    const comparison = new Comparison(command, options);
    if (isDirectory(a) && isDirectory(b)) await comparison.directories(left, right);
    else {
      const x = isDirectory(a) ? joined(left, baseName(right)) : left;
      const y = isDirectory(b) ? joined(right, baseName(left)) : right;
      for (const path of [x, y]) await statusOf(command, path, options, 1);
      await comparison.files(x, y);
    }
    return comparison.isDifferent ? 1 : 0;
  },
  { usage: "[-abBdiNqrTstw] [-L LABEL] [-U LINES] FILE1 FILE2" },
);

async function statusOf(command: Command, path: string, options: Arguments, code = 2): Promise<FileStatus | undefined> {
  if (path === "-") return undefined;
  const status = await command.statusOf(path);
  if (!status && !options.has("N")) throw new Failure(`can't stat '${byteString(path)}': No such file or directory`, code);
  return status;
}
