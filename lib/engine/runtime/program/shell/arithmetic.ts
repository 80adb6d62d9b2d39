/** An arithmetic expression cannot be evaluated. */
export class ArithmeticError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ArithmeticError";
  }
}

/** The variables that an expression reads and assigns. */
export interface ArithmeticVariables {
  /** Returns the value; undefined if the variable is unset. */
  get(name: string): string | undefined;
  /** Assigns a variable. */
  set(name: string, value: string): void;
}

const syntaxError = "arithmetic syntax error";
/** How deep variables may name variables. */
const deepest = 64;

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

function divisor(value: bigint): bigint {
  if (value === 0n) throw new ArithmeticError("divide by zero");
  return value;
}

function power(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new ArithmeticError("exponent less than 0");
  let result = 1n;
  for (let factor = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = wrap(result * factor);
    factor = wrap(factor * factor);
  }
  return result;
}

const operations: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "<<": (a, b) => a << (b & 63n),
  ">>": (a, b) => a >> (b & 63n),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / divisor(b),
  "%": (a, b) => a % divisor(b),
};

/** The binary operators from the weakest to the strongest. `&&` and `||` are evaluated apart. */
const levels = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="]);
const token =
  /\s*(\d+#[\da-zA-Z@_]+|0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%&^|<>=!~?:,()])/y;

/** Returns the value of a number. */
function numberOf(text: string): bigint {
  const based = /^(\d+)#(.*)$/.exec(text);
  if (!based) {
    if (/^0[xX]/.test(text)) return wrap(BigInt(text));
    if (!/^0\d/.test(text)) return wrap(BigInt(text));
    if (/[89]/.test(text)) throw new ArithmeticError(syntaxError);
    return wrap(BigInt(`0o${text.slice(1)}`));
  }
  const base = Number(based[1]);
  if (base < 2 || base > 64) throw new ArithmeticError(syntaxError);
  let value = 0n;
  for (const digit of based[2] ?? "") {
    const upper = base > 36 ? "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_" : "abcdefghijklmnopqrstuvwxyz";
    const index = `0123456789${upper}`.indexOf(base > 36 ? digit : digit.toLowerCase());
    if (index < 0 || index >= base) throw new ArithmeticError(syntaxError);
    value = wrap(value * BigInt(base) + BigInt(index));
  }
  return value;
}

/** Evaluates one expression. What is not chosen is parsed with `live` false: it assigns nothing and cannot fail. */
class Evaluation {
  readonly #tokens: string[] = [];
  readonly #variables: ArithmeticVariables;
  readonly #depth: number;
  #at = 0;

  constructor(text: string, variables: ArithmeticVariables, depth: number) {
    this.#variables = variables;
    this.#depth = depth;
    token.lastIndex = 0;
    let end = 0;
    for (let found = token.exec(text); found; found = token.exec(text)) {
      this.#tokens.push(found[1] ?? "");
      end = token.lastIndex;
    }
    if (text.slice(end).trim() !== "") throw new ArithmeticError(syntaxError);
  }

  result(): bigint {
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma(true);
    if (this.#at < this.#tokens.length) throw new ArithmeticError(syntaxError);
    return value;
  }

  #accept(...tokens: string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next === undefined || !tokens.includes(next)) return undefined;
    this.#at++;
    return next;
  }

  #expect(wanted: string): void {
    if (this.#accept(wanted) === undefined) throw new ArithmeticError(syntaxError);
  }

  #comma(live: boolean): bigint {
    let value = this.#assignment(live);
    while (this.#accept(",") !== undefined) value = this.#assignment(live);
    return value;
  }

  #assignment(live: boolean): bigint {
    const [name, operator] = this.#tokens.slice(this.#at, this.#at + 2);
    if (name === undefined || operator === undefined || !/^[A-Za-z_]/.test(name) || !assignments.has(operator))
      return this.#conditional(live);
    this.#at += 2;
    const right = this.#assignment(live);
    if (!live) return 0n;
    return this.#assign(name, operator === "=" ? right : this.#apply(operator.slice(0, -1), this.#read(name), right));
  }

  #conditional(live: boolean): bigint {
    const test = this.#binary(0, live);
    if (this.#accept("?") === undefined) return test;
    const consequent = this.#assignment(live && test !== 0n);
    this.#expect(":");
    const alternate = this.#assignment(live && test === 0n);
    return test !== 0n ? consequent : alternate;
  }

  #binary(level: number, live: boolean): bigint {
    const operators = levels[level];
    if (!operators) return this.#power(live);
    let left = this.#binary(level + 1, live);
    for (let operator = this.#accept(...operators); operator !== undefined; operator = this.#accept(...operators)) {
      if (operator === "&&") left = truth(this.#binary(level + 1, live && left !== 0n) !== 0n && left !== 0n);
      else if (operator === "||") left = truth(this.#binary(level + 1, live && left === 0n) !== 0n || left !== 0n);
      else {
        const right = this.#binary(level + 1, live);
        left = live ? this.#apply(operator, left, right) : 0n;
      }
    }
    return left;
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    return wrap(operations[operator]?.(left, right) ?? 0n);
  }

  #power(live: boolean): bigint {
    const base = this.#unary(live);
    if (this.#accept("**") === undefined) return base;
    const exponent = this.#power(live);
    return live ? power(base, exponent) : 0n;
  }

  #unary(live: boolean): bigint {
    const step = this.#accept("++", "--");
    if (step !== undefined) {
      const name = this.#tokens[this.#at] ?? "";
      if (!/^[A-Za-z_]/.test(name)) return step === "--" ? wrap(this.#unary(live)) : this.#unary(live);
      this.#at++;
      return live ? this.#assign(name, this.#read(name) + (step === "++" ? 1n : -1n)) : 0n;
    }
    const operator = this.#accept("-", "+", "!", "~");
    if (operator === undefined) return this.#primary(live);
    const value = this.#unary(live);
    if (operator === "-") return wrap(-value);
    if (operator === "!") return truth(value === 0n);
    return operator === "~" ? ~value : value;
  }

  #primary(live: boolean): bigint {
    if (this.#accept("(") !== undefined) {
      const value = this.#comma(live);
      this.#expect(")");
      return value;
    }
    const next = this.#tokens[this.#at++] ?? "";
    if (/^\d/.test(next)) return numberOf(next);
    if (!/^[A-Za-z_]/.test(next)) throw new ArithmeticError(syntaxError);
    const step = this.#accept("++", "--");
    if (!live) return 0n;
    const value = this.#read(next);
    if (step !== undefined) this.#assign(next, value + (step === "++" ? 1n : -1n));
    return value;
  }

  #read(name: string): bigint {
    const text = this.#variables.get(name) ?? "";
    if (this.#depth >= deepest) throw new ArithmeticError("expression recursion loop detected");
    return new Evaluation(text, this.#variables, this.#depth + 1).result();
  }

  #assign(name: string, value: bigint): bigint {
    const wrapped = wrap(value);
    this.#variables.set(name, String(wrapped));
    return wrapped;
  }
}

/**
 * Evaluates an arithmetic expression as C does, with signed integers of 64 bits.
 *
 * @throws {@link ArithmeticError}
 */
export const evaluateArithmetic = (text: string, variables: ArithmeticVariables): bigint =>
  new Evaluation(text, variables, 0).result();
