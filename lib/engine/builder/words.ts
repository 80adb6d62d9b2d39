import { errorMessage } from "../../wire/realm.js";
import { badRequest } from "../engine-error.js";

/** Returns the value of a variable; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

/** Replaces the variables in a text and removes its quotes, by the rules of Docker, which resemble those of a shell. */
class Expansion {
  readonly #characters: readonly string[];
  readonly #lookup: Lookup;
  readonly #escape: string;
  #at = 0;
  /** The words up to here, as text that is split at white space outside of quotes. */
  readonly words: string[] = [];
  #word = "";
  #isInWord = false;

  constructor(text: string, lookup: Lookup, escape: string) {
    this.#characters = Array.from(text);
    this.#lookup = lookup;
    this.#escape = escape;
  }

  /** Expands up to the character `stop`, or to the end. */
  run(stop?: string): string {
    let result = "";
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined) break;
      if (character === stop) {
        this.#at += 1;
        this.#endWord();
        return result;
      }
      result += this.#part(character);
    }
    this.#endWord();
    if (stop !== undefined) throw badRequest(`unexpected end of statement while looking for matching ${stop}`);
    return result;
  }

  #part(character: string): string {
    if (character === "'") return this.#add(this.#single());
    if (character === '"') return this.#add(this.#double());
    if (character === "$") return this.#addSplit(this.#dollar());
    this.#at += 1;
    if (character === this.#escape) {
      const next = this.#characters[this.#at] ?? "";
      this.#at += 1;
      return this.#add(next);
    }
    if (isSpace(character)) this.#endWord();
    else this.#add(character);
    return character;
  }

  #add(text: string): string {
    this.#word += text;
    this.#isInWord = true;
    return text;
  }

  /** Adds the value of a variable outside of quotes: white space in it separates words. */
  #addSplit(text: string): string {
    for (const character of text) {
      if (isSpace(character)) this.#endWord();
      else this.#add(character);
    }
    return text;
  }

  #endWord(): void {
    if (this.#isInWord) this.words.push(this.#word);
    this.#word = "";
    this.#isInWord = false;
  }

  #single(): string {
    const end = this.#characters.indexOf("'", this.#at + 1);
    if (end < 0) throw badRequest("unexpected end of statement while looking for matching single-quote");
    const text = this.#characters.slice(this.#at + 1, end).join("");
    this.#at = end + 1;
    return text;
  }

  #double(): string {
    let text = "";
    this.#at += 1;
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined) throw badRequest("unexpected end of statement while looking for matching double-quote");
      if (character === "$") {
        text += this.#dollar();
        continue;
      }
      this.#at += 1;
      if (character === '"') return text;
      text += character === this.#escape ? this.#escapedInQuotes() : character;
    }
  }

  /** An escape character in double quotes is literal, unless it escapes something special. */
  #escapedInQuotes(): string {
    const next = this.#characters[this.#at];
    if (next !== '"' && next !== "$" && next !== this.#escape) return this.#escape;
    this.#at += 1;
    return next;
  }

  #dollar(): string {
    this.#at += 1;
    if (this.#characters[this.#at] !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#lookup(name) ?? "");
    }
    this.#at += 1;
    const name = this.#name();
    if (name === "") throw badRequest("syntax error: bad substitution");
    const value = this.#lookup(name);
    if (this.#take("}")) return value ?? "";
    const isEmptyUnset = this.#take(":");
    const modifier = this.#characters[this.#at] ?? "";
    this.#at += 1;
    if (modifier === "") throw badRequest("syntax error: missing '}' of a substitution");
    const isSet = value !== undefined && (!isEmptyUnset || value !== "");
    return this.#modified(name, isSet ? value : undefined, `${isEmptyUnset ? ":" : ""}${modifier}`);
  }

  #modified(name: string, value: string | undefined, modifier: string): string {
    const word = this.#nested();
    switch (modifier.at(-1)) {
      case "-":
        return value ?? word;
      case "+":
        return value === undefined ? "" : word;
      case "?":
        if (value !== undefined) return value;
        throw badRequest(`${name}: ${word || (modifier === "?" ? "is not allowed to be unset" : "is not allowed to be empty")}`);
      default:
        throw badRequest(`unsupported modifier (${modifier}) in substitution`);
    }
  }

  /** Expands the word of a modifier, up to the brace that ends it. */
  #nested(): string {
    const rest = new Expansion(this.#characters.slice(this.#at).join(""), this.#lookup, this.#escape);
    const word = rest.run("}");
    this.#at += rest.#at;
    return word;
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Reads the name of a variable, a number, or one of the special parameters of a shell. */
  #name(): string {
    const rest = this.#characters.slice(this.#at).join("");
    const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|\d+|[@*#?\-!$])/.exec(rest)?.[0] ?? "";
    this.#at += name.length;
    return name;
  }
}

/**
 * Replaces the variables in a word of a Dockerfile, and removes its quotes and escapes. White space stays as it is.
 *
 * @param escape - the escape character: a backslash or a backtick.
 * @throws {@link EngineError} with status 400 for quotes and braces without an end, and for unknown modifiers.
 */
export function expandWord(text: string, lookup: Lookup, escape = "\\"): string {
  return expanded(text, lookup, escape).result;
}

/** Expands a text, and names it in the error. */
function expanded(text: string, lookup: Lookup, escape: string): { result: string; words: string[] } {
  const expansion = new Expansion(text, lookup, escape);
  try {
    return { result: expansion.run(), words: expansion.words };
  } catch (error) {
    throw badRequest(`failed to process ${JSON.stringify(text)}: ${errorMessage(error)}`, error);
  }
}

/** Like {@link expandWord}, and splits the text at white space outside of quotes, also in the values of variables. */
export function expandWords(text: string, lookup: Lookup, escape = "\\"): string[] {
  return expanded(text, lookup, escape).words;
}

/**
 * Splits a text into words at white space, outside of quotes and escapes, which stay in the words.
 *
 * @param escape - the escape character.
 */
export function splitWords(text: string, escape = "\\"): string[] {
  const words: string[] = [];
  let word = "";
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote === undefined && isSpace(character)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    word += character;
    if (character === escape && quote !== "'" && at + 1 < text.length) word += text[++at] ?? "";
    else if (character === quote) quote = undefined;
    else if (quote === undefined && (character === "'" || character === '"')) quote = character;
  }
  if (word !== "") words.push(word);
  return words;
}
