import { Failure, program } from "./command.js";
import { withoutEnd } from "./lines.js";
import { byteString } from "./output.js";
import { linesOfAll } from "./reorder.js";

/** Positions from the first to the last, counted from 1. */
type Range = readonly [first: number, last: number];

/** Reads a list of positions, such as `1,3-5,7-`. */
function readList(text: string): Range[] {
  return text.split(",").map((part) => {
    const [, first = "", dash, last = ""] = /^(\d*)(-?)(\d*)$/.exec(part) ?? [];
    if ((first === "" && last === "") || dash === undefined || first === "0" || last === "0")
      throw new Failure(`invalid number '${part}'`);
    const from = first === "" ? 1 : Number(first);
    let to = from;
    if (dash !== "") to = last === "" ? Infinity : Number(last);
    return [from, to];
  });
}

const includes = (ranges: readonly Range[], position: number): boolean =>
  ranges.some(([first, last]) => position >= first && position <= last);

function cutBytes(line: string, ranges: readonly Range[]): string {
  let result = "";
  for (let at = 0; at < line.length; at++) if (includes(ranges, at + 1)) result += line.charAt(at);
  return result;
}

/** Prints parts of lines. */
export const cut = program(
  async (command) => {
    const options = command.options("b:c:f:d:snO:z", { long: { "output-delimiter": "O", complement: "" } });
    const kind = options.last("bcf");
    if (kind === undefined) throw new Failure("expected a list of bytes, characters, or fields");
    const ranges = readList(options.value(kind) ?? "");
    const delimiter = byteString(options.value("d") ?? "\t");
    if (delimiter.length > 1 && (options.value("d") ?? "").length > 1)
      throw new Failure("the delimiter must be a single character");
    const joint = byteString(options.value("O") ?? options.value("d") ?? "\t");
    for await (const lines of linesOfAll(command, options.operands)) {
      for (const line of lines) {
        const text = withoutEnd(line);
        if (kind !== "f") command.out.putBytes(`${cutBytes(text, ranges)}\n`);
        else if (text.includes(delimiter)) {
          const fields = text.split(delimiter).filter((_, index) => includes(ranges, index + 1));
          command.out.putBytes(`${fields.join(joint)}\n`);
        } else if (!options.has("s")) command.out.putBytes(`${text}\n`);
      }
      await command.out.flush();
    }
  },
  { usage: "{-b|c LIST | -f LIST [-d SEP] [-s]} [FILE]..." },
);
