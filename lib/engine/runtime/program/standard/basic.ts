import { program } from "./command.js";
import { formatFloat } from "./format.js";
import { readDuration } from "./numbers.js";
import { UsageError } from "./options.js";
import { byteString } from "./output.js";

/** Does nothing, with success. */
export const succeed = program(() => 0);

/** Does nothing, without success. */
export const fail = program(() => 1);

/** The longest time that a timer measures, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Waits. */
export const sleep = program(
  async ({ args, context }) => {
    if (args.length === 0) throw new UsageError("");
    let rest = args.map(readDuration).reduce((sum, time) => sum + time, 0);
    for (; rest > LONGEST; rest -= LONGEST) await context.clock.sleep(LONGEST, context.signal);
    await context.clock.sleep(rest, context.signal);
  },
  { usage: "[N]..." },
);

/** Prints its arguments, or `y`, until nobody reads any more. */
export const yes = program(async ({ args, out }) => {
  const line = byteString(`${args.length > 0 ? args.join(" ") : "y"}\n`);
  const block = Buffer.from(line.repeat(Math.max(1, Math.floor(8192 / line.length))), "latin1");
  for (;;) await out.write(block);
});

function numberOf(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError("");
  return value;
}

const decimalsOf = (text: string): number => /\.(\d*)$/.exec(text)?.[1]?.length ?? 0;

/** Prints numbers in steps. */
export const seq = program(
  async (command) => {
    const { out } = command;
    const options = command.options("ws:", { stopsAtOperand: true });
    const { operands } = options;
    const separator = options.value("s") ?? "\n";
    if (operands.length < 1 || operands.length > 3) throw new UsageError("");
    const values = operands.map(numberOf);
    const first = values.length > 1 ? (values[0] ?? 1) : 1;
    const step = values.length > 2 ? (values[1] ?? 1) : 1;
    const last = values.at(-1) ?? 1;
    const decimals = Math.max(0, ...operands.slice(0, -1).map(decimalsOf));
    const width = options.has("w") ? Math.max(first.toFixed(decimals).length, last.toFixed(decimals).length) : 0;
    const layout = { flags: "0", width, precision: decimals, conversion: "f" };
    // a tenth cannot be represented, so that sums of it may miss the last value by little
    const steps = step === 0 ? Infinity : Math.floor((last - first) / step + 1e-10);
    for (let index = 0; index <= steps; index++) {
      out.put((index > 0 ? separator : "") + formatFloat(first + index * step, layout));
      if (out.isFull) await out.flush();
    }
    if (steps >= 0) out.put("\n");
  },
  { usage: "[-w] [-s SEP] [FIRST [INC]] LAST" },
);
