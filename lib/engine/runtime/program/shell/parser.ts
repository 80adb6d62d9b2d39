import { parse, type ParsedScript, type Statement } from "unbash";
import { ShellError } from "./control.js";

/** A script that was parsed. */
export interface ParsedSource {
  /** Its statements; with an error, those that run before it. */
  readonly statements: readonly Statement[];
  /** The first error, which is reported after the statements ran. */
  readonly error: ShellError | undefined;
  /** Whether more lines may complete the script. */
  readonly incomplete: boolean;
}

/** The errors that more lines may mend. */
const incompletePattern = /^unterminated|^expected/;

function textOf(message: string, source: string, pos: number): string {
  const token = /^unexpected token '(.+)'/.exec(message)?.[1];
  if (token !== undefined) return `unexpected "${token}"`;
  if (/^unterminated .*quote/.test(message)) return "unterminated quoted string";
  if (message.startsWith("unterminated backtick")) return "EOF in backquote substitution";
  if (message.startsWith("unterminated arithmetic")) return "missing '))'";
  if (message.startsWith("unterminated parameter")) return "bad substitution";
  const expected = message.startsWith("unterminated command") ? ")" : /^expected '([^']+)'/.exec(message)?.[1];
  const wanted = expected === undefined ? "" : ` (expecting "${expected === "esac" ? ";;" : expected}")`;
  const next = message.startsWith("unterminated") ? undefined : /^[ \t]*(&&|\|\||;;|[;&|()]|\w+)/.exec(source.slice(pos))?.[1];
  return next === undefined ? `unexpected end of file${wanted}` : `unexpected "${next}"${wanted}`;
}

/** Returns the position of a here document that has no end. The parser does not report it. */
function hasOpenHereDocument(script: ParsedScript, source: string): boolean {
  if (!source.includes("<<")) return false;
  let open = false;
  const visit = (value: unknown): void => {
    if (open || typeof value !== "object" || value === null) return;
    if ("type" in value && value.type === "HereDoc" && !("closing" in value && value.closing !== undefined)) {
      open = true;
      return;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(script.commands);
  return open;
}

/** Returns the error of a parenthesis that the parser leaves behind a command, as in `echo (`. */
function strayParenthesis(script: ParsedScript, source: string): { message: string; pos: number } | undefined {
  const end = script.commands.at(-1)?.end;
  const rest = end === undefined ? null : /^[ \t]*\(/.exec(source.slice(end));
  return rest && end !== undefined ? { message: "expected ')'", pos: source.length } : undefined;
}

/** Parses a script. */
export function parseSource(source: string): ParsedSource {
  const script = parse(source);
  const first = script.errors?.[0] ?? strayParenthesis(script, source);
  if (!first) return { statements: script.commands, error: undefined, incomplete: hasOpenHereDocument(script, source) };
  // the shell reads line by line: what is complete on earlier lines runs before the error is found
  const broken = script.commands.find(({ pos, end }) => end <= pos || (pos <= first.pos && first.pos < end));
  const line = source.lastIndexOf("\n", Math.max((broken?.pos ?? first.pos) - 1, 0)) + 1;
  const statements = script.commands.filter(({ pos, end }) => end > pos && end <= line);
  const error = new ShellError(`syntax error: ${textOf(first.message, source, first.pos)}`);
  return { statements, error, incomplete: incompletePattern.test(first.message) };
}

/** Throws the error of a script that stands in a substitution. */
export function checkScript(script: ParsedScript): void {
  const error = script.errors?.[0];
  if (error) throw new ShellError(`syntax error: ${textOf(error.message, script.source ?? "", error.pos)}`);
}
