/** A variable of an environment. @category Jobs */
export interface EnvironmentVariable {
  /** Name: not blank, at most 1,024 characters. */
  readonly name: string;
  /** Value: at most 8 KiB. */
  readonly value: string;
}

/**
 * Variables that containers share: they name the environment by its identifier.
 *
 * @category Jobs
 */
export interface EnvironmentDescription {
  /** Identifier of the environment. */
  readonly id?: string | undefined;
  /** The variables. */
  readonly variables?: readonly EnvironmentVariable[] | undefined;
  /** URL of a text with a variable on each line, which replaces `variables`. At most 100 KiB. */
  readonly source?: string | undefined;
}

/** The most bytes of an environment that is fetched. */
export const SOURCE_LIMIT = 100 * 1024;

const NAME_LIMIT = 1024;
const VALUE_LIMIT = 8 * 1024;

/** Why a variable is refused; undefined if it is not. */
export function refuseVariable({ name, value }: EnvironmentVariable): string | undefined {
  const shown = JSON.stringify(name.slice(0, 64));
  if (name.trim() === "") return "the name of a variable may not be blank";
  if (name.length > NAME_LIMIT) return `the name of the variable ${shown} is longer than ${NAME_LIMIT} characters`;
  if (/[\s=\0]/.test(name)) return `the name of the variable ${shown} has white space, = or NUL`;
  if (Buffer.byteLength(value) > VALUE_LIMIT) return `the value of the variable ${shown} is longer than 8 KiB`;
  if (value.includes("\0")) return `the value of the variable ${shown} has a NUL`;
  return undefined;
}

/** Whether an environment says nothing. */
export function isEmpty({ id = "", variables = [], source = "" }: EnvironmentDescription): boolean {
  return id === "" && variables.length === 0 && source === "";
}

/**
 * Parses a line `NAME=VALUE`. White space around the line is ignored, and a value in double quotes loses them.
 *
 * @returns the variable; undefined for a line without `=`, or whose name is no name.
 * @category Jobs
 */
export function parseVariable(line: string): EnvironmentVariable | undefined {
  const at = line.indexOf("=");
  if (at === -1) return undefined;
  const value = line.slice(at + 1).trim();
  const [, quoted] = /^"(.*)"$/s.exec(value) ?? [];
  const found = { name: line.slice(0, at).trimStart(), value: quoted ?? value };
  return refuseVariable(found) === undefined ? found : undefined;
}

/** Parses a text with a variable on each line. Other lines are left out, and the last of several lines with one name holds. @category Jobs */
export function parseVariables(text: string): EnvironmentVariable[] {
  return merge(
    [],
    text.split(/\r?\n/).flatMap((line) => parseVariable(line) ?? []),
  );
}

/** Writes variables as a text with one on each line. @category Jobs */
export function variablesText(variables: readonly EnvironmentVariable[]): string {
  return variables.map(({ name, value }) => `${name}=${/^\s|\s$|^".*"$|[\r\n]/s.test(value) ? `"${value}"` : value}\n`).join("");
}

/** Adds variables to others. The later of two with one name holds. */
export function merge(old: readonly EnvironmentVariable[], added: readonly EnvironmentVariable[]): EnvironmentVariable[] {
  const values = new Map([...old, ...added].map(({ name, value }) => [name, value]));
  return [...values].map(([name, value]) => ({ name, value }));
}
