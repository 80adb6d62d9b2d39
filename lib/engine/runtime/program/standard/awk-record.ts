import { type AwkArray, type AwkValue, InputText, isArray, numberText, toNumber, toText } from "./awk-values.js";
import { Failure } from "./command.js";
import { posixRegex } from "./regex.js";

/** Returns the error for a program that does what it must not. */
export const awkFailure = (message: string): Failure => new Failure(`cmd. line:1: ${message}`);

/** Translated regular expressions, by their source. */
const cache = new Map<string, RegExp>();

/** Returns a regular expression of awk. */
export function awkRegex(source: string): RegExp {
  let regex = cache.get(source);
  if (!regex) {
    if (cache.size > 500) cache.clear();
    regex = posixRegex(source.replace(/\\([/"])/g, "$1"), { isExtended: true }, "g");
    cache.set(source, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

/** Splits text into fields: at blanks for a single space, otherwise at a character or a regular expression. */
export function splitFields(text: string, separator: string | RegExp): string[] {
  if (text === "") return [];
  if (separator === " ") return text.match(/[^ \t\n]+/g) ?? [];
  if (separator === "") return text.split("");
  if (typeof separator === "string" && separator.length === 1 && separator !== "\\") return text.split(separator);
  const regex = awkRegex(typeof separator === "string" ? separator : separator.source);
  const fields: string[] = [];
  let start = 0;
  for (let match = regex.exec(text); match; match = regex.exec(text)) {
    if (match[0] === "") regex.lastIndex++;
    else {
      fields.push(text.slice(start, match.index));
      start = regex.lastIndex;
    }
  }
  return [...fields, text.slice(start)];
}

/** The variables of an awk program, with the current record and its fields. */
export class AwkState {
  /** The global variables, and the arrays. */
  readonly globals = new Map<string, AwkValue | AwkArray>();
  #record = "";
  #fields: AwkValue[] | undefined = [];
  #isStale = false;

  constructor() {
    const initial: Readonly<Record<string, AwkValue>> = {
      ...{ FS: " ", OFS: " ", ORS: "\n", RS: "\n", SUBSEP: "\x1c", CONVFMT: "%.6g", OFMT: "%.6g" },
      ...{ NR: 0, FNR: 0, RSTART: 0, RLENGTH: -1, FILENAME: "" },
    };
    for (const [name, value] of Object.entries(initial)) this.globals.set(name, value);
  }

  /** Returns a variable as a string. */
  textOf(name: string): string {
    return this.text(this.get(name));
  }

  /** Returns a value as a string. */
  text(value: AwkValue): string {
    if (typeof value === "string") return value;
    const format = this.globals.get("CONVFMT");
    return toText(value, typeof format === "string" ? format : "%.6g");
  }

  /** Returns a value as `print` shows it. */
  shown(value: AwkValue): string {
    return typeof value === "number" ? numberText(value, this.textOf("OFMT")) : this.text(value);
  }

  /** Returns a global variable. */
  get(name: string): AwkValue {
    if (name === "NF") return this.#split().length;
    const value = this.globals.get(name);
    return isArray(value) ? undefined : value;
  }

  /** Sets a global variable. */
  set(name: string, value: AwkValue): void {
    if (name === "NF") {
      const fields = this.#split();
      const length = Math.max(Math.trunc(toNumber(value)), 0);
      while (fields.length < length) fields.push("");
      fields.length = length;
      this.#isStale = true;
    } else this.globals.set(name, value);
  }

  /** Returns an array; one that does not exist is created. */
  array(name: string): AwkArray {
    let array = this.globals.get(name);
    if (array === undefined) {
      array = new Map();
      this.globals.set(name, array);
    }
    if (!isArray(array)) throw awkFailure("attempt to use scalar as array");
    return array;
  }

  /** Sets the current record. */
  setRecord(record: string): void {
    this.#record = record;
    this.#fields = undefined;
    this.#isStale = false;
  }

  /** Returns a field; the record for 0. */
  field(index: number): AwkValue {
    if (index < 0) throw awkFailure("Access to negative field");
    if (index > 0) return this.#split()[Math.trunc(index) - 1];
    if (this.#isStale) {
      this.#record = this.#split()
        .map((value) => this.text(value))
        .join(this.textOf("OFS"));
      this.#isStale = false;
    }
    return new InputText(this.#record);
  }

  /** Sets a field, or the record for 0. */
  setField(index: number, value: AwkValue): void {
    if (index < 0) throw awkFailure("Access to negative field");
    if (index < 1) {
      this.setRecord(this.text(value));
      return;
    }
    const fields = this.#split();
    while (fields.length < index) fields.push("");
    fields[Math.trunc(index) - 1] = value;
    this.#isStale = true;
  }

  #split(): AwkValue[] {
    if (!this.#fields) {
      const separator = this.textOf("FS");
      // in a paragraph, lines separate fields, too
      const isParagraph = this.textOf("RS") === "" && separator !== " ";
      const parts = splitFields(
        this.#record,
        isParagraph ? new RegExp(`${awkRegex(separator.length === 1 ? `[${separator}]` : separator).source}|\\n`) : separator,
      );
      this.#fields = parts.map((part) => new InputText(part));
    }
    return this.#fields;
  }
}
