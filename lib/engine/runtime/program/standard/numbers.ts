import { Failure } from "./command.js";

const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  KiB: 1024,
  m: 1024 ** 2,
  M: 1024 ** 2,
};
const units: Readonly<Record<string, number>> = {
  ...suffixes,
  MB: 1e6,
  MiB: 1024 ** 2,
  g: 1024 ** 3,
  G: 1024 ** 3,
  GB: 1e9,
  T: 1024 ** 4,
};

/**
 * Reads a count, such as `10`, `4k` or `1M`.
 *
 * @throws {@link Failure} when it is not a number.
 */
export function readCount(text: string): number {
  const [, digits, suffix = ""] = /^\+?(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  const unit = units[suffix];
  if (digits === undefined || unit === undefined) throw new Failure(`invalid number '${text}'`);
  return Number(digits) * unit;
}

const seconds: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a length of time, such as `1.5`, `10s`, `2m` or `infinity`.
 *
 * @returns milliseconds.
 * @throws {@link Failure} when it is not a length of time.
 */
export function readDuration(text: string): number {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  const [, digits, suffix = ""] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text) ?? [];
  if (digits === undefined) throw new Failure(`invalid number '${text}'`);
  return Number(digits) * (seconds[suffix] ?? 1) * 1000;
}

/** Writes a size with a unit, such as `4.0K`; sizes below 1024 bytes have none. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = "";
  for (const next of "KMGTP") {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === "" ? String(bytes) : `${value.toFixed(1)}${unit}`;
}
