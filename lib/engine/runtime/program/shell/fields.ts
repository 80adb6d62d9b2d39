import type { Segment } from "./pattern.js";

/** Collects what a word expands to. */
export interface Expansion {
  /** Adds text of the script itself. */
  literal(text: string, quoted: boolean): void;
  /** Adds the result of an expansion. */
  result(text: string, quoted: boolean): void;
  /** Adds the positional parameters: `separate` as fields of their own. */
  list(values: readonly string[], quoted: boolean, separate: boolean): void;
}

/** Joins all that a word expands to: no field splitting. */
export class Joined implements Expansion {
  /** What was added. */
  readonly segments: Segment[] = [];
  readonly #separator: string;

  /** @param separator - what `$*` is joined by: the first character of `IFS`. */
  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The text. */
  get text(): string {
    return this.segments.map(({ text }) => text).join("");
  }

  literal(text: string, quoted: boolean): void {
    this.segments.push({ text, quoted });
  }

  result(text: string, quoted: boolean): void {
    this.segments.push({ text, quoted });
  }

  list(values: readonly string[], quoted: boolean, separate: boolean): void {
    this.segments.push({ text: values.join(separate ? " " : this.#separator), quoted });
  }
}

/** Splits what is not quoted into fields at the characters of `IFS`. */
export class Fields implements Expansion {
  /** The complete fields. */
  readonly fields: Segment[][] = [];
  readonly #ifs: string;
  #current: Segment[] = [];
  /** Whether the current field exists although it may be empty. */
  #started = false;
  /** Whether blanks ended the last field: then a further separator belongs to them. */
  #afterBlanks = false;

  constructor(ifs: string | undefined) {
    this.#ifs = ifs ?? " \t\n";
  }

  literal(text: string, quoted: boolean): void {
    if (text === "" && !quoted) return;
    this.#current.push({ text, quoted });
    this.#started = true;
    this.#afterBlanks = false;
  }

  result(text: string, quoted: boolean): void {
    if (quoted) {
      this.literal(text, true);
      return;
    }
    let kept = "";
    const keep = (): void => {
      if (kept !== "") this.literal(kept, false);
      kept = "";
    };
    for (const character of text) {
      if (!this.#ifs.includes(character)) {
        kept += character;
        continue;
      }
      keep();
      if (/[ \t\n]/.test(character)) {
        if (this.#started) {
          this.finish();
          this.#afterBlanks = true;
        }
      } else if (this.#afterBlanks) this.#afterBlanks = false;
      else this.finish(true);
    }
    keep();
  }

  list(values: readonly string[], quoted: boolean, separate: boolean): void {
    if (quoted && !separate) {
      this.literal(values.join(this.#ifs.charAt(0)), true);
      return;
    }
    values.forEach((value, index) => {
      if (index > 0) this.finish();
      if (quoted || value !== "") this.result(value, quoted);
    });
  }

  /** Completes the current field. `evenEmpty` also one that does not exist. */
  finish(evenEmpty = false): void {
    if (this.#started || evenEmpty) this.fields.push(this.#current);
    this.#current = [];
    this.#started = false;
    this.#afterBlanks = false;
  }
}
