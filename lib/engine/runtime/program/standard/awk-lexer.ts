import { Failure } from "./command.js";
import { byteString } from "./output.js";

/** The kinds of the words of an awk program. */
export type AwkTokenKind =
  "number" | "string" | "regex" | "name" | "call" | "builtin" | "keyword" | "newline" | "operator" | "end";

/** A word of an awk program. */
export interface AwkToken {
  readonly kind: AwkTokenKind;
  readonly text: string;
}

const keywords = new Set([
  ...[
    "BEGIN",
    "END",
    "function",
    "func",
    "if",
    "else",
    "while",
    "for",
    "do",
    "break",
    "continue",
    "next",
    "nextfile",
    "exit",
    "return",
  ],
  ...["delete", "in", "getline", "print", "printf"],
]);

/** The functions of the language. */
const awkBuiltins = new Set([
  ...[
    "length",
    "substr",
    "index",
    "split",
    "sub",
    "gsub",
    "match",
    "sprintf",
    "sin",
    "cos",
    "atan2",
    "exp",
    "log",
    "sqrt",
    "int",
  ],
  ...[
    "rand",
    "srand",
    "tolower",
    "toupper",
    "system",
    "close",
    "fflush",
    "strftime",
    "systime",
    "and",
    "or",
    "xor",
    "compl",
    "lshift",
    "rshift",
  ],
]);

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  '"': '"',
  "/": "/",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Replaces the escapes of a string. */
export const unescapeAwk = (text: string): string =>
  text.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([^]))/g, (whole, octal?: string, hex?: string, letter = "") => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[String(letter)] ?? whole;
  });

const spaces = /(?:[ \t\r]|\\\r?\n|#[^\n]*)*/y;
const number = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const name = /[A-Za-z_]\w*/y;
const string = /"((?:[^"\\\n]|\\[^])*)"/y;
const regex = /\/((?:[^/\\\n[]|\\[^\n]|\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\])*)\//y;
const operator = /\*\*=|\*\*|&&|\|\||\+\+|--|[-+*/%^<>=!]=|!~|>>|[-+*/%^<>=!~?:,;(){}[\]$|]/y;

/** Whether a slash after this token divides; otherwise it starts a regular expression. */
function endsOperand({ kind, text }: AwkToken): boolean {
  if (kind === "operator") return [")", "]", "$", "++", "--"].includes(text);
  return ["number", "string", "name", "builtin", "regex"].includes(kind);
}

/**
 * Splits an awk program into words.
 *
 * @throws {@link Failure} when there is something else.
 */
export function awkTokens(program: string): AwkToken[] {
  const source = byteString(program);
  const tokens: AwkToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  };
  for (;;) {
    take(spaces);
    if (at >= source.length) break;
    if (source[at] === "\n") {
      at++;
      tokens.push({ kind: "newline", text: "\n" });
      continue;
    }
    const previous = tokens.at(-1);
    let match: RegExpExecArray | null;
    if ((match = take(number))) tokens.push({ kind: "number", text: match[0] });
    else if ((match = take(name))) {
      const text = match[0];
      if (keywords.has(text)) tokens.push({ kind: "keyword", text: text === "func" ? "function" : text });
      else if (awkBuiltins.has(text)) tokens.push({ kind: "builtin", text });
      else tokens.push({ kind: source[at] === "(" ? "call" : "name", text });
    } else if ((match = take(string))) tokens.push({ kind: "string", text: unescapeAwk(match[1] ?? "") });
    else if (source[at] === "/" && !(previous && endsOperand(previous)) && (match = take(regex)))
      tokens.push({ kind: "regex", text: (match[1] ?? "").replaceAll("\\/", "/") });
    else if ((match = take(operator))) tokens.push({ kind: "operator", text: match[0].replace("**", "^") });
    else throw new Failure(`cmd. line:${source.slice(0, at).split("\n").length}: Unexpected token`);
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}
