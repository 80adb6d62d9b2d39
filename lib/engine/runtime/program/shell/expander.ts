import type { ArithmeticExpansionPart, DoubleQuotedChild, HereDocBody, Word, WordPart } from "unbash";
import { parse } from "unbash";
import { ArithmeticError, type ArithmeticVariables, evaluateArithmetic } from "./arithmetic.js";
import { refuse, ShellError } from "./control.js";
import type { ExpansionHost } from "./expansion-host.js";
import { type Expansion, Fields, Joined } from "./fields.js";
import { expandParameter, type ParameterExpander } from "./parameters.js";
import { hasPattern, type Segment } from "./pattern.js";

/** Where text stands: in quotes, or as the operand of `${x:-…}`, whose text is split into fields. */
interface Place {
  readonly quoted: boolean;
  readonly operand?: boolean;
}

const plain: Place = { quoted: false };

/** Adds unquoted text of a script. A backslash quotes the character after it. */
function addUnquoted(text: string, place: Place, to: Expansion): void {
  for (const [piece] of text.matchAll(/\\[^]|[^\\]+|\\$/g)) {
    if (piece === "\\\n") continue;
    if (piece.startsWith("\\")) to.literal(piece.length > 1 ? piece.slice(1) : piece, true);
    else if (place.operand) to.result(piece, false);
    else to.literal(piece, false);
  }
}

/** Returns what text in double quotes stands for. */
const inQuotes = (text: string): string =>
  text.replace(/\\([$`"\\}]|\n)/g, (_all, character: string) => (character === "\n" ? "" : character));

/** Returns what text of a here document stands for. */
const hereText = (text: string): string =>
  text.replace(/\\([$`\\]|\n)/g, (_all, character: string) => (character === "\n" ? "" : character));

/** Expands the words of a shell. */
export class Expander implements ParameterExpander {
  readonly host: ExpansionHost;
  readonly #arithmetic = new WeakMap<ArithmeticExpansionPart, Word>();

  constructor(host: ExpansionHost) {
    this.host = host;
  }

  /** Expands words to fields: with splitting and names of files. */
  async fields(words: readonly Word[]): Promise<string[]> {
    const results: string[] = [];
    for (const word of words) {
      const fields = new Fields(this.host.parameter("IFS"));
      await this.#word(word, fields, plain);
      fields.finish();
      for (const field of fields.fields) {
        const paths = hasPattern(field) && !this.host.noglob ? await this.host.matchingPaths(field) : [];
        if (paths.length > 0) results.push(...paths);
        else results.push(field.map(({ text }) => text).join(""));
      }
    }
    return results;
  }

  /** Expands a word to a text: without splitting. */
  async text(word: Word): Promise<string> {
    return (await this.#joined(word)).text;
  }

  /** Expands the value of an assignment: tildes are also expanded after colons. */
  async assignedText(value: Word): Promise<string> {
    return (await this.#joined(value, true)).text;
  }

  /** Expands a word to a pattern. */
  async pattern(word: Word): Promise<Segment[]> {
    return (await this.#joined(word)).segments;
  }

  /**
   * Expands the text of a here document.
   *
   * @param strip - removes the tabs at the start of its lines, which are not those of an expansion.
   */
  async hereDocument(body: HereDocBody, strip: boolean): Promise<string> {
    const joined = this.#empty();
    const parts = body.parts ?? [
      { type: "Literal" as const, pos: body.pos, end: body.end, value: hereText(body.text), text: body.text },
    ];
    let lineStart = true;
    for (const part of parts) {
      if (part.type !== "Literal" || !strip) await this.#part(part, joined, { quoted: true });
      else joined.literal(part.value.replace(lineStart ? /^\t+/gm : /(?<=\n)\t+/g, ""), true);
      lineStart = part.type === "Literal" && part.value.endsWith("\n");
    }
    return joined.text;
  }

  /** Evaluates the text of an arithmetic expression after expanding it. */
  async arithmetic(word: Word): Promise<bigint> {
    return this.evaluate(await this.text(word));
  }

  /** Evaluates an arithmetic expression. */
  evaluate(text: string): bigint {
    const { host } = this;
    const variables: ArithmeticVariables = {
      get: (name) => host.parameter(name),
      set: (name, value) => host.assign(name, value),
    };
    try {
      return evaluateArithmetic(text, variables);
    } catch (error) {
      throw error instanceof ArithmeticError ? new ShellError(error.message) : error;
    }
  }

  /** Expands the operand of a parameter expansion such as `${x:-word}`. */
  async operand(word: Word, to: Expansion, quoted: boolean): Promise<void> {
    if (!word.parts) {
      if (quoted) to.literal(inQuotes(word.text), true);
      else addUnquoted(word.text, { quoted, operand: true }, to);
      return;
    }
    for (const [index, part] of word.parts.entries()) {
      if (index === 0 && !quoted && part.type === "Literal")
        await this.#tilde(part.text, word.parts.length === 1, to, { quoted, operand: true });
      else await this.#part(part, to, { quoted, operand: true });
    }
  }

  #empty(): Joined {
    return new Joined((this.host.parameter("IFS") ?? " ").charAt(0));
  }

  async #joined(word: Word, assignment = false): Promise<Joined> {
    const joined = this.#empty();
    await this.#word(word, joined, plain, assignment);
    return joined;
  }

  async #word(word: Word, to: Expansion, place: Place, assignment = false): Promise<void> {
    const parts = word.parts ?? [{ type: "Literal" as const, pos: word.pos, end: word.end, value: word.value, text: word.text }];
    for (const [index, part] of parts.entries()) {
      if (part.type !== "Literal") await this.#part(part, to, place);
      else if (!assignment) await this.#tilde(part.text, parts.length === 1, to, place, index === 0);
      else
        for (const [at, piece] of part.text.split(/(?<=(?<!\\):)/).entries())
          await this.#tilde(piece, index === parts.length - 1, to, place, index === 0 || at > 0);
    }
  }

  /** Adds unquoted text, of which `~` or `~user` at the start is a home directory. */
  async #tilde(text: string, whole: boolean, to: Expansion, place: Place, start = true): Promise<void> {
    const prefix = start ? /^~([\w.-]*)(?=\/|:|$)/.exec(text) : null;
    const home = prefix && (whole || prefix[0].length < text.length) ? await this.host.home(prefix[1] ?? "") : undefined;
    if (home === undefined || !prefix) {
      addUnquoted(text, place, to);
      return;
    }
    to.literal(home, true);
    addUnquoted(text.slice(prefix[0].length), place, to);
  }

  async #part(part: WordPart | DoubleQuotedChild, to: Expansion, place: Place): Promise<void> {
    const { quoted } = place;
    switch (part.type) {
      case "Literal":
        if (quoted) to.literal(place.operand ? inQuotes(part.text) : part.value, true);
        else addUnquoted(part.text, place, to);
        return;
      case "Glob": {
        addUnquoted(part.text, place, to);
        return;
      }
      case "SingleQuoted":
        to.literal(quoted && place.operand ? part.text : part.value, true);
        return;
      case "AnsiCQuoted":
        to.literal(quoted && place.operand ? part.text : part.value, true);
        return;
      case "DoubleQuoted":
        return this.#quoted(part.parts, to);
      case "LocaleString":
        to.literal("$", quoted);
        return this.#quoted(part.parts, to);
      case "SimpleExpansion": {
        this.#parameter(part.text.slice(1), to, quoted);
        return;
      }
      case "ParameterExpansion":
        return expandParameter(this, part, to, quoted);
      case "CommandExpansion":
        if (part.script) to.result(await this.host.substitute(part.script), quoted);
        return;
      case "ArithmeticExpansion":
        to.result(String(await this.arithmetic(this.#expression(part))), quoted);
        return;
      case "BraceExpansion":
        if (part.parts) for (const inner of part.parts) await this.#part(inner, to, place);
        else addUnquoted(part.text, place, to);
        return;
      case "ProcessSubstitution":
        return refuse("process substitution");
      case "ExtendedGlob":
        return refuse(`the pattern ${part.text}`);
    }
  }

  async #quoted(parts: readonly DoubleQuotedChild[], to: Expansion): Promise<void> {
    if (parts.length === 0) to.literal("", true);
    for (const part of parts) await this.#part(part, to, { quoted: true });
  }

  #parameter(name: string, to: Expansion, quoted: boolean): void {
    if (name === "@" || name === "*") to.list(this.host.positional, quoted, name === "@" || !quoted);
    else to.result(this.value(name), quoted);
  }

  /** Returns the value of a parameter, `""` if it is unset. */
  value(name: string): string {
    const value = this.host.parameter(name);
    if (value === undefined && this.host.nounset) throw new ShellError(`${name}: parameter not set`);
    return value ?? "";
  }

  /** Returns an arithmetic expression as a word in quotes, in which parameters and commands are expanded. */
  #expression(part: ArithmeticExpansionPart): Word {
    const known = this.#arithmetic.get(part);
    if (known) return known;
    const command = parse(`: "${part.text.slice(3, -2).replace(/"/g, '\\"')}"`).commands[0]?.command;
    const word = command?.type === "Command" ? command.suffix[0] : undefined;
    if (word?.type !== "Word") throw new ShellError("arithmetic syntax error");
    this.#arithmetic.set(part, word);
    return word;
  }
}
