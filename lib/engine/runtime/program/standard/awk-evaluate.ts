import { AwkFunctions, substitute } from "./awk-functions.js";
import { awkFailure, awkRegex, type AwkState, splitFields } from "./awk-record.js";
import type { AwkStreams } from "./awk-streams.js";
import type { AwkExpression, AwkTarget } from "./awk-syntax.js";
import { type AwkArray, type AwkValue, compareValues, InputText, isArray, isTrue, toNumber } from "./awk-values.js";

/** The local variables of a function: values and arrays. One that was never used is either. */
export type AwkFrame = Map<string, AwkValue | AwkArray>;

/** What expressions need of the rest of an awk program. */
export interface AwkHost {
  /** Calls a function of the program. */
  callFunction(name: string, args: readonly AwkExpression[]): Promise<AwkValue>;
  /** Reads the next record of the main input. Returns whether there is one. */
  nextRecord(): Promise<string | undefined>;
  /** The separator of records. */
  recordSeparator(): string | RegExp;
  /** Writes what is collected. */
  flush(): Promise<void>;
}

/** Evaluates the expressions of an awk program. */
export class AwkEvaluator {
  readonly #state: AwkState;
  readonly #streams: AwkStreams;
  readonly #host: AwkHost;
  readonly #functions: AwkFunctions;
  /** The local variables of the function that runs. */
  frame: AwkFrame | undefined;

  constructor(state: AwkState, streams: AwkStreams, host: AwkHost, now: () => bigint) {
    this.#state = state;
    this.#streams = streams;
    this.#host = host;
    this.#functions = new AwkFunctions(state, now);
  }

  /** Returns the array of a name. */
  array(name: string): AwkArray {
    if (!this.frame?.has(name)) return this.#state.array(name);
    let array = this.frame.get(name);
    if (array === undefined) {
      array = new Map();
      this.frame.set(name, array);
    }
    if (!isArray(array)) throw awkFailure("attempt to use scalar as array");
    return array;
  }

  /** Returns the key of an element. */
  async key(index: readonly AwkExpression[]): Promise<string> {
    const parts: string[] = [];
    for (const part of index) parts.push(await this.text(part));
    return parts.join(parts.length > 1 ? this.#state.textOf("SUBSEP") : "");
  }

  /** Evaluates an expression to a string. */
  async text(expression: AwkExpression): Promise<string> {
    return this.#state.text(await this.value(expression));
  }

  /** Evaluates an expression to a truth value. */
  async test(expression: AwkExpression): Promise<boolean> {
    return isTrue(await this.value(expression));
  }

  /** Evaluates an expression. */
  async value(expression: AwkExpression): Promise<AwkValue> {
    switch (expression.kind) {
      case "number":
      case "string":
        return expression.value;
      case "regex":
        return awkRegex(expression.source).test(this.#state.text(this.#state.field(0))) ? 1 : 0;
      case "group":
        return expression.items.length > 1
          ? await this.key(expression.items)
          : await this.value(expression.items[0] ?? { kind: "string", value: "" });
      case "variable":
      case "element":
      case "field":
        return await this.#read(expression);
      case "assign": {
        const value = await this.value(expression.value);
        if (expression.operator === "") return await this.assign(expression.target, value);
        const before = toNumber(await this.#read(expression.target));
        return await this.assign(expression.target, calculate(expression.operator, before, toNumber(value)));
      }
      case "step": {
        const before = toNumber(await this.#read(expression.target));
        await this.assign(expression.target, before + expression.change);
        return expression.isBefore ? before + expression.change : before;
      }
      case "unary":
        if (expression.operator === "!") return (await this.test(expression.operand)) ? 0 : 1;
        return toNumber(await this.value(expression.operand)) * (expression.operator === "-" ? -1 : 1);
      case "binary":
        return await this.#binary(expression.operator, expression.left, expression.right);
      case "choice":
        return await this.value((await this.test(expression.test)) ? expression.yes : expression.no);
      case "contains":
        return this.array(expression.name).has(await this.key(expression.index)) ? 1 : 0;
      case "call":
        return await this.#host.callFunction(expression.name, expression.args);
      case "builtin":
        return await this.#builtin(expression.name, expression.args);
      case "getline":
        return await this.#getline(expression.from, expression.source, expression.target);
    }
  }

  async #read(target: AwkTarget): Promise<AwkValue> {
    if (target.kind === "field") return this.#state.field(toNumber(await this.value(target.index)));
    if (target.kind === "element") {
      const array = this.array(target.name);
      const key = await this.key(target.index);
      // reading an element creates it
      if (!array.has(key)) array.set(key, undefined);
      return array.get(key);
    }
    if (!this.frame?.has(target.name)) return this.#state.get(target.name);
    const value = this.frame.get(target.name);
    return isArray(value) ? undefined : value;
  }

  /** Assigns a value, and returns it. */
  async assign(target: AwkTarget, value: AwkValue): Promise<AwkValue> {
    if (target.kind === "field") this.#state.setField(toNumber(await this.value(target.index)), value);
    else if (target.kind === "element") this.array(target.name).set(await this.key(target.index), value);
    else if (this.frame?.has(target.name)) this.frame.set(target.name, value);
    else this.#state.set(target.name, value);
    return value;
  }

  async #binary(operator: string, left: AwkExpression, right: AwkExpression): Promise<AwkValue> {
    if (operator === "&&") return (await this.test(left)) && (await this.test(right)) ? 1 : 0;
    if (operator === "||") return (await this.test(left)) || (await this.test(right)) ? 1 : 0;
    const a = await this.value(left);
    if (operator === "~" || operator === "!~")
      return awkRegex(await this.pattern(right)).test(this.#state.text(a)) === (operator === "~") ? 1 : 0;
    const b = await this.value(right);
    if (operator === " ") return this.#state.text(a) + this.#state.text(b);
    const order = /^[<>=!]/.test(operator) ? compareValues(a, b, this.#state.textOf("CONVFMT")) : 0;
    switch (operator) {
      case "<":
        return order < 0 ? 1 : 0;
      case "<=":
        return order <= 0 ? 1 : 0;
      case "==":
        return order === 0 ? 1 : 0;
      case "!=":
        return order === 0 ? 0 : 1;
      case ">":
        return order > 0 ? 1 : 0;
      case ">=":
        return order >= 0 ? 1 : 0;
      default:
        return calculate(operator, toNumber(a), toNumber(b));
    }
  }

  /** Returns the source of a regular expression: that of a literal, or the value of another expression. */
  async pattern(expression: AwkExpression): Promise<string> {
    return expression.kind === "regex" ? expression.source : await this.text(expression);
  }

  async #builtin(name: string, args: readonly AwkExpression[]): Promise<AwkValue> {
    const [first, second, third] = args;
    const record: AwkTarget = { kind: "field", index: { kind: "number", value: 0 } };
    switch (name) {
      case "length":
        if (first?.kind === "variable" && this.#isArray(first.name)) return this.array(first.name).size;
        return (await this.text(first ?? record)).length;
      case "split":
        return await this.#split(first, second, third);
      case "sub":
      case "gsub": {
        if (!first || !second) throw awkFailure("Too few arguments");
        const target = third ?? record;
        const regex = awkRegex(await this.pattern(first));
        const result = substitute(await this.text(target), regex, await this.text(second), name === "gsub");
        if (result.count > 0 && ["variable", "element", "field"].includes(target.kind))
          await this.assign(target as AwkTarget, result.text);
        return result.count;
      }
      case "match":
        return this.#functions.match(
          await this.text(first ?? record),
          await this.pattern(second ?? { kind: "string", value: "" }),
        );
      case "system":
        return await this.#streams.system(await this.text(first ?? record));
      case "close":
        return await this.#streams.close(await this.text(first ?? record));
      case "fflush":
        await this.#host.flush();
        return 0;
      default: {
        const values: AwkValue[] = [];
        for (const arg of args) values.push(await this.value(arg));
        return this.#functions.call(name, values);
      }
    }
  }

  #isArray(name: string): boolean {
    return isArray(this.frame?.has(name) ? this.frame.get(name) : this.#state.globals.get(name));
  }

  async #split(
    text: AwkExpression | undefined,
    name: AwkExpression | undefined,
    separator: AwkExpression | undefined,
  ): Promise<number> {
    if (!text || name?.kind !== "variable") throw awkFailure("Too few arguments");
    const by = separator ? await this.pattern(separator) : this.#state.textOf("FS");
    const parts = splitFields(await this.text(text), separator?.kind === "regex" ? new RegExp(awkRegex(by).source) : by);
    const array = this.array(name.name);
    array.clear();
    for (const [index, part] of parts.entries()) array.set(String(index + 1), new InputText(part));
    return parts.length;
  }

  async #getline(
    from: "input" | "file" | "command",
    source: AwkExpression | undefined,
    target: AwkTarget | undefined,
  ): Promise<number> {
    let record: string | undefined;
    if (from === "input" || !source) record = await this.#host.nextRecord();
    else {
      const reader = await this.#streams.reader(from, await this.text(source));
      if (!reader) return -1;
      record = await reader.next(this.#host.recordSeparator());
      if (record !== undefined && from === "command") this.#state.set("NR", toNumber(this.#state.get("NR")) + 1);
    }
    if (record === undefined) return 0;
    if (target) await this.assign(target, new InputText(record));
    else this.#state.setRecord(record);
    return 1;
  }
}

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "^":
      return a ** b;
    default:
      if (b === 0) throw awkFailure("Division by zero");
      return operator === "/" ? a / b : a % b;
  }
}
