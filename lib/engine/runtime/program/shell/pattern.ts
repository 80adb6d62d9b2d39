/** A part of an expanded word. Quoted text has no special characters. */
export interface Segment {
  /** The text. */
  readonly text: string;
  /** Whether it was quoted. */
  readonly quoted: boolean;
}

const classes: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{Nd}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e",
  lower: "\\p{Ll}",
  print: "\\x20-\\x7e",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
};

/** A character of a pattern. */
interface PatternCharacter {
  readonly value: string;
  readonly special: boolean;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
const escapedInBrackets = (text: string): string => text.replace(/[\\^\]-]/g, "\\$&");

function charactersOf(segments: readonly Segment[]): PatternCharacter[] {
  const characters: PatternCharacter[] = [];
  for (const { text, quoted } of segments) {
    let backslash = false;
    for (const value of text) {
      if (!quoted && !backslash && value === "\\") {
        backslash = true;
        continue;
      }
      characters.push({ value, special: !quoted && !backslash });
      backslash = false;
    }
    if (backslash) characters.push({ value: "\\", special: false });
  }
  return characters;
}

/** Reads a bracket expression that starts at `start`. Returns undefined if it has no end: then the bracket is an ordinary character. */
function bracket(characters: readonly PatternCharacter[], start: number): { source: string; end: number } | undefined {
  let at = start + 1;
  const second = characters[at];
  const negated = second?.special === true && /[!^]/.test(second.value);
  if (negated) at++;
  let source = "";
  for (const first = at; at < characters.length; at++) {
    const { value, special } = characters[at] ?? { value: "", special: false };
    if (value === "]" && special && at > first) return { source: `[${negated ? "^" : ""}${source}]`, end: at };
    const rest = characters
      .slice(at, at + 12)
      .map((character) => character.value)
      .join("");
    const named = /^\[:([a-z]+):\]/.exec(rest);
    if (named && special) {
      source += classes[named[1] ?? ""] ?? "";
      at += named[0].length - 1;
    } else if (value === "-" && special && at > first && characters[at + 1] && characters[at + 1]?.value !== "]") source += "-";
    else source += escapedInBrackets(value);
  }
  return undefined;
}

/** Returns the source of a regular expression for a pattern. */
export function patternSource(segments: readonly Segment[], anyText = "[^]*", shortest = false): string {
  const characters = charactersOf(segments);
  let source = "";
  for (let at = 0; at < characters.length; at++) {
    const { value, special } = characters[at] ?? { value: "", special: false };
    if (special && value === "*") source += anyText + (shortest ? "?" : "");
    else if (special && value === "?") source += "[^]";
    else if (special && value === "[") {
      const found = bracket(characters, at);
      source += found?.source ?? "\\[";
      at = found?.end ?? at;
    } else source += escaped(value);
  }
  return source;
}

/** Compiles a pattern. A range that is the wrong way around matches nothing. */
export function compilePattern(source: string, flags = "u"): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    return /(?!)/u;
  }
}

/** Returns whether a pattern matches a whole text. */
export const matches = (segments: readonly Segment[], text: string): boolean =>
  compilePattern(`^(?:${patternSource(segments)})$`).test(text);

/** Returns the text without the shortest or longest part at its start or end that matches. */
export function removeMatch(text: string, segments: readonly Segment[], operator: "#" | "##" | "%" | "%%"): string {
  const source = patternSource(segments, "[^]*", operator.length === 1);
  if (operator.startsWith("#")) return text.replace(compilePattern(`^(?:${source})`), "");
  // a search from the left finds the longest end; the shortest one starts at the last place that matches
  const whole = compilePattern(`^(?:${source})$`);
  if (operator === "%%") return text.replace(compilePattern(`(?:${source})$`), "");
  for (let at = text.length; at >= 0; at--) if (whole.test(text.slice(at))) return text.slice(0, at);
  return text;
}

/** Returns whether a word has special characters, so that it names files. */
export const hasPattern = (segments: readonly Segment[]): boolean =>
  segments.some(({ text, quoted }) => !quoted && /[*?[]/.test(text));
