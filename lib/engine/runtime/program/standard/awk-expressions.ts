import { type AwkToken, type AwkTokenKind } from "./awk-lexer.js";
import type { AwkExpression, AwkTarget } from "./awk-syntax.js";
import { Failure } from "./command.js";

/** The operators from the weakest to the strongest, of those that have two operands and group from the left. */
const levels: readonly (readonly string[])[] = [
  ["+", "-"],
  ["*", "/", "%"],
];

const comparisons = ["<", "<=", "==", "!=", ">", ">="];

const isTarget = (expression: AwkExpression): expression is AwkTarget =>
  ["variable", "element", "field"].includes(expression.kind);

/** Reads the expressions of an awk program. */
export class AwkExpressionParser {
  readonly #tokens: readonly AwkToken[];
  #at = 0;
  /** Whether `>` redirects output, and does not compare: in `print` without parentheses. */
  protected redirects = false;
  /** Whether `in` belongs to the head of a `for`. */
  protected stopsAtIn = false;

  constructor(tokens: readonly AwkToken[]) {
    this.#tokens = tokens;
  }

  /** The next token. */
  protected get token(): AwkToken {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  /** Returns a token further on. */
  protected ahead(count: number): AwkToken {
    return this.#tokens[this.#at + count] ?? { kind: "end", text: "" };
  }

  protected isNext(...texts: string[]): boolean {
    return ["operator", "keyword"].includes(this.token.kind) && texts.includes(this.token.text);
  }

  protected take(): AwkToken {
    const token = this.token;
    this.#at++;
    return token;
  }

  /** Takes the next token if it is one of these. */
  protected accept(...texts: string[]): string | undefined {
    return this.isNext(...texts) ? this.take().text : undefined;
  }

  protected expect(text: string): void {
    if (this.accept(text) === undefined) throw this.failure();
  }

  protected expectKind(...kinds: AwkTokenKind[]): string {
    if (!kinds.includes(this.token.kind)) throw this.failure();
    return this.take().text;
  }

  protected failure(): Failure {
    const lines = this.#tokens.slice(0, this.#at).filter(({ kind }) => kind === "newline").length;
    return new Failure(`cmd. line:${lines + 1}: ${this.token.kind === "end" ? "Unexpected end of string" : "Unexpected token"}`);
  }

  protected skipLines(): void {
    while (this.token.kind === "newline") this.#at++;
  }

  /** Reads an expression. */
  protected expression(): AwkExpression {
    const left = this.#choice();
    const operator = isTarget(left) ? this.accept("=", "+=", "-=", "*=", "/=", "%=", "^=") : undefined;
    if (operator === undefined || !isTarget(left)) return left;
    this.skipLines();
    return { kind: "assign", operator: operator.slice(0, -1), target: left, value: this.expression() };
  }

  /** Reads expressions with commas between them, up to a closing bracket. */
  protected list(end: string): AwkExpression[] {
    const items: AwkExpression[] = [];
    const [redirects, stopsAtIn] = [this.redirects, this.stopsAtIn];
    this.redirects = false;
    this.stopsAtIn = false;
    this.skipLines();
    while (this.accept(end) === undefined) {
      if (items.length > 0) this.expect(",");
      this.skipLines();
      items.push(this.expression());
      this.skipLines();
    }
    this.redirects = redirects;
    this.stopsAtIn = stopsAtIn;
    return items;
  }

  #choice(): AwkExpression {
    const test = this.#either();
    if (this.accept("?") === undefined) return test;
    this.skipLines();
    const yes = this.expression();
    this.skipLines();
    this.expect(":");
    this.skipLines();
    return { kind: "choice", test, yes, no: this.expression() };
  }

  #either(): AwkExpression {
    let left = this.#both();
    while (this.accept("||") !== undefined) {
      this.skipLines();
      left = { kind: "binary", operator: "||", left, right: this.#both() };
    }
    return left;
  }

  #both(): AwkExpression {
    let left = this.#membership();
    while (this.accept("&&") !== undefined) {
      this.skipLines();
      left = { kind: "binary", operator: "&&", left, right: this.#membership() };
    }
    return left;
  }

  #membership(): AwkExpression {
    let left = this.#match();
    while (!this.stopsAtIn && this.accept("in") !== undefined)
      left = { kind: "contains", index: left.kind === "group" ? left.items : [left], name: this.expectKind("name") };
    return left;
  }

  #match(): AwkExpression {
    let left = this.#comparison();
    for (let operator = this.accept("~", "!~"); operator !== undefined; operator = this.accept("~", "!~"))
      left = { kind: "binary", operator, left, right: this.#comparison() };
    return left;
  }

  #comparison(): AwkExpression {
    let left = this.#concatenation();
    const operators = this.redirects ? comparisons.filter((operator) => operator !== ">") : comparisons;
    const operator = this.accept(...operators);
    if (operator !== undefined) left = { kind: "binary", operator, left, right: this.#concatenation() };
    // a command that lines are read from
    while (this.isNext("|") && this.ahead(1).text === "getline") {
      this.take();
      this.take();
      left = { kind: "getline", from: "command", source: left, ...this.#optionalTarget() };
    }
    return left;
  }

  #concatenation(): AwkExpression {
    let left = this.#operation(0);
    while (this.#startsOperand()) left = { kind: "binary", operator: " ", left, right: this.#operation(0) };
    return left;
  }

  #startsOperand(): boolean {
    const { kind, text } = this.token;
    if (["number", "string", "regex", "name", "call", "builtin"].includes(kind)) return true;
    return kind === "operator" && ["(", "$", "++", "--"].includes(text);
  }

  #operation(level: number): AwkExpression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#operation(level + 1);
    for (let operator = this.accept(...operators); operator !== undefined; operator = this.accept(...operators))
      left = { kind: "binary", operator, left, right: this.#operation(level + 1) };
    return left;
  }

  #unary(): AwkExpression {
    const operator = this.accept("!", "-", "+");
    if (operator !== undefined) return { kind: "unary", operator, operand: this.#unary() };
    return this.#power();
  }

  #power(): AwkExpression {
    const left = this.#stepped();
    if (this.accept("^") === undefined) return left;
    return { kind: "binary", operator: "^", left, right: this.isNext("-", "+", "!") ? this.#unary() : this.#power() };
  }

  #stepped(): AwkExpression {
    const before = this.accept("++", "--");
    if (before !== undefined) {
      const target = this.#operand();
      if (!isTarget(target)) throw this.failure();
      return { kind: "step", change: before === "++" ? 1 : -1, isBefore: true, target };
    }
    const operand = this.#operand();
    const after = isTarget(operand) ? this.accept("++", "--") : undefined;
    return after !== undefined && isTarget(operand)
      ? { kind: "step", change: after === "++" ? 1 : -1, isBefore: false, target: operand }
      : operand;
  }

  #operand(): AwkExpression {
    const { kind, text } = this.take();
    if (kind === "number") return { kind: "number", value: /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text) };
    if (kind === "string") return { kind: "string", value: text };
    if (kind === "regex") return { kind: "regex", source: text };
    if (kind === "name")
      return this.accept("[") ? { kind: "element", name: text, index: this.list("]") } : { kind: "variable", name: text };
    if (kind === "call") {
      this.expect("(");
      return { kind: "call", name: text, args: this.list(")") };
    }
    if (kind === "builtin") return { kind: "builtin", name: text, args: this.accept("(") ? this.list(")") : [] };
    if (text === "$") return { kind: "field", index: this.isNext("-", "+", "!") ? this.#unary() : this.#stepped() };
    if (text === "(") {
      const items = this.list(")");
      if (items.length === 1 && items[0]) return { kind: "group", items };
      if (items.length === 0 || !(this.isNext("in") || this.redirects || items.length > 1)) throw this.failure();
      return { kind: "group", items };
    }
    if (text === "getline") {
      const target = this.#optionalTarget();
      if (this.accept("<") === undefined) return { kind: "getline", from: "input", ...target };
      return { kind: "getline", from: "file", source: this.#stepped(), ...target };
    }
    if (text === "-" || text === "+" || text === "!") return { kind: "unary", operator: text, operand: this.#unary() };
    this.#at--;
    throw this.failure();
  }

  #optionalTarget(): { target?: AwkTarget } {
    if (this.token.kind !== "name" && !this.isNext("$")) return {};
    const target = this.#operand();
    return isTarget(target) ? { target } : {};
  }
}
