import { ShellError } from "../control.js";
import type { Builtin, Shell } from "../shell.js";
import { isName } from "../variables.js";

interface ReadOptions {
  raw: boolean;
  prompt?: string;
  delimiter?: string;
  characters?: number;
  seconds?: number;
  descriptor: number;
  names: string[];
}

function optionsOf(words: readonly string[]): ReadOptions {
  const options: ReadOptions = { raw: false, descriptor: 0, names: [] };
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!/^-./.test(word)) break;
    if (word === "--") {
      at++;
      break;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index] ?? "";
      if (letter === "r") options.raw = true;
      else if (letter === "s") continue;
      else if (!"pdntu".includes(letter)) throw new ShellError(`illegal option -${letter}`);
      else {
        const value = index + 1 < word.length ? word.slice(index + 1) : (words[++at] ?? "");
        if (letter === "p") options.prompt = value;
        else if (letter === "d") options.delimiter = value.charAt(0) || "\0";
        else if (letter === "n") options.characters = Number(value);
        else if (letter === "t") options.seconds = Number(value);
        else options.descriptor = Number(value);
        break;
      }
    }
  }
  options.names = words.slice(at);
  for (const name of options.names) if (!isName(name)) throw new ShellError(`${name}: bad variable name`);
  return options;
}

/** A character that was read, and whether a backslash quoted it. */
interface Read {
  readonly value: string;
  readonly quoted: boolean;
}

/** Reads up to the delimiter. Returns whether it was found. */
async function readText(
  shell: Shell,
  options: ReadOptions,
  signal?: AbortSignal,
): Promise<{ characters: Read[]; complete: boolean }> {
  const descriptor = shell.state.descriptors.get(options.descriptor);
  if (!descriptor) throw new ShellError("read error: Bad file descriptor", { code: 1 });
  const { raw, delimiter = "\n" } = options;
  const limit = options.characters ?? Number.POSITIVE_INFINITY;
  const characters: Read[] = [];
  while (characters.length < limit) {
    const chunk = await descriptor.read(signal);
    if (!chunk) return { characters, complete: false };
    const end = chunk.indexOf(delimiter) + 1;
    const data = end > 0 ? chunk.subarray(0, end) : chunk;
    if (end > 0) descriptor.unread(chunk.subarray(end));
    const bytes = data.toString("latin1");
    let at = 0;
    let found = false;
    for (; at < bytes.length && characters.length < limit && !found; at++) {
      const value = bytes.charAt(at);
      if (value === delimiter) found = true;
      else if (value === "\\" && !raw) {
        if (at + 1 === bytes.length) {
          // what the backslash quotes has not been read yet
          const more = await descriptor.read(signal);
          if (!more) break;
          descriptor.unread(Buffer.concat([Buffer.from("\\"), more]));
          at = bytes.length - 1;
          break;
        }
        const next = bytes.charAt(++at);
        if (next !== "\n") characters.push({ value: next, quoted: true });
      } else if (value !== "\0") characters.push({ value, quoted: false });
    }
    if (at < bytes.length && (found || characters.length >= limit)) descriptor.unread(data.subarray(at));
    if (found) return { characters, complete: true };
  }
  return { characters, complete: true };
}

/** Splits a line into as many fields as there are names; the last one gets all that is left. */
function fieldsOf(characters: readonly Read[], count: number, ifs: string): string[] {
  const blank = ({ value, quoted }: Read): boolean => !quoted && ifs.includes(value) && /[ \t\n]/.test(value);
  const separator = ({ value, quoted }: Read): boolean => !quoted && ifs.includes(value);
  const text = (read: readonly Read[]): string => Buffer.from(read.map(({ value }) => value).join(""), "latin1").toString();
  const at = (index: number): Read => characters[index] ?? { value: "", quoted: true };
  const fields: string[] = [];
  let start = 0;
  const skipBlanks = (): void => {
    while (start < characters.length && blank(at(start))) start++;
  };
  skipBlanks();
  while (fields.length < count - 1 && start < characters.length) {
    let end = start;
    while (end < characters.length && !separator(at(end))) end++;
    fields.push(text(characters.slice(start, end)));
    start = end;
    skipBlanks();
    if (start < characters.length && separator(at(start)) && !(start > end)) start++;
    else if (start > end && start < characters.length && separator(at(start))) start++;
    skipBlanks();
  }
  let end = characters.length;
  while (end > start && blank(at(end - 1))) end--;
  // a single separator at the end belongs to the last field only if there are more of them
  const rest = characters.slice(start, end);
  const lastOne = rest.at(-1);
  if (lastOne && separator(lastOne) && rest.filter(separator).length === 1) {
    rest.pop();
    while (rest.length > 0 && blank(rest.at(-1) ?? lastOne)) rest.pop();
  }
  fields.push(text(rest));
  return fields;
}

/** `read`: reads a line and leaves what follows it. */
export const read: Builtin = {
  run: async (shell, argv) => {
    const options = optionsOf(argv.slice(1));
    const { process, clock } = shell.context;
    if (options.prompt !== undefined && shell.state.descriptors.get(0)?.terminal) await shell.write(2, options.prompt);
    const names = options.names.length > 0 ? options.names : ["REPLY"];
    const stop = new AbortController();
    const timeout = options.seconds === undefined ? undefined : clock.sleep(options.seconds * 1000, stop.signal);
    let expired = false;
    const limit = new AbortController();
    void timeout?.then(
      () => {
        expired = true;
        limit.abort();
      },
      () => undefined,
    );
    const reading = process.operation((signal) =>
      readText(shell, options, signal ? AbortSignal.any([signal, limit.signal]) : limit.signal),
    );
    const { characters, complete } = await reading.catch((error: unknown) => {
      if (expired) return { characters: [], complete: false };
      throw error;
    });
    stop.abort();
    const whole = options.names.length === 0;
    const values = whole
      ? [Buffer.from(characters.map(({ value }) => value).join(""), "latin1").toString()]
      : fieldsOf(characters, names.length, shell.parameter("IFS") ?? " \t\n");
    for (const [index, name] of names.entries()) shell.assign(name, values[index] ?? "");
    return complete ? 0 : 1;
  },
};
