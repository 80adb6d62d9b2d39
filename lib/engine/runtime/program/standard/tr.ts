import { type Command, Failure, program } from "./command.js";
import { UsageError } from "./options.js";
import { byteString } from "./output.js";
import { classes } from "./regex.js";

const letters: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

const charactersOf = (name: string): string[] => {
  const letters = classes[name];
  if (letters === undefined) throw new Failure(`invalid character class '${name}'`);
  const set = new RegExp(`[${letters}]`);
  return all.filter((char) => set.test(char));
};

/** Reads the character, possibly written as an escape, at a position. */
function characterAt(text: string, at: number): { char: string; end: number } {
  const [escape, octal, letter] = /^\\(?:([0-7]{1,3})|([^]))/.exec(text.slice(at)) ?? [];
  if (escape === undefined) return { char: text.charAt(at), end: at + 1 };
  const char =
    octal === undefined ? (letters[letter ?? ""] ?? letter ?? "") : String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  return { char, end: at + escape.length };
}

/** Returns the characters of a set, such as `a-z[:digit:]\n`, in their order. */
function setOf(text: string, length = 0): string[] {
  const set: string[] = [];
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const [named = "", name] = /^\[:(\w+):\]/.exec(rest) ?? [];
    const [equal = "", same] = /^\[=([^])=\]/.exec(rest) ?? [];
    const [repeat = "", repeated, times = ""] = /^\[([^])\*(\d*)\]/.exec(rest) ?? [];
    if (name !== undefined) set.push(...charactersOf(name));
    else if (same !== undefined) set.push(same);
    else if (repeated !== undefined) {
      const count =
        times === "" || Number(times) === 0 ? length - set.length : Number.parseInt(times, times.startsWith("0") ? 8 : 10);
      set.push(...Array.from({ length: Math.max(count, 0) }, () => repeated));
    } else {
      const first = characterAt(text, at);
      at = first.end;
      if (text[at] !== "-" || at + 1 >= text.length) set.push(first.char);
      else {
        const last = characterAt(text, at + 1);
        at = last.end;
        if (last.char < first.char) throw new Failure(`range '${first.char}-${last.char}' is reversed`);
        set.push(...all.slice(first.char.charCodeAt(0), last.char.charCodeAt(0) + 1));
      }
      continue;
    }
    at += named.length + equal.length + repeat.length;
  }
  return set;
}

/** Returns what each byte becomes, or -1 for those that are deleted. */
function tableOf(first: readonly string[], second: readonly string[], isDeleting: boolean): Int16Array {
  const table = Int16Array.from({ length: 256 }, (_, code) => code);
  for (const [index, char] of first.entries()) {
    const target = second[Math.min(index, second.length - 1)];
    if (isDeleting) table[char.charCodeAt(0)] = -1;
    else if (target !== undefined) table[char.charCodeAt(0)] = target.charCodeAt(0);
  }
  return table;
}

async function translate(command: Command, table: Int16Array, squeezed: ReadonlySet<number>): Promise<void> {
  let previous = -1;
  for await (const chunk of command.chunks(command.context.stdin)) {
    const result = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      const code = table[byte] ?? byte;
      if (code < 0 || (code === previous && squeezed.has(code))) continue;
      previous = code;
      result[length++] = code;
    }
    await command.out.write(result.subarray(0, length));
  }
}

/** Replaces, deletes or squeezes characters. */
export const tr = program(
  async (command) => {
    const options = command.options("cCdst", { stopsAtOperand: true });
    const [firstText, secondText, ...rest] = options.operands.map(byteString);
    const isDeleting = options.has("d");
    const isSqueezing = options.has("s");
    if (firstText === undefined || rest.length > 0) throw new UsageError("");
    let first = setOf(firstText);
    if (options.has("cC")) {
      const excluded = new Set(first);
      first = all.filter((char) => !excluded.has(char));
    }
    if (secondText === "" && !isDeleting) throw new Failure("STRING2 cannot be empty");
    const second = secondText === undefined ? [] : setOf(secondText, first.length);
    const squeezed = isSqueezing ? (secondText === undefined ? first : second) : [];
    await translate(command, tableOf(first, second, isDeleting), new Set(squeezed.map((char) => char.charCodeAt(0))));
  },
  { usage: "[-cds] STRING1 [STRING2]" },
);
