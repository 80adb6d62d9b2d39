/** How deeply a request may be nested. */
const DEPTH = 64;

/** Refuses what is not UTF-8. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A request, with its text. */
export interface Envelope {
  /** The request as it was sent: any JSON value. */
  readonly value: unknown;
  /** The text of it. */
  readonly text: string;
}

/** What a body contains. */
export type Body = { readonly single: Envelope } | { readonly batch: readonly Envelope[] };

/**
 * Parses the body of a call.
 *
 * @throws a `SyntaxError` if it is not JSON, and a `RangeError` if it is nested too deeply.
 */
export function parseBody(bytes: Buffer): Body {
  const text = utf8.decode(bytes);
  for (const { depth } of marksOf(text))
    if (depth > DEPTH) throw new RangeError(`the request is nested more than ${DEPTH} levels deep`);
  const value = JSON.parse(text) as unknown;
  if (!Array.isArray(value)) return { single: { value, text } };
  const texts = elementsOf(text);
  return { batch: value.map((each: unknown, index) => ({ value: each, text: texts[index] ?? "" })) };
}

/**
 * Returns the ID of a request as it was written, which numbers such as `1.0` do not survive otherwise; `undefined` if it has none.
 * Of several, the last one counts, as for `JSON.parse`.
 *
 * @param isId - whether a member is the ID, by its name.
 */
export function idOf({ text }: Envelope, isId = (name: string): boolean => name === "id"): string | undefined {
  let id: string | undefined;
  let begin = 0;
  let isFound = false;
  for (const { character, index, depth } of marksOf(text)) {
    if (depth > 1) continue;
    if (character === "[") return undefined;
    if (character === ":") isFound = isId(JSON.parse(text.slice(begin, index)) as string);
    else if (isFound) {
      id = text.slice(begin, index).trim();
      isFound = false;
    }
    begin = index + 1;
  }
  return id;
}

/** Returns the texts of the elements of an array. */
function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let begin = 0;
  for (const { character, index, depth } of marksOf(text)) {
    if (depth > 1) continue;
    if (character !== "[") elements.push(text.slice(begin, index));
    begin = index + 1;
  }
  return elements;
}

/** A bracket, colon or comma of JSON. */
interface Mark {
  readonly character: string;
  readonly index: number;
  /** The number of brackets around it, itself included. */
  readonly depth: number;
}

/** Finds the brackets, colons and commas outside of strings. The text may not be JSON. The time is linear whatever it is. */
function* marksOf(text: string): Generator<Mark> {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') index = endOfString(text, index);
    else if (character === "{" || character === "[") yield { character, index, depth: ++depth };
    else if (character === "}" || character === "]") yield { character, index, depth: depth-- };
    else if (character === ":" || character === ",") yield { character, index, depth };
  }
}

/** Returns where a string ends: at its quotation mark, or at the end of the text. */
function endOfString(text: string, begin: number): number {
  let index = begin + 1;
  while (index < text.length && text.charAt(index) !== '"') index += text.charAt(index) === "\\" ? 2 : 1;
  return index;
}
