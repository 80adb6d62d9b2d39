import { awkRegex, type AwkState } from "./awk-record.js";
import { type AwkValue, formatAwk, toNumber } from "./awk-values.js";
import { formatTime } from "./dates.js";

/** A source of random numbers that starts anew from a seed. */
class Random {
  #state = 1;
  #seed = 0;

  next(): number {
    // a linear congruential generator is random enough for scripts
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** Starts from a seed, and returns the one before. */
  start(seed: number): number {
    const before = this.#seed;
    this.#seed = seed;
    this.#state = Math.trunc(seed) >>> 0;
    return before;
  }
}

/** Returns the replacement of a match: `&` stands for the match. */
const replaced = (replacement: string, match: string): string =>
  replacement.replace(/\\\\|\\&|&/g, (piece) => (piece === "&" ? match : piece.slice(1)));

/** Replaces the first match, or all. Returns the result and the number of replacements. */
export function substitute(text: string, regex: RegExp, replacement: string, isGlobal: boolean): { text: string; count: number } {
  let [result, start, count, end] = ["", 0, 0, -1];
  regex.lastIndex = 0;
  for (let match = regex.exec(text); match && (isGlobal || count === 0); match = regex.exec(text)) {
    const [found] = match;
    if (found === "") regex.lastIndex++;
    // an empty match right after another one does not count
    if (found === "" && match.index === end) continue;
    result += text.slice(start, match.index) + replaced(replacement, found);
    start = match.index + found.length;
    end = start;
    count++;
  }
  return { text: result + text.slice(start), count };
}

/** The functions that need nothing but their arguments and the variables. */
export class AwkFunctions {
  readonly #state: AwkState;
  readonly #random = new Random();
  readonly #now: () => bigint;

  constructor(state: AwkState, now: () => bigint) {
    this.#state = state;
    this.#now = now;
  }

  /** Calls a function. */
  call(name: string, args: readonly AwkValue[]): AwkValue {
    const text = (index: number): string => this.#state.text(args[index]);
    const number = (index: number): number => toNumber(args[index]);
    switch (name) {
      case "substr":
        return this.#substring(text(0), number(1), args.length > 2 ? number(2) : Infinity);
      case "index":
        return text(0).indexOf(text(1)) + 1;
      case "sprintf":
        return formatAwk(text(0), args.slice(1));
      case "tolower":
        return text(0).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
      case "toupper":
        return text(0).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
      case "systime":
        return Number(this.#now() / 1_000_000_000n);
      case "strftime":
        return formatTime(
          args.length > 0 ? text(0) : "%c",
          args.length > 1 ? BigInt(Math.trunc(number(1))) * 1_000_000_000n : this.#now(),
        );
      case "srand":
        return this.#random.start(args.length > 0 ? number(0) : Number(this.#now() / 1_000_000_000n));
      case "rand":
        return this.#random.next();
      default:
        return arithmetic(name, number(0), number(1));
    }
  }

  #substring(text: string, start: number, length: number): string {
    // a start before the text counts as its start, and takes nothing off the length
    const first = Math.max(Math.trunc(start) - 1, 0);
    return text.slice(first, first + Math.max(Math.trunc(length), 0));
  }

  /** Finds a match, and notes where it is. */
  match(text: string, source: string): number {
    const match = awkRegex(source).exec(text);
    this.#state.set("RSTART", match ? match.index + 1 : 0);
    this.#state.set("RLENGTH", match ? match[0].length : -1);
    return match ? match.index + 1 : 0;
  }
}

function arithmetic(name: string, a: number, b: number): number {
  switch (name) {
    case "int":
      return Math.trunc(a);
    case "sqrt":
      return Math.sqrt(a);
    case "exp":
      return Math.exp(a);
    case "log":
      return Math.log(a);
    case "sin":
      return Math.sin(a);
    case "cos":
      return Math.cos(a);
    case "atan2":
      return Math.atan2(a, b);
    default:
      return bitwise(name, BigInt(Math.trunc(a)), BigInt(Math.trunc(b)));
  }
}

function bitwise(name: string, a: bigint, b: bigint): number {
  switch (name) {
    case "and":
      return Number(a & b);
    case "or":
      return Number(a | b);
    case "xor":
      return Number(a ^ b);
    case "lshift":
      return Number(a << b);
    case "rshift":
      return Number(a >> b);
    default:
      return Number(BigInt.asUintN(64, ~a));
  }
}
