/**
 * The deepest nesting that is read. Docker's decoder stops at 10,000 levels; here the values are also copied and
 * written again, for which the stack of Node.js lasts only a few thousand.
 */
const MAX_DEPTH = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON from outside the engine.
 *
 * @throws a SyntaxError for malformed JSON, and in Docker's words for JSON that is nested too deeply.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError("exceeded max depth");
  return JSON.parse(text);
}

function isTooDeep(text: string): boolean {
  if (text.length <= MAX_DEPTH) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) at += code === BACKSLASH ? 1 : 0;
    else if (code === 0x7b || code === 0x5b)
      depth += 1; // { or [
    else if (code === 0x7d || code === 0x5d) depth -= 1; // } or ]
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
