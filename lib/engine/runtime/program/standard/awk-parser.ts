import { AwkExpressionParser } from "./awk-expressions.js";
import { awkTokens } from "./awk-lexer.js";
import type { AwkExpression, AwkFunction, AwkProgram, AwkRule, AwkStatement } from "./awk-syntax.js";

/** Reads the rules and statements of an awk program. */
class AwkParser extends AwkExpressionParser {
  readonly #rules: AwkRule[] = [];
  readonly #functions = new Map<string, AwkFunction>();

  program(): AwkProgram {
    for (;;) {
      while (this.token.kind === "newline" || this.isNext(";")) this.take();
      if (this.token.kind === "end") return { rules: this.#rules, functions: this.#functions };
      if (this.accept("function") !== undefined) this.#function();
      else this.#rule();
    }
  }

  #function(): void {
    const name = this.expectKind("name", "call");
    this.expect("(");
    const parameters: string[] = [];
    this.skipLines();
    while (this.accept(")") === undefined) {
      if (parameters.length > 0) this.expect(",");
      this.skipLines();
      parameters.push(this.expectKind("name"));
      this.skipLines();
    }
    this.skipLines();
    this.#functions.set(name, { parameters, body: this.#block() });
  }

  #rule(): void {
    const special = this.accept("BEGIN", "END");
    if (special === "BEGIN" || special === "END") {
      this.skipLines();
      this.#rules.push({ pattern: special, action: this.#block() });
      return;
    }
    const pattern: AwkExpression[] = [];
    if (!this.isNext("{")) {
      pattern.push(this.expression());
      if (this.accept(",") !== undefined) {
        this.skipLines();
        pattern.push(this.expression());
      }
    }
    this.#rules.push({ pattern, ...(this.isNext("{") ? { action: this.#block() } : {}) });
  }

  #block(): AwkStatement {
    this.expect("{");
    const body: AwkStatement[] = [];
    for (;;) {
      while (this.token.kind === "newline" || this.isNext(";")) this.take();
      if (this.accept("}") !== undefined) return { kind: "block", body };
      body.push(this.#statement());
    }
  }

  /** Reads a statement with its end. */
  #statement(): AwkStatement {
    if (this.isNext("{")) return this.#block();
    if (this.accept(";") !== undefined) return { kind: "block", body: [] };
    if (this.isNext("if")) return this.#if();
    if (this.isNext("while")) return this.#while();
    if (this.isNext("do")) return this.#do();
    if (this.isNext("for")) return this.#for();
    const statement = this.#simple();
    if (this.isNext("}") || this.token.kind === "end") return statement;
    if (this.token.kind !== "newline" && !this.isNext(";")) throw this.failure();
    this.take();
    return statement;
  }

  /** Reads a statement that may follow on the next line. */
  #body(): AwkStatement {
    this.skipLines();
    return this.#statement();
  }

  #condition(): AwkExpression {
    this.expect("(");
    const test = this.expression();
    this.expect(")");
    return test;
  }

  #if(): AwkStatement {
    this.take();
    const test = this.#condition();
    const yes = this.#body();
    // the end of the statement may stand before `else`
    let ahead = 0;
    while (this.ahead(ahead).kind === "newline" || this.ahead(ahead).text === ";") ahead++;
    if (this.ahead(ahead).kind !== "keyword" || this.ahead(ahead).text !== "else") return { kind: "if", test, yes };
    for (; ahead >= 0; ahead--) this.take();
    return { kind: "if", test, yes, no: this.#body() };
  }

  #while(): AwkStatement {
    this.take();
    const test = this.#condition();
    return { kind: "while", test, body: this.#body(), isAfter: false };
  }

  #do(): AwkStatement {
    this.take();
    const body = this.#body();
    while (this.token.kind === "newline" || this.isNext(";")) this.take();
    this.expect("while");
    return { kind: "while", test: this.#condition(), body, isAfter: true };
  }

  #for(): AwkStatement {
    this.take();
    this.expect("(");
    if (this.token.kind === "name" && this.ahead(1).text === "in" && this.ahead(3).text === ")") {
      const variable = this.take().text;
      this.take();
      const name = this.expectKind("name");
      this.expect(")");
      return { kind: "each", variable, name, body: this.#body() };
    }
    const first = this.isNext(";") ? undefined : this.#simple();
    this.expect(";");
    this.skipLines();
    const test = this.isNext(";") ? undefined : this.expression();
    this.expect(";");
    this.skipLines();
    const next = this.isNext(")") ? undefined : this.#simple();
    this.expect(")");
    return { kind: "for", ...(first ? { first } : {}), ...(test ? { test } : {}), ...(next ? { next } : {}), body: this.#body() };
  }

  #simple(): AwkStatement {
    const word = this.accept("print", "printf");
    if (word !== undefined) return this.#print(word === "printf");
    const jump = this.accept("break", "continue", "next", "nextfile");
    if (jump !== undefined) return { kind: "jump", to: jump as "break" };
    const end = this.accept("exit", "return");
    if (end !== undefined) {
      const hasValue = this.token.kind !== "newline" && this.token.kind !== "end" && !this.isNext(";", "}");
      return { kind: end as "exit", ...(hasValue ? { value: this.expression() } : {}) };
    }
    if (this.accept("delete") !== undefined) {
      const name = this.expectKind("name");
      return { kind: "delete", name, ...(this.accept("[") ? { index: this.list("]") } : {}) };
    }
    return { kind: "expression", value: this.expression() };
  }

  #print(isFormatted: boolean): AwkStatement {
    const args: AwkExpression[] = [];
    this.redirects = true;
    while (this.token.kind !== "newline" && this.token.kind !== "end" && !this.isNext(";", "}", ">", ">>", "|")) {
      if (args.length > 0) {
        this.expect(",");
        this.skipLines();
      }
      args.push(this.expression());
    }
    // the parentheses around several arguments are no part of an expression
    const [only] = args;
    const list = args.length === 1 && only?.kind === "group" && only.items.length > 1 ? only.items : args;
    const operator = this.accept(">", ">>", "|");
    const to = operator === undefined ? {} : { to: { operator, target: this.expression() } };
    this.redirects = false;
    return { kind: "print", isFormatted, args: list, ...to };
  }
}

/**
 * Reads an awk program.
 *
 * @throws {@link Failure} when it is wrong.
 */
export const parseAwk = (source: string): AwkProgram => new AwkParser(awkTokens(source)).program();
