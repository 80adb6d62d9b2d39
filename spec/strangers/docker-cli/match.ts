/** What placeholders such as `<id>` stand for. */
const placeholders: Readonly<Record<string, string>> = {
  ago: "(?:Less than a second|About an? (?:minute|hour)|\\d+ (?:second|minute|hour|day|week|month|year)s?)",
  any: "[^\\n]*",
  date: "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? [-+]\\d{4} \\w+",
  digest: "sha256:[0-9a-f]{64}",
  empty: "",
  help: "(?:See 'docker[^']*'\\.|\\n(?:Run|See) 'docker[^']*' for more information)",
  id: "[0-9a-f]{64}",
  ip: "\\d{1,3}(?:\\.\\d{1,3}){3}",
  mac: "[0-9a-f]{2}(?::[0-9a-f]{2}){5}",
  n: "\\d+",
  name: "[a-z]+_[a-z]+\\d?",
  port: "[1-9]\\d{3,4}",
  short: "[0-9a-f]{12}",
  runtime: "(?:[a-z ]+: )*OCI runtime (?:create|exec) failed: (?:[a-z ]+: )*",
  size: "\\d+(?:\\.\\d+)?(?:e\\+\\d+)?(?:[kMGT]i?)?B",
  time: "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[-+]\\d\\d:\\d\\d)",
  word: "\\S+",
  xs: "x{100000}",
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** Replaces the variables that are known: `$name` and `${name}`. */
function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? "";
    return Object.hasOwn(variables, name) ? (variables[name] ?? "") : whole;
  });
}

/** Translates a line to a regular expression: placeholders, choices, and runs of spaces, whose length depends on other lines. */
function pattern(line: string): string {
  let result = "";
  let at = 0;
  for (const found of line.matchAll(/<([^<>\s]+?)(?::(\w+))?>|<([^<>]*\|[^<>]*)>| {2,}/g)) {
    result += escaped(line.slice(at, found.index));
    at = found.index + found[0].length;
    const [whole, word = "", capture] = found;
    const choices = whole.slice(1, -1).split("|");
    const known = placeholders[word];
    if (whole.startsWith(" ")) result += " {2,}";
    else if (known !== undefined) result += capture === undefined ? known : `(?<${capture}>${known})`;
    else if (choices.length > 1) result += `(?:${choices.map(escaped).join("|")})`;
    else result += escaped(whole);
  }
  return result + escaped(line.slice(at));
}

/** Removes what editors remove too: spaces and carriage returns at the ends of lines. */
export const trimmed = (text: string): string => text.replace(/[ \t\r]+(?=\n|$)/g, "");

/**
 * Compares an output with the lines that are expected.
 *
 * @returns the values of its captures, such as `<id:web>`; undefined if the output differs.
 */
export function match(
  expected: readonly string[],
  output: string,
  variables: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const source = expected
    .map((line) => (line === "..." ? "(?:[^\\n]*\\n)*?" : `${pattern(substitute(line, variables))}\\n`))
    .join("");
  const text = trimmed(output);
  const found = new RegExp(`^${source}$`).exec(text === "" || text.endsWith("\n") ? text : `${text}\n`);
  return found ? { ...found.groups } : undefined;
}
