import { StartError } from "../../executor.js";
import { Accounts } from "./accounts.js";
import { type Command, Failure, program } from "./command.js";
import { type Found, type Test, testMakers } from "./find-tests.js";
import { joined } from "./paths.js";

/** Runs a command for files, and returns whether it succeeded. */
async function execute(command: Command, argv: readonly string[]): Promise<boolean> {
  await command.out.flush();
  try {
    const child = await command.context.spawn(argv);
    return (await child.exited) === 0;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    command.warn(`${command.name}: ${argv[0] ?? ""}: No such file or directory\n`);
    return false;
  }
}

/** The number of files that one command gets by `-exec … +`. */
const BATCH = 1000;

/** Which links are followed. */
type Follow = "never" | "operands" | "always";

const follows: Readonly<Record<string, Follow>> = { "-H": "operands", "-L": "always" };

/** Stops a search. */
class Quit extends Error {}

/** Reads the expression of `find`, and walks through the files. */
class Search {
  readonly #command: Command;
  readonly #words: readonly string[];
  readonly #accounts: Accounts;
  #at = 0;
  #hasAction = false;
  #maximum = Infinity;
  #minimum = 0;
  #isDepthFirst = false;
  #isPruned = false;
  readonly #batches: { argv: readonly string[]; paths: string[] }[] = [];

  constructor(command: Command, words: readonly string[], accounts: Accounts) {
    this.#command = command;
    this.#words = words;
    this.#accounts = accounts;
  }

  /** Searches under paths. */
  async run(paths: readonly string[], follow: Follow): Promise<void> {
    const print = this.#print("\n");
    const expression = this.#words.length === 0 ? () => true : await this.#either();
    const rest = this.#words[this.#at];
    if (rest !== undefined) throw new Failure(`unexpected '${rest}'`);
    const test: Test = this.#hasAction ? expression : async (found) => (await expression(found)) && print(found);
    try {
      for (const path of paths) await this.#walk(path, 0, test, follow);
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
    }
    for (const batch of this.#batches) await this.#runBatch(batch);
  }

  async #walk(path: string, depth: number, test: Test, follow: Follow): Promise<void> {
    const { files, context, out } = this.#command;
    context.signal.throwIfAborted();
    const isFollowed = follow === "always" || (follow === "operands" && depth === 0);
    const status = (isFollowed ? await this.#command.statusOf(path) : undefined) ?? (await this.#command.statusOf(path, false));
    if (!status) {
      this.#command.complain(`${path}: No such file or directory`);
      return;
    }
    const found = { path, status, depth };
    const isWanted = depth >= this.#minimum;
    if (isWanted && !this.#isDepthFirst) await test(found);
    if (out.isFull) await out.flush();
    if (status.kind === "directory" && depth < this.#maximum && !this.#takePrune()) {
      const names = await this.#command.attempt(
        () => files.list(this.#command.path(path)),
        (reason) => `${path}: ${reason}`,
      );
      for (const name of names ?? []) await this.#walk(joined(path, name), depth + 1, test, follow);
    }
    if (isWanted && this.#isDepthFirst) await test(found);
  }

  /** Returns whether the last file was pruned. A search from below does not prune. */
  #takePrune(): boolean {
    const isPruned = this.#isPruned && !this.#isDepthFirst;
    this.#isPruned = false;
    return isPruned;
  }

  async #either(): Promise<Test> {
    let test = await this.#both();
    while (["-o", "-or"].includes(this.#words[this.#at] ?? "")) {
      this.#at++;
      const [left, right] = [test, await this.#both()];
      test = async (found) => (await left(found)) || (await right(found));
    }
    return test;
  }

  async #both(): Promise<Test> {
    let test = await this.#primary();
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined || word === ")" || word === "-o" || word === "-or") return test;
      if (word === "-a" || word === "-and") this.#at++;
      const [left, right] = [test, await this.#primary()];
      test = async (found) => (await left(found)) && (await right(found));
    }
  }

  async #primary(): Promise<Test> {
    const word = this.#words[this.#at++];
    if (word === undefined) return () => true;
    if (word === "!" || word === "-not") {
      const test = await this.#primary();
      return async (found) => !(await test(found));
    }
    if (word === "(") {
      const test = await this.#either();
      if (this.#words[this.#at++] !== ")") throw new Failure("unpaired '('");
      return test;
    }
    const maker = testMakers[word];
    if (maker) return await maker(this.#argument(word), this.#command, this.#accounts);
    return this.#action(word) ?? this.#setting(word);
  }

  #argument(word: string): string {
    const argument = this.#words[this.#at++];
    if (argument === undefined) throw new Failure(`${word} requires an argument`);
    return argument;
  }

  #number(word: string): number {
    const text = this.#argument(word);
    if (!/^\d+$/.test(text)) throw new Failure(`invalid number '${text}'`);
    return Number(text);
  }

  #print(end: string): Test {
    return ({ path }) => {
      this.#command.out.put(path + end);
      return true;
    };
  }

  #action(word: string): Test | undefined {
    if (word === "-prune") {
      return () => {
        this.#isPruned = true;
        return true;
      };
    }
    if (!["-print", "-print0", "-delete", "-exec", "-ok", "-quit"].includes(word)) return undefined;
    this.#hasAction = true;
    if (word === "-print") return this.#print("\n");
    if (word === "-print0") return this.#print("\0");
    if (word === "-quit") {
      return () => {
        throw new Quit();
      };
    }
    if (word !== "-delete") return this.#exec();
    this.#isDepthFirst = true;
    return async ({ path }) => {
      const remove = async (): Promise<boolean> => {
        if (path !== ".") await this.#command.files.remove(this.#command.path(path));
        return true;
      };
      return (await this.#command.attempt(remove, (reason) => `${path}: ${reason}`)) ?? false;
    };
  }

  #exec(): Test {
    const end = this.#words.findIndex(
      (word, index) => index >= this.#at && (word === ";" || (word === "+" && this.#words[index - 1] === "{}")),
    );
    if (end < 0 || end === this.#at) throw new Failure("-exec requires an argument");
    const argv = this.#words.slice(this.#at, end);
    this.#at = end + 1;
    if (this.#words[end] === ";")
      return async ({ path }) =>
        await execute(
          this.#command,
          argv.map((word) => word.replaceAll("{}", () => path)),
        );
    const batch = { argv: argv.slice(0, -1), paths: [] as string[] };
    this.#batches.push(batch);
    return async ({ path }) => {
      batch.paths.push(path);
      if (batch.paths.length === BATCH) await this.#runBatch(batch);
      return true;
    };
  }

  async #runBatch(batch: { argv: readonly string[]; paths: string[] }): Promise<void> {
    if (batch.paths.length === 0) return;
    const paths = batch.paths.splice(0);
    if (!(await execute(this.#command, [...batch.argv, ...paths]))) this.#command.status = 1;
  }

  #setting(word: string): Test {
    if (word === "-maxdepth") this.#maximum = this.#number(word);
    else if (word === "-mindepth") this.#minimum = this.#number(word);
    else if (word === "-depth" || word === "-d") this.#isDepthFirst = true;
    else if (word === "-empty") return async (found) => await this.#isEmpty(found);
    else if (word === "-false") return () => false;
    else if (!["-true", "-noleaf"].includes(word)) throw new Failure(`unrecognized: ${word}`);
    return () => true;
  }

  async #isEmpty({ path, status }: Found): Promise<boolean> {
    if (status.kind === "directory") return (await this.#command.files.list(this.#command.path(path))).length === 0;
    return status.kind === "file" && status.size === 0;
  }
}

/** Searches for files, and does something with them. */
export const find = program(
  async (command) => {
    let at = 0;
    let follow: Follow = "never";
    for (; /^-[HLP]$/.test(command.args[at] ?? ""); at++) follow = follows[command.args[at] ?? ""] ?? "never";
    const start = command.args.findIndex((word, index) => index >= at && (/^-./.test(word) || word === "!" || word === "("));
    const end = start < 0 ? command.args.length : start;
    const paths = command.args.slice(at, end);
    const search = new Search(command, command.args.slice(end), await Accounts.read(command.files));
    await search.run(paths.length > 0 ? paths : ["."], follow);
  },
  { usage: "[-HL] [PATH]... [OPTIONS] [ACTIONS]" },
);
