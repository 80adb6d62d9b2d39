/** Commands that are run one after the other in an empty directory, and what they start with. */
export interface Case {
  /** The command lines, as {@link wordsOf} splits them. */
  run: string | readonly string[];
  /** Files by path: the content as a byte string. A path that ends with a slash is a directory; `-> target` makes a link. */
  files?: Readonly<Record<string, string>>;
  /** Standard input of each command, as a byte string. */
  stdin?: string;
  /** Environment variables. */
  env?: Readonly<Record<string, string>>;
}

/** What busybox answered. All output is a byte string. */
export interface Answer {
  stdout: string;
  stderr: string;
  codes: number[];
}

/** Returns the command lines of a case. */
export const linesOfCase = ({ run }: Case): readonly string[] => (typeof run === "string" ? [run] : run);

/** The name of a case in the recording. */
export const keyOf = (entry: Case): string =>
  JSON.stringify([linesOfCase(entry), entry.files ?? {}, entry.stdin ?? "", entry.env ?? {}]);
