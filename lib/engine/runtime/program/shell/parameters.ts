import type { ParameterExpansionPart, Word } from "unbash";
import { refuse, ShellError } from "./control.js";
import type { ExpansionHost } from "./expansion-host.js";
import { type Expansion, Joined } from "./fields.js";
import { compilePattern, patternSource, removeMatch, type Segment } from "./pattern.js";

/** What the expansion of parameters needs of that of words. */
export interface ParameterExpander {
  readonly host: ExpansionHost;
  /** Returns the value of a parameter, `""` if it is unset. */
  value(name: string): string;
  /** Expands the operand of a parameter expansion. */
  operand(word: Word, to: Expansion, quoted: boolean): Promise<void>;
  /** Expands a word to a text. */
  text(word: Word): Promise<string>;
  /** Expands a word to a pattern. */
  pattern(word: Word): Promise<Segment[]>;
  /** Evaluates the text of an arithmetic expression after expanding it. */
  arithmetic(word: Word): Promise<bigint>;
}

const isList = (name: string): boolean => name === "@" || name === "*";

function replaced(text: string, operator: string, pattern: readonly Segment[], replacement: string): string {
  const source = patternSource(pattern);
  if (source === "") return text;
  const anchored = operator === "/#" ? `^(?:${source})` : operator === "/%" ? `(?:${source})$` : source;
  return text.replace(compilePattern(anchored, operator === "//" ? "gu" : "u"), () => replacement);
}

async function slice(expander: ParameterExpander, text: string, offset: Word, length: Word | undefined): Promise<string> {
  const characters = Array.from(text);
  const from = Number(await expander.arithmetic(offset));
  const start = from < 0 ? characters.length + from : from;
  if (start < 0) return "";
  if (!length) return characters.slice(start).join("");
  const count = Number(await expander.arithmetic(length));
  return characters.slice(start, count < 0 ? characters.length + count : start + count).join("");
}

/** Adds the values of a parameter after they were changed. */
async function addChanged(
  expander: ParameterExpander,
  name: string,
  to: Expansion,
  quoted: boolean,
  change: (value: string) => string | Promise<string>,
): Promise<void> {
  if (!isList(name)) {
    to.result(await change(expander.value(name)), quoted);
    return;
  }
  const values: string[] = [];
  for (const value of expander.host.positional) values.push(await change(value));
  to.list(values, quoted, name === "@" || !quoted);
}

/** Expands the forms that test whether a parameter is set: `${x:-word}`, `${x=word}`, `${x?word}` and `${x+word}`. */
async function expandTested(
  expander: ParameterExpander,
  part: ParameterExpansionPart,
  operator: string,
  operand: Word,
  to: Expansion,
  quoted: boolean,
) {
  const { host } = expander;
  const { parameter: name } = part;
  const list = isList(name);
  const value = list ? (host.positional.length > 0 ? host.positional.join(" ") : undefined) : host.parameter(name);
  const isSet = value !== undefined && !(operator.startsWith(":") && value === "");
  const kind = operator.at(-1);
  if (kind === "+") {
    if (isSet) await expander.operand(operand, to, quoted);
    return;
  }
  if (isSet) {
    if (list) to.list(host.positional, quoted, name === "@" || !quoted);
    else to.result(value, quoted);
    return;
  }
  if (kind === "-") return expander.operand(operand, to, quoted);
  const joined = new Joined(" ");
  await expander.operand(operand, joined, quoted);
  if (kind === "?") {
    const text = joined.text === "" ? `parameter ${operator.startsWith(":") ? "null or " : ""}not set` : joined.text;
    throw new ShellError(`${name}: ${text}`);
  }
  if (!/^[A-Za-z_]/.test(name)) throw new ShellError("syntax error: bad substitution");
  host.assign(name, joined.text);
  to.result(joined.text, quoted);
}

/** Expands `${…}`. */
export async function expandParameter(
  expander: ParameterExpander,
  part: ParameterExpansionPart,
  to: Expansion,
  quoted: boolean,
): Promise<void> {
  const { parameter: name, operation } = part;
  if (part.index) refuse("an array");
  if (part.prefix === "!" || !/^([A-Za-z_]\w*|\d+|[-@*#?$!])$/.test(name)) throw new ShellError("syntax error: bad substitution");
  if (part.prefix === "#") {
    const length = isList(name) ? expander.host.positional.length : Array.from(expander.value(name)).length;
    to.result(String(length), quoted);
    return;
  }
  if (!operation) {
    if (isList(name)) to.list(expander.host.positional, quoted, name === "@" || !quoted);
    else to.result(expander.value(name), quoted);
    return;
  }
  switch (operation.type) {
    case "Default":
      return expandTested(expander, part, operation.operator, operation.operand, to, quoted);
    case "Remove": {
      const pattern = await expander.pattern(operation.operand);
      return addChanged(expander, name, to, quoted, (value) => removeMatch(value, pattern, operation.operator));
    }
    case "Replace": {
      const pattern = await expander.pattern(operation.pattern);
      const replacement = await expander.text(operation.replacement);
      return addChanged(expander, name, to, quoted, (value) => replaced(value, operation.operator, pattern, replacement));
    }
    case "Slice":
      if (isList(name)) refuse("a slice of all parameters");
      return addChanged(expander, name, to, quoted, (value) => slice(expander, value, operation.offset, operation.length));
    default:
      throw new ShellError("syntax error: bad substitution");
  }
}
