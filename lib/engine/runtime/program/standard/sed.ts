import { type Command, Failure, program, reasonOf } from "./command.js";
import { withoutEnd } from "./lines.js";
import { UsageError } from "./options.js";
import { openNamed } from "./reorder.js";
import { type InputLine, type LineInput, SedRun } from "./sed-run.js";
import { SedParser } from "./sed-script.js";

/** The lines of files, with one line of look-ahead, because `$` is the last one. */
class FileLines implements LineInput {
  readonly #batches: AsyncIterator<string[]>;
  #lines: string[] = [];
  #at = 0;

  constructor(command: Command, paths: readonly string[]) {
    this.#batches = batchesOf(command, paths)[Symbol.asyncIterator]();
  }

  async next(): Promise<InputLine | undefined> {
    if (await this.isLast()) return undefined;
    const line = this.#lines[this.#at++] ?? "";
    const text = withoutEnd(line);
    return { text, hasEnd: text !== line };
  }

  async isLast(): Promise<boolean> {
    while (this.#at >= this.#lines.length) {
      const batch = await this.#batches.next();
      if (batch.done) return true;
      this.#lines = batch.value;
      this.#at = 0;
    }
    return false;
  }
}

/** Returns the lines of all files. Only the last line of the last file may have no end. */
async function* batchesOf(command: Command, paths: readonly string[]): AsyncGenerator<string[], void, undefined> {
  let unfinished: string | undefined;
  for (const path of paths) {
    const source = await command.attempt(
      () => command.open(path),
      (reason) => (reason === "Is a directory" ? `read error: ${reason}` : `${path}: ${reason}`),
    );
    if (!source) continue;
    for await (const lines of command.lines(source)) {
      if (unfinished !== undefined) yield [`${unfinished}\n`];
      unfinished = undefined;
      const last = lines.at(-1) ?? "";
      if (!last.endsWith("\n")) unfinished = lines.pop();
      // what is there is printed before more is waited for
      yield lines;
      await command.out.flush();
    }
  }
  if (unfinished !== undefined) yield [unfinished];
}

/** Returns the parts of the script and the files. */
async function scriptOf(command: Command): Promise<{ script: string; options: ReturnType<Command["options"]> }> {
  // the suffix of a backup copy follows `-i` directly
  const args = command.args.map((arg) => (/^-i.+/.test(arg) && !/^-i[nErs]*$/.test(arg) ? `--suffix=${arg.slice(2)}` : arg));
  const long = { "in-place": "i", suffix: "I", quiet: "n", silent: "n", expression: "e", file: "f", "regexp-extended": "r" };
  const options = command.options("nrEie:f:sI:", { long }, args);
  const parts: string[] = [];
  for (const [letter, value] of options.given) {
    if (letter === "e") parts.push(value);
    if (letter !== "f") continue;
    const source = await openNamed(command, value);
    if (!source) throw new Failure("");
    parts.push(withoutEnd(Buffer.from(await command.all(source), "latin1").toString()));
  }
  if (parts.length === 0) {
    const first = options.operands.shift();
    if (first === undefined) throw new UsageError("");
    parts.push(first);
  }
  return { script: parts.join("\n"), options };
}

/** Edits lines by a script. */
export const sed = program(
  async (command) => {
    const { script, options } = await scriptOf(command);
    const isQuiet = options.has("n") || /^#n(?:\n|$)/.test(script);
    const run = new SedRun(command, new SedParser(script, options.has("rE")).parse(), isQuiet);
    await run.open();
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    try {
      if (!options.has("iI")) await run.run(new FileLines(command, paths), (bytes) => command.out.putBytes(bytes));
      else {
        for (const path of paths) {
          const pieces: string[] = [];
          const status = await command.statusOf(path);
          if (!status) {
            command.complain(`${path}: No such file or directory`);
            continue;
          }
          run.restart();
          await run.run(new FileLines(command, [path]), (bytes) => pieces.push(bytes));
          const backup = options.value("I");
          if (backup !== undefined)
            await command.files.writeFile(command.path(path + backup), await command.files.readFile(command.path(path)));
          const content = Buffer.from(pieces.join(""), "latin1");
          try {
            await command.files.writeFile(command.path(path), content);
          } catch (error) {
            command.complain(`${path}: ${reasonOf(error)}`);
          }
          if (run.exitCode !== undefined) break;
        }
      }
    } finally {
      await run.close();
    }
    return run.exitCode ?? command.status;
  },
  { usage: "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]... or: sed [-i[SFX]] [-nrE] CMD [FILE]..." },
);
