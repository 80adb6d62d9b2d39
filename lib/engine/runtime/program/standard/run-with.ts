import { type Command, Failure, program } from "./command.js";
import { linesOf, withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import type { Arguments } from "./options.js";
import { textOf } from "./output.js";

/** Splits input into words at spaces and line ends, with quotes and backslashes. */
class WordSplitter {
  #word: string | undefined;
  #quote = "";
  #isEscaped = false;

  /** Reads a piece of input, and returns the words that are complete, each with the character after it. */
  read(text: string): { word: string; end: string }[] {
    const words: { word: string; end: string }[] = [];
    for (let at = 0; at < text.length; at++) {
      const char = text.charAt(at);
      if (this.#isEscaped) {
        this.#add(char);
        this.#isEscaped = false;
      } else if (this.#quote !== "") {
        if (char === this.#quote) this.#quote = "";
        else if (char === "\n") throw new Failure(`unmatched ${this.#quote === "'" ? "single" : "double"} quote`);
        else this.#add(char);
      } else if (char === "\\") this.#isEscaped = true;
      else if (char === "'" || char === '"') {
        this.#quote = char;
        this.#add("");
      } else if (/\s/.test(char)) {
        if (this.#word !== undefined) words.push({ word: this.#word, end: char });
        this.#word = undefined;
      } else this.#add(char);
    }
    return words;
  }

  /** Returns the word that the end of the input completes. */
  end(): { word: string; end: string }[] {
    if (this.#quote !== "") throw new Failure(`unmatched ${this.#quote === "'" ? "single" : "double"} quote`);
    return this.#word === undefined ? [] : [{ word: this.#word, end: "" }];
  }

  #add(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }
}

/** Returns the arguments of `xargs` from its input, in the groups that arrive together. */
async function* itemsOf(command: Command, options: Arguments): AsyncGenerator<{ word: string; end: string }[], void, undefined> {
  const stdin = command.chunks(command.context.stdin);
  if (options.has("0")) {
    for await (const items of linesOf(stdin, "\0")) yield items.map((item) => ({ word: withoutEnd(item, "\0"), end: "" }));
  } else if (options.has("I")) {
    for await (const lines of linesOf(stdin))
      yield lines.flatMap((line) => {
        const word = withoutEnd(line).trimStart();
        return word === "" ? [] : [{ word, end: "\n" }];
      });
  } else {
    const splitter = new WordSplitter();
    const stop = options.value("E");
    for await (const chunk of stdin) {
      const words = splitter.read(chunk.toString("latin1"));
      const end = words.findIndex(({ word }) => word === stop);
      yield end < 0 ? words : words.slice(0, end);
      if (end >= 0) return;
    }
    yield splitter.end();
  }
}

/** How many arguments, and characters of them, a command gets by default. */
const MOST = { words: 5000, characters: 32_768 };

/** Runs a command for words that it reads. */
class Batches {
  readonly #command: Command;
  readonly #argv: readonly string[];
  readonly #options: Arguments;
  #words: string[] = [];
  #length = 0;
  #lines = 0;
  #hasRun = false;
  #code = 0;
  readonly #most: number;
  readonly #mostLines: number;

  constructor(command: Command, argv: readonly string[], options: Arguments) {
    this.#command = command;
    this.#argv = argv;
    this.#options = options;
    this.#most = readCount(options.value("n") ?? String(MOST.words));
    this.#mostLines = options.has("L") ? readCount(options.value("L") ?? "") : Infinity;
  }

  /** Adds a word, and runs the command if there are enough. Returns the exit code if the program must end. */
  async add({ word, end }: { word: string; end: string }): Promise<number | undefined> {
    const pattern = this.#options.value("I");
    if (pattern !== undefined) return await this.#run(this.#argv.map((part) => part.replaceAll(pattern, () => textOf(word))));
    this.#words.push(textOf(word));
    this.#length += word.length + 1;
    if (end === "\n") this.#lines++;
    const isFull = this.#words.length >= this.#most || this.#length >= MOST.characters || this.#lines >= this.#mostLines;
    return isFull ? await this.flush() : undefined;
  }

  /** Runs the command for the words that are left. */
  async flush(): Promise<number | undefined> {
    if (this.#words.length === 0) return undefined;
    const argv = [...this.#argv, ...this.#words];
    [this.#words, this.#length, this.#lines] = [[], 0, 0];
    return await this.#run(argv);
  }

  /** Runs the command for what is left, at least once. Returns the exit code. */
  async end(): Promise<number> {
    const code = await this.flush();
    if (code !== undefined) return code;
    if (!this.#hasRun && !this.#options.has("rI")) return (await this.#run([...this.#argv])) ?? this.#code;
    return this.#code;
  }

  async #run(argv: readonly string[]): Promise<number | undefined> {
    this.#hasRun = true;
    if (this.#options.has("t")) this.#command.warn(`${argv.join(" ")}\n`);
    const code = await this.#command.run(argv, { describe: (name, reason) => `${name}: ${reason}` });
    if (code === 255) {
      this.#command.complain(`${argv[0] ?? ""}: exited with status 255; aborting`);
      return 124;
    }
    if (code === 126 || code === 127) return code;
    if (code > 128) {
      this.#command.complain(`${argv[0] ?? ""}: terminated by signal ${code - 128}`);
      return 125;
    }
    if (code !== 0) this.#code = 123;
    return undefined;
  }
}

/** Runs a command with arguments that it reads. */
export const xargs = program(
  async (command) => {
    const options = command.options("0n:L:I:E:s:P:rtx", { stopsAtOperand: true, long: { null: "0", "no-run-if-empty": "r" } });
    const batches = new Batches(command, options.operands.length > 0 ? options.operands : ["echo"], options);
    for await (const items of itemsOf(command, options)) {
      for (const item of items) {
        const code = await batches.add(item);
        if (code !== undefined) return code;
      }
    }
    return await batches.end();
  },
  { usage: "[-0rtx] [-n N] [-L N] [-I STR] [PROG ARGS]" },
);

/** Runs a command that the end of the terminal does not end. */
export const nohup = program(async (command) => {
  if (command.args.length === 0) throw new Failure("");
  command.context.onSignal("SIGHUP", "ignore");
  return await command.run(command.args, { replaces: true });
});

/** Runs a command. Its priority does not matter here. */
export const nice = program(async (command) => {
  const options = command.options("n:", { stopsAtOperand: true });
  if (options.operands.length === 0) {
    command.out.put("0\n");
    return 0;
  }
  return await command.run(options.operands, { replaces: true });
});
