import { Failure, program } from "./command.js";
import { byteString } from "./output.js";
import { posixRegex } from "./regex.js";

type Value = string | bigint;

const isNumber = (value: Value): boolean => typeof value === "bigint" || /^-?\d+$/.test(value);

function numberOf(value: Value): bigint {
  if (!isNumber(value)) throw new Failure("non-numeric argument", 2);
  return BigInt(value);
}

const isNull = (value: Value): boolean => value === "" || (isNumber(value) && BigInt(value) === 0n);

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "=": (order) => order === 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
};

function compare(a: Value, b: Value): number {
  const [x, y] = isNumber(a) && isNumber(b) ? [BigInt(a), BigInt(b)] : [String(a), String(b)];
  return x < y ? -1 : Number(x > y);
}

/** Matches at the start. Returns the first group, or the length of the match. */
function matched(text: Value, pattern: Value): Value {
  const regex = posixRegex(String(pattern));
  const match = new RegExp(`^(?:${regex.source})`).exec(String(text));
  if (/\\\(/.test(String(pattern))) return match?.[1] ?? "";
  return BigInt(match?.[0].length ?? 0);
}

/** The words of an expression, and its value. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Returns the value of all words. */
  value(): Value {
    if (this.#words.length === 0) throw new Failure("too few arguments", 2);
    const value = this.#either();
    if (this.#at < this.#words.length) throw new Failure("syntax error", 2);
    return value;
  }

  /** Takes the next word if it is one of these. */
  #take(...wanted: string[]): string | undefined {
    const word = this.#words[this.#at];
    if (word === undefined || !wanted.includes(word)) return undefined;
    this.#at++;
    return word;
  }

  #either(): Value {
    let value = this.#both();
    while (this.#take("|")) {
      const right = this.#both();
      if (isNull(value)) value = isNull(right) ? 0n : right;
    }
    return value;
  }

  #both(): Value {
    let value = this.#compared();
    while (this.#take("&")) {
      const right = this.#compared();
      if (isNull(value) || isNull(right)) value = 0n;
    }
    return value;
  }

  #compared(): Value {
    let value = this.#sum();
    for (let word = this.#take(...Object.keys(comparisons)); word !== undefined; word = this.#take(...Object.keys(comparisons)))
      value = comparisons[word]?.(compare(value, this.#sum())) ? 1n : 0n;
    return value;
  }

  #sum(): Value {
    let value = this.#product();
    for (let word = this.#take("+", "-"); word !== undefined; word = this.#take("+", "-")) {
      const right = numberOf(this.#product());
      value = word === "+" ? numberOf(value) + right : numberOf(value) - right;
    }
    return value;
  }

  #product(): Value {
    let value = this.#match();
    for (let word = this.#take("*", "/", "%"); word !== undefined; word = this.#take("*", "/", "%")) {
      const [left, right] = [numberOf(value), numberOf(this.#match())];
      if (word !== "*" && right === 0n) throw new Failure("division by zero", 2);
      if (word === "*") value = left * right;
      else value = word === "/" ? left / right : left % right;
    }
    return value;
  }

  #match(): Value {
    let value = this.#word();
    while (this.#take(":")) value = matched(value, this.#word());
    return value;
  }

  #word(): Value {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Failure("syntax error", 2);
    if (word === "(") {
      const value = this.#either();
      if (!this.#take(")")) throw new Failure("syntax error", 2);
      return value;
    }
    const hasArgument = this.#at < this.#words.length;
    if (word === "length" && hasArgument) return BigInt(String(this.#word()).length);
    if (word === "match" && hasArgument) return matched(this.#word(), this.#word());
    if (word === "index" && hasArgument) {
      const [text, characters] = [String(this.#word()), String(this.#word())];
      return BigInt(Array.from(text).findIndex((char) => characters.includes(char)) + 1);
    }
    if (word === "substr" && hasArgument) {
      const [text, start, length] = [String(this.#word()), Number(this.#word()), Number(this.#word())];
      return start < 1 || length < 1 ? "" : text.slice(start - 1, start - 1 + length);
    }
    if (word === "quote" && hasArgument) return this.#words[this.#at++] ?? "";
    return word;
  }
}

/** Prints the value of an expression. The exit code is 1 if it is empty or 0. */
export const expr = program((command) => {
  const value = new Words(command.args.map(byteString)).value();
  command.out.putBytes(`${value}\n`);
  return isNull(value) ? 1 : 0;
});
