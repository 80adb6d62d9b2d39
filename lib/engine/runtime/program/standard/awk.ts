import { AwkEvaluator, type AwkFrame, type AwkHost } from "./awk-evaluate.js";
import { unescapeAwk } from "./awk-lexer.js";
import { parseAwk } from "./awk-parser.js";
import { awkFailure, awkRegex, AwkState } from "./awk-record.js";
import { AwkStreams, RecordReader } from "./awk-streams.js";
import type { AwkExpression, AwkProgram, AwkRule, AwkStatement } from "./awk-syntax.js";
import { type AwkValue, formatAwk, InputText, isArray, toNumber } from "./awk-values.js";
import { type Command, program } from "./command.js";
import { UsageError } from "./options.js";
import { byteString, textOf } from "./output.js";

/** Why a statement does not simply continue with the next one. */
type Jump = "break" | "continue" | "next" | "nextfile" | "exit" | "return";

/** How deep functions may call each other. */
const DEEPEST = 1000;

/** Runs an awk program. */
class AwkRun implements AwkHost {
  readonly #command: Command;
  readonly #program: AwkProgram;
  readonly #state: AwkState;
  readonly #streams: AwkStreams;
  readonly #evaluator: AwkEvaluator;
  readonly #active = new Set<AwkRule>();
  #reader: RecordReader | undefined;
  #argument = 1;
  #hasRead = false;
  #returned: AwkValue;
  #depth = 0;
  /** The exit code that the program chose. */
  code = 0;

  constructor(command: Command, parsed: AwkProgram, state: AwkState) {
    this.#command = command;
    this.#program = parsed;
    this.#state = state;
    this.#streams = new AwkStreams(command);
    this.#evaluator = new AwkEvaluator(state, this.#streams, this, () => command.context.clock.now());
  }

  /** Runs the program to its end. */
  async run(): Promise<number> {
    const { rules } = this.#program;
    const jump = await this.#special("BEGIN");
    // `exit` ends the input, not the actions for the end
    if (jump !== "exit" && rules.some(({ pattern }) => pattern !== "BEGIN")) await this.#records();
    await this.#special("END");
    await this.#command.out.flush();
    await this.#streams.closeAll();
    return this.code || this.#command.status;
  }

  async #special(which: "BEGIN" | "END"): Promise<Jump | undefined> {
    for (const { pattern, action } of this.#program.rules) {
      if (pattern !== which || !action) continue;
      if ((await this.#execute(action)) === "exit") return "exit";
    }
    return undefined;
  }

  async #records(): Promise<void> {
    for (let record = await this.nextRecord(); record !== undefined; record = await this.nextRecord()) {
      this.#command.context.signal.throwIfAborted();
      this.#state.setRecord(record);
      const jump = await this.#rules();
      if (this.#command.out.isFull) await this.#command.out.flush();
      if (jump === "exit") return;
      if (jump === "nextfile") this.#reader = undefined;
    }
  }

  async #rules(): Promise<Jump | undefined> {
    for (const rule of this.#program.rules) {
      if (rule.pattern === "BEGIN" || rule.pattern === "END" || !(await this.#applies(rule, rule.pattern))) continue;
      if (!rule.action) {
        this.#command.out.putBytes(this.#state.text(this.#state.field(0)) + this.#state.textOf("ORS"));
        continue;
      }
      const jump = await this.#execute(rule.action);
      if (jump === "next") return undefined;
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  async #applies(rule: AwkRule, [first, last]: readonly AwkExpression[]): Promise<boolean> {
    if (!first) return true;
    if (!last) return await this.#evaluator.test(first);
    if (!this.#active.has(rule)) {
      if (!(await this.#evaluator.test(first))) return false;
      this.#active.add(rule);
    }
    if (await this.#evaluator.test(last)) this.#active.delete(rule);
    return true;
  }

  async nextRecord(): Promise<string | undefined> {
    for (;;) {
      this.#reader ??= await this.#nextFile();
      if (!this.#reader) return undefined;
      const record = await this.#reader.next(this.recordSeparator());
      if (record !== undefined) {
        for (const name of ["NR", "FNR"]) this.#state.set(name, toNumber(this.#state.get(name)) + 1);
        return record;
      }
      this.#reader = undefined;
    }
  }

  /** Opens the next file of the command line, and makes the assignments before it. */
  async #nextFile(): Promise<RecordReader | undefined> {
    for (; this.#argument < toNumber(this.#state.get("ARGC"));) {
      const name = this.#state.text(this.#state.array("ARGV").get(String(this.#argument++)));
      if (name === "") continue;
      if (assignVariable(this.#state, name)) continue;
      this.#hasRead = true;
      const path = textOf(name);
      const source = await this.#command.attempt(
        () => this.#command.open(path),
        (reason) => (reason === "Is a directory" ? `read error: ${reason}` : `${path}: ${reason}`),
      );
      if (!source) continue;
      this.#state.set("FILENAME", name);
      this.#state.set("FNR", 0);
      return new RecordReader(this.#command.chunks(source));
    }
    if (this.#hasRead) return undefined;
    this.#hasRead = true;
    return new RecordReader(this.#command.chunks(this.#command.context.stdin));
  }

  recordSeparator(): string | RegExp {
    const separator = this.#state.textOf("RS");
    return separator.length > 1 ? awkRegex(separator) : separator;
  }

  async flush(): Promise<void> {
    await this.#command.out.flush();
  }

  async callFunction(name: string, args: readonly AwkExpression[]): Promise<AwkValue> {
    const called = this.#program.functions.get(name);
    if (!called) throw awkFailure("Call to undefined function");
    if (++this.#depth > DEEPEST) throw awkFailure("functions call each other too deeply");
    const frame: AwkFrame = new Map();
    const unset: [string, string][] = [];
    for (const [index, parameter] of called.parameters.entries()) {
      const arg = args[index];
      frame.set(parameter, arg ? await this.#passed(arg, parameter, unset) : undefined);
    }
    const caller = this.#evaluator.frame;
    this.#evaluator.frame = frame;
    this.#returned = undefined;
    const jump = await this.#execute(called.body);
    this.#evaluator.frame = caller;
    this.#depth--;
    // a variable that was never set may have become an array
    for (const [parameter, variable] of unset) {
      const array = frame.get(parameter);
      if (isArray(array)) (caller?.has(variable) ? caller : this.#state.globals).set(variable, array);
    }
    if (jump === "exit") throw new ExitError();
    const result = this.#returned;
    this.#returned = undefined;
    return result;
  }

  /** Returns an argument: a value, or an array itself. */
  async #passed(arg: AwkExpression, parameter: string, unset: [string, string][]): Promise<AwkValue | Map<string, AwkValue>> {
    if (arg.kind !== "variable") return await this.#evaluator.value(arg);
    const { frame } = this.#evaluator;
    const current = frame?.has(arg.name) ? frame.get(arg.name) : this.#state.globals.get(arg.name);
    if (isArray(current)) return current;
    if (current === undefined && arg.name !== "NF") unset.push([parameter, arg.name]);
    return await this.#evaluator.value(arg);
  }

  async #execute(statement: AwkStatement): Promise<Jump | undefined> {
    try {
      return await this.#statement(statement);
    } catch (error) {
      if (error instanceof ExitError) return "exit";
      throw error;
    }
  }

  async #statement(statement: AwkStatement): Promise<Jump | undefined> {
    switch (statement.kind) {
      case "expression":
        await this.#evaluator.value(statement.value);
        return undefined;
      case "print":
        await this.#print(statement);
        return undefined;
      case "block":
        for (const inner of statement.body) {
          const jump = await this.#statement(inner);
          if (jump) return jump;
        }
        return undefined;
      case "if":
        if (await this.#evaluator.test(statement.test)) return await this.#statement(statement.yes);
        return statement.no ? await this.#statement(statement.no) : undefined;
      case "while":
        return await this.#loop(statement.test, undefined, statement.body, statement.isAfter);
      case "for":
        if (statement.first) await this.#statement(statement.first);
        return await this.#loop(statement.test, statement.next, statement.body, false);
      case "each":
        for (const key of [...this.#evaluator.array(statement.name).keys()]) {
          await this.#evaluator.assign({ kind: "variable", name: statement.variable }, new InputText(key));
          const jump = await this.#statement(statement.body);
          if (jump === "break") break;
          if (jump && jump !== "continue") return jump;
        }
        return undefined;
      case "delete":
        if (statement.index) this.#evaluator.array(statement.name).delete(await this.#evaluator.key(statement.index));
        else this.#evaluator.array(statement.name).clear();
        return undefined;
      case "jump":
        return statement.to;
      case "exit":
        if (statement.value) this.code = toNumber(await this.#evaluator.value(statement.value)) & 0xff;
        return "exit";
      case "return":
        this.#returned = statement.value ? await this.#evaluator.value(statement.value) : undefined;
        return "return";
    }
  }

  async #loop(
    test: AwkExpression | undefined,
    next: AwkStatement | undefined,
    body: AwkStatement,
    isAfter: boolean,
  ): Promise<Jump | undefined> {
    for (let isFirst = true; (isFirst && isAfter) || !test || (await this.#evaluator.test(test)); isFirst = false) {
      this.#command.context.signal.throwIfAborted();
      const jump = await this.#statement(body);
      if (jump === "break") return undefined;
      if (jump && jump !== "continue") return jump;
      if (next) await this.#statement(next);
      if (this.#command.out.isFull) await this.#command.out.flush();
    }
    return undefined;
  }

  async #print({ isFormatted, args, to }: Extract<AwkStatement, { kind: "print" }>): Promise<void> {
    const values: AwkValue[] = [];
    for (const arg of args) values.push(await this.#evaluator.value(arg));
    let bytes: string;
    if (isFormatted) bytes = formatAwk(this.#state.text(values[0]), values.slice(1));
    else {
      const shown = args.length === 0 ? [this.#state.field(0)] : values;
      bytes = shown.map((value) => this.#state.shown(value)).join(this.#state.textOf("OFS")) + this.#state.textOf("ORS");
    }
    if (to) await this.#streams.write(to.operator, await this.#evaluator.text(to.target), bytes);
    else this.#command.out.putBytes(bytes);
  }
}

/** A function ended the program. */
class ExitError extends Error {}

/** Assigns a variable by `name=value`. Returns whether the text is an assignment. */
function assignVariable(state: AwkState, text: string): boolean {
  const [, name, value = ""] = /^([A-Za-z_]\w*)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) return false;
  state.set(name, new InputText(unescapeAwk(value)));
  return true;
}

/** Processes text by patterns and actions. */
export const awk = program(
  async (command) => {
    const options = command.options("F:v:f:e:", { stopsAtOperand: true });
    const operands = [...options.operands];
    const sources = options.values("e");
    for (const path of options.values("f")) {
      const source = await command.attempt(
        () => command.open(path),
        (reason) => `can't open '${path}': ${reason}`,
      );
      if (!source) return 1;
      sources.push(Buffer.from(await command.all(source), "latin1").toString());
    }
    if (sources.length === 0) {
      const first = operands.shift();
      if (first === undefined) throw new UsageError("");
      sources.push(first);
    }
    const state = new AwkState();
    const separator = options.value("F");
    if (separator !== undefined) state.set("FS", separator === "t" ? "\t" : unescapeAwk(byteString(separator)));
    for (const [name, value] of Object.entries(command.context.env))
      state.array("ENVIRON").set(name, new InputText(byteString(value)));
    for (const [index, word] of [command.name, ...operands].entries())
      state.array("ARGV").set(String(index), new InputText(byteString(word)));
    state.set("ARGC", operands.length + 1);
    for (const text of options.values("v")) if (!assignVariable(state, byteString(text))) throw new UsageError("");
    return await new AwkRun(command, parseAwk(sources.join("\n")), state).run();
  },
  { usage: "[-F SEP] [-v VAR=VAL]... [-f FILE]... [AWK_PROGRAM] [FILE]..." },
);
