import type { OpenFile } from "../../../files/tree.js";
import { visible } from "./cat.js";
import { type Command, Failure } from "./command.js";
import type { Address, SedCommand, Substitution } from "./sed-script.js";

/** A line of the input. */
export interface InputLine {
  /** The line without its end. */
  readonly text: string;
  /** Whether it has an end. Only the last line of a file may have none. */
  readonly hasEnd: boolean;
}

/** Where lines come from, one after the other. */
export interface LineInput {
  /** Returns the next line, or undefined after the last one. */
  next(): Promise<InputLine | undefined>;
  /** Returns whether the line that was read last is the last one. */
  isLast(): Promise<boolean>;
}

/** Where output goes. */
export type LineOutput = (bytes: string) => void;

/** What to do after a command. */
type Step = "next" | "restart" | "delete" | "quit" | "quit silently" | number;

/** Runs a script of `sed` over lines. */
export class SedRun {
  readonly #command: Command;
  readonly #script: readonly SedCommand[];
  readonly #isQuiet: boolean;
  readonly #labels = new Map<string, number>();
  /** The lines at which ranges end that are active; NaN for those that end by a match. */
  readonly #ranges = new Map<SedCommand, number>();
  readonly #targets = new Map<string, OpenFile>();
  #input: LineInput | undefined;
  #output: LineOutput = () => undefined;
  #line = 0;
  #pattern = "";
  #hasEnd = true;
  #hold = "";
  #appended: (string | { file: string })[] = [];
  #substituted = false;
  #lastRegex: RegExp | undefined;
  /** A line end that is due before further output, because a last line had none. */
  #owesEnd = false;
  /** The exit code, once the script ended the program. */
  exitCode: number | undefined;

  constructor(command: Command, script: readonly SedCommand[], isQuiet: boolean) {
    this.#command = command;
    this.#script = script;
    this.#isQuiet = isQuiet;
    for (const [index, { name, text }] of script.entries()) if (name === ":") this.#labels.set(text, index);
    for (const { name, text } of script)
      if ("btT".includes(name) && text !== "" && !this.#labels.has(text))
        throw new Failure(`can't find label for jump to '${text}'`);
  }

  /** Opens the files that the script writes. */
  async open(): Promise<void> {
    for (const { name, text, substitution } of this.#script) {
      const path = name === "w" ? text : substitution?.file;
      if (path === undefined || this.#targets.has(path) || path === "/dev/stdout" || path === "/dev/stderr") continue;
      const file = await this.#command.attempt(
        () => this.#command.files.open(this.#command.path(path), "w"),
        (reason) => `can't open '${path}': ${reason}`,
      );
      if (!file) throw new Failure("");
      this.#targets.set(path, file);
    }
  }

  /** Closes the files that the script wrote. */
  async close(): Promise<void> {
    for (const file of this.#targets.values()) await file.close();
  }

  /** Starts with the next file anew, as `-i` wants it. */
  restart(): void {
    this.#line = 0;
    this.#ranges.clear();
  }

  /** Runs the script for all lines of an input. */
  async run(input: LineInput, output: LineOutput): Promise<void> {
    this.#input = input;
    this.#output = output;
    this.#owesEnd = false;
    for (let line = await input.next(); line; line = await input.next()) {
      this.#take(line);
      const isDone = await this.#cycle();
      if (this.#command.out.isFull) await this.#command.out.flush();
      if (isDone) return;
    }
  }

  #take(line: InputLine): void {
    this.#line++;
    this.#pattern = line.text;
    this.#hasEnd = line.hasEnd;
  }

  /** Runs the script once. Returns whether it ended the program. */
  async #cycle(): Promise<boolean> {
    this.#substituted = false;
    for (;;) {
      const result = await this.#runScript();
      if (result !== "restart" && result !== "delete" && result !== "quit silently" && !this.#isQuiet) this.#print(this.#pattern);
      if (result !== "quit silently") await this.#flushAppended();
      if (result === "quit" || result === "quit silently") return true;
      if (result !== "restart") return false;
    }
  }

  async #runScript(): Promise<"end" | "delete" | "restart" | "quit" | "quit silently"> {
    for (let at = 0; at < this.#script.length;) {
      const command = this.#script[at];
      if (!command) break;
      if ((await this.#applies(command)) === command.isNegated) {
        at = command.name === "{" ? (command.end ?? at + 1) : at + 1;
        continue;
      }
      const step = await this.#execute(command);
      if (typeof step === "number") at = step;
      else if (step === "next") at++;
      else return step;
    }
    return "end";
  }

  #print(text: string, hasEnd = this.#hasEnd): void {
    this.#output(`${this.#owesEnd ? "\n" : ""}${text}${hasEnd ? "\n" : ""}`);
    this.#owesEnd = !hasEnd;
  }

  async #applies(command: SedCommand): Promise<boolean> {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return await this.#matches(from);
    const end = this.#ranges.get(command);
    if (end === undefined) {
      if (!(await this.#matches(from)) && !(from.kind === "line" && from.line === 0 && this.#line === 1)) return false;
      if (from.kind === "line" && from.line === 0 && (await this.#matches(to))) return true;
      if (to.kind === "line" && to.line <= this.#line) return true;
      if (to.kind === "next" && to.count === 0) return true;
      this.#ranges.set(command, to.kind === "next" ? this.#line + to.count : Number.NaN);
      return true;
    }
    if (to.kind === "line" && to.line < this.#line) {
      // the end was passed while the command was not reached
      this.#ranges.delete(command);
      return await this.#matches(from);
    }
    const isEnd = to.kind === "next" ? this.#line >= end : await this.#matches(to);
    if (isEnd) this.#ranges.delete(command);
    return true;
  }

  async #matches(address: Address): Promise<boolean> {
    switch (address.kind) {
      case "line":
        return this.#line === address.line;
      case "last":
        return (await this.#input?.isLast()) ?? true;
      case "step":
        if (address.step === 0) return this.#line === address.first;
        return this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "next":
        return false;
      case "regex": {
        const regex = this.#regex(address.regex);
        regex.lastIndex = 0;
        return regex.test(this.#pattern);
      }
    }
  }

  #regex(regex: RegExp | undefined): RegExp {
    const used = regex ?? this.#lastRegex;
    if (!used) throw new Failure("no previous regexp");
    this.#lastRegex = used;
    return used;
  }

  async #execute(command: SedCommand): Promise<Step> {
    const { name, text } = command;
    switch (name) {
      case "s":
        return command.substitution ? await this.#substitute(command.substitution) : "next";
      case "y":
        this.#pattern = this.#pattern.replace(/[^]/g, (char) => command.map?.get(char) ?? char);
        return "next";
      case "a":
        this.#appended.push(text);
        return "next";
      case "i":
        this.#print(text.slice(0, -1), true);
        return "next";
      case "c":
        if (!this.#ranges.has(command)) this.#print(text.slice(0, -1), true);
        return "delete";
      case "r":
        this.#appended.push({ file: text });
        return "next";
      case "w":
        await this.#writeTo(text);
        return "next";
      case "b":
      case "t":
      case "T":
        return this.#jump(name, text);
      case "q":
      case "Q":
        this.exitCode = Number(text);
        return name === "q" ? "quit" : "quit silently";
      default:
        return await this.#simple(name);
    }
  }

  async #simple(name: string): Promise<Step> {
    switch (name) {
      case "p":
        this.#print(this.#pattern);
        return "next";
      case "P":
        this.#print(/^[^\n]*/.exec(this.#pattern)?.[0] ?? "", true);
        return "next";
      case "d":
        return "delete";
      case "D": {
        const end = this.#pattern.indexOf("\n");
        if (end < 0) return "delete";
        this.#pattern = this.#pattern.slice(end + 1);
        return "restart";
      }
      case "=":
        this.#print(String(this.#line), true);
        return "next";
      case "l":
        this.#print(`${visible(this.#pattern, true).replace(/\^J/g, "\\n").replace(/\^I/g, "\\t")}$`, true);
        return "next";
      case "n":
      case "N":
        return await this.#readNext(name);
      case "z":
        this.#pattern = "";
        return "next";
      default:
        this.#exchange(name);
        return "next";
    }
  }

  #exchange(name: string): void {
    const pattern = this.#pattern;
    if (name === "g" || name === "x") this.#pattern = this.#hold;
    if (name === "G") this.#pattern += `\n${this.#hold}`;
    if (name === "h" || name === "x") this.#hold = pattern;
    if (name === "H") this.#hold += `\n${pattern}`;
  }

  async #readNext(name: "n" | "N"): Promise<Step> {
    if (await this.#input?.isLast()) return "quit";
    if (name === "n" && !this.#isQuiet) this.#print(this.#pattern);
    await this.#flushAppended();
    const before = this.#pattern;
    const line = await this.#input?.next();
    if (!line) return "quit";
    this.#take(line);
    if (name === "N") this.#pattern = `${before}\n${line.text}`;
    return "next";
  }

  #jump(name: string, label: string): Step {
    if (name !== "b") {
      const isTaken = this.#substituted === (name === "t");
      this.#substituted = false;
      if (!isTaken) return "next";
    }
    return label === "" ? this.#script.length : (this.#labels.get(label) ?? this.#script.length);
  }

  async #substitute(rules: Substitution): Promise<Step> {
    const regex = this.#regex(rules.regex);
    let count = 0;
    let end = -1;
    const result = { isReplaced: false };
    const every = regex.global ? regex : new RegExp(regex.source, `${regex.flags}g`);
    this.#pattern = this.#pattern.replace(every, (...args: unknown[]) => {
      const match = String(args[0]);
      const offset = Number(args.at(-2));
      // an empty match right after another one does not count
      if (match === "" && offset === end) return "";
      end = offset + match.length;
      count++;
      if (count < rules.occurrence || (!rules.isGlobal && count > rules.occurrence)) return match;
      result.isReplaced = true;
      return rules.replacement.map((part) => (typeof part === "string" ? part : groupOf(args, part))).join("");
    });
    if (!result.isReplaced) return "next";
    this.#substituted = true;
    if (rules.isPrinted) this.#print(this.#pattern);
    if (rules.file !== undefined) await this.#writeTo(rules.file);
    return "next";
  }

  async #writeTo(path: string): Promise<void> {
    if (path === "/dev/stdout") this.#print(this.#pattern, true);
    else if (path === "/dev/stderr") this.#command.warn(`${this.#pattern}\n`);
    else await this.#targets.get(path)?.write(Buffer.from(`${this.#pattern}\n`, "latin1"));
  }

  async #flushAppended(): Promise<void> {
    for (const item of this.#appended.splice(0)) {
      if (typeof item === "string") {
        this.#print(item.slice(0, -1), true);
        continue;
      }
      // a file that cannot be read counts as empty
      if ((await this.#command.statusOf(item.file))?.kind !== "file") continue;
      const text = (await this.#command.files.readFile(this.#command.path(item.file))).toString("latin1");
      if (text !== "") this.#print(text.endsWith("\n") ? text.slice(0, -1) : text, text.endsWith("\n"));
    }
  }
}

function groupOf(args: readonly unknown[], group: number): string {
  const value = args[group];
  return typeof value === "string" ? value : "";
}
