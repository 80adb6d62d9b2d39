import type { ParsedScript } from "unbash";
import type { Segment } from "./pattern.js";

/** What expansions need of a shell. */
export interface ExpansionHost {
  /** Returns a parameter: a variable, a positional or a special one; undefined if it is unset. */
  parameter(name: string): string | undefined;
  /** The positional parameters. */
  readonly positional: readonly string[];
  /** Assigns a variable. */
  assign(name: string, value: string): void;
  /** Whether an unset parameter is an error. */
  readonly nounset: boolean;
  /** Whether names of files are not expanded. */
  readonly noglob: boolean;
  /** Runs a script and returns its output without the newlines at its end. */
  substitute(script: ParsedScript): Promise<string>;
  /** Returns the home directory of a user. */
  home(user: string): Promise<string | undefined>;
  /** Returns the paths that match a pattern. */
  matchingPaths(pattern: readonly Segment[]): Promise<string[]>;
}
