/** The command line of a program is wrong. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** How a program reads its command line. */
export interface OptionRules {
  /** The letters of the options; a colon follows the letter of an option with a value. */
  readonly letters: string;
  /** The letters, or an empty string to ignore it, of long options by name. */
  readonly long?: Readonly<Record<string, string>>;
  /** Whether the first operand ends the options. */
  readonly stopsAtOperand?: boolean;
}

/** The options and operands of a program. */
export interface Arguments {
  /** The operands in order. */
  readonly operands: string[];
  /** The options in order. The value of an option without one is an empty string. */
  readonly given: readonly (readonly [letter: string, value: string])[];
  /** Returns whether one of these options is given. */
  has(letters: string): boolean;
  /** Returns the value of the last of these options, if any is given. */
  value(letter: string): string | undefined;
  /** Returns all values of an option. */
  values(letter: string): string[];
  /** Returns the letter of the last of these options, if any is given. */
  last(letters: string): string | undefined;
}

function result(given: readonly (readonly [string, string])[], operands: string[]): Arguments {
  return {
    operands,
    given,
    has: (letters) => given.some(([letter]) => letters.includes(letter)),
    value: (letter) => given.findLast(([other]) => other === letter)?.[1],
    values: (letter) => given.flatMap(([other, value]) => (other === letter ? [value] : [])),
    last: (letters) => given.findLast(([letter]) => letters.includes(letter))?.[0],
  };
}

function readLong(text: string, rules: OptionRules): readonly [string, string | undefined] {
  const [name = "", ...rest] = text.split("=");
  const letter = rules.long?.[name];
  if (letter === undefined) throw new UsageError(`unrecognized option '--${text}'`);
  return [letter, rest.length > 0 ? rest.join("=") : undefined];
}

/**
 * Reads options as `getopt(3)` does: letters may be joined, a value may follow its letter directly or as the next argument,
 * options may follow operands, and `--` ends the options.
 *
 * @throws {@link UsageError} when an option is unknown or lacks its value.
 */
export function readOptions(args: readonly string[], rules: OptionRules): Arguments {
  const given: [string, string][] = [];
  const operands: string[] = [];
  const takesValue = (letter: string): boolean => rules.letters[rules.letters.indexOf(letter) + 1] === ":";
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const next = (option: string): string => {
      const value = args[++at];
      if (value === undefined) throw new UsageError(`option requires an argument -- '${option}'`);
      return value;
    };
    if (arg === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith("--")) {
      const [letter, value] = readLong(arg.slice(2), rules);
      if (letter !== "") given.push([letter, takesValue(letter) ? (value ?? next(letter)) : ""]);
    } else if (arg.length > 1 && arg.startsWith("-")) {
      for (let index = 1; index < arg.length; index++) {
        const letter = arg.charAt(index);
        if (letter === ":" || !rules.letters.includes(letter)) throw new UsageError(`invalid option -- '${letter}'`);
        if (!takesValue(letter)) {
          given.push([letter, ""]);
          continue;
        }
        given.push([letter, index + 1 < arg.length ? arg.slice(index + 1) : next(letter)]);
        break;
      }
    } else if (rules.stopsAtOperand) {
      operands.push(...args.slice(at));
      break;
    } else operands.push(arg);
  }
  return result(given, operands);
}
