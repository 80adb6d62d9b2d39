import { badRequest } from "../engine-error.js";
import type { Instruction } from "./dockerfile.js";
import { splitWords } from "./words.js";

/**
 * Parses the JSON form of arguments, such as `["sh", "-c", "ls"]`.
 *
 * @returns undefined for another form: what is not valid JSON is in shell form.
 * @throws {@link EngineError} with status 400 when the list holds anything else than strings.
 */
export function parseJsonForm(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (!value.every((item) => typeof item === "string")) {
    throw badRequest("when using JSON array syntax, arrays must be comprised of strings only");
  }
  return value;
}

/** Returns the arguments of an instruction: those in JSON form, or else the words between white space. */
export function listArguments({ rest }: Instruction): string[] {
  return parseJsonForm(rest) ?? rest.split(/\s+/).filter((word) => word !== "");
}

/**
 * Returns the command of an instruction: in JSON form as it is, else as an argument of the shell.
 *
 * @param shell - the shell and its options.
 */
export function commandOf({ rest }: Instruction, shell: readonly string[]): string[] {
  return parseJsonForm(rest) ?? [...shell, rest];
}

/** Returns the arguments of an instruction. @throws {@link EngineError} with status 400 without any. */
export function requireArguments(instruction: Instruction): string[] {
  const list = listArguments(instruction);
  if (list.length === 0) throw badRequest(`${instruction.name} requires at least one argument`);
  return list;
}

/** Checks that an instruction has one argument, and returns it. @throws {@link EngineError} with status 400. */
export function oneArgument({ name, rest }: Instruction): string {
  if (rest === "") throw badRequest(`${name} requires exactly one argument`);
  return rest;
}

/**
 * Parses arguments of the form `name=value …`, or the older form `name value`. Variables and quotes stay.
 *
 * @throws {@link EngineError} with status 400 when a value is missing.
 */
export function parsePairs({ name, rest }: Instruction, escape: string): [name: string, value: string][] {
  const words = splitWords(rest, escape);
  const [first] = words;
  if (first === undefined) throw badRequest(`${name} requires at least one argument`);
  if (!first.includes("=")) {
    const [, key = "", value] = /^(\S+)\s+([^]+)$/.exec(rest) ?? [];
    if (value === undefined) throw badRequest(`${name} must have two arguments`);
    return [[key, value]];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) throw badRequest(`Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value`);
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/**
 * Returns the values of the flags of an instruction by name; a flag without a value is `true`.
 *
 * @param known - the flags that the instruction has.
 * @throws {@link EngineError} with status 400 for others, and for repeated ones.
 */
export function flagsOf({ flags, name }: Instruction, known: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const flag of flags) {
    const [, key = "", value = "true"] = /^--([^=]*)(?:=([^]*))?$/.exec(flag) ?? [];
    if (!known.includes(key)) throw badRequest(`unknown flag: --${key}`);
    if (values.has(key)) throw badRequest(`Duplicate flag specified: --${key}`);
    if (!flag.includes("=")) throw badRequest(`Missing a value on flag: --${key} of ${name}`);
    values.set(key, value);
  }
  return values;
}
