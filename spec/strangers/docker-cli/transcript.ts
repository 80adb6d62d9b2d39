import { readFileSync } from "node:fs";

/** A command and what it is expected to print. The format is described in README.md. */
export interface Check {
  /** Line of the command in its file. */
  readonly line: number;
  /** The command, for bash. */
  readonly command: string;
  /** Whether the command is repeated until it prints what is expected. */
  readonly repeats: boolean;
  /** Conditions on versions, such as `cli>=23`. */
  readonly conditions: readonly string[];
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly status: number;
}

/** A check while its lines are read. */
interface Draft extends Check {
  command: string;
  stdout: string[];
  stderr: string[];
  status: number;
}

/** Parses the checks of an area. @throws an error that names the line when it is not part of a check. */
export function parseTranscript(text: string, file: string): Check[] {
  const checks: Draft[] = [];
  let conditions: string[] = [];
  let open: Draft | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, kind = "", rest = ""] = /^([$~>!@#]) (.*)$/.exec(line) ?? [];
    const [, status] = /^\[(\d+)\]$/.exec(line) ?? [];
    if (kind === "$" || kind === "~") {
      open = { line: index + 1, command: rest, repeats: kind === "~", conditions, stdout: [], stderr: [], status: 0 };
      checks.push(open);
      conditions = [];
    } else if (kind === "@") conditions = rest.split(/\s+/);
    else if (kind === "#") open = undefined;
    else if (line === "") open = undefined;
    else if (!open) throw new Error(`${file}:${index + 1}: the line belongs to no command`);
    else if (kind === ">") open.command += `\n${rest}`;
    else if (kind === "!") open.stderr.push(rest);
    else if (status !== undefined) open.status = Number(status);
    else open.stdout.push(line);
  }
  return checks;
}

/** Reads the checks of a file. */
export const readTranscript = (file: string): Check[] => parseTranscript(readFileSync(file, "utf8"), file);
