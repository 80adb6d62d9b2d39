import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_KEYS, DetachKeyFilter, parseDetachKeys } from "../../../lib/engine/containers/detach-keys.js";

test.each([
  ["", [0x10, 0x11]],
  ["a", [0x61]],
  ["A,b", [0x41, 0x62]],
  ["ctrl-a", [1]],
  ["ctrl-z,q", [26, 0x71]],
  ["ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", [0, 27, 28, 29, 30, 31]],
])("the keys %j are parsed", (keys, bytes) => {
  expect([...parseDetachKeys(keys)]).toEqual(bytes);
});

test.each(["ctrl-", "ctrl-ab", "ab", "a,", ",", "ü", "ctrl-1"])("the keys %j are refused", (keys) => {
  expect(() => parseDetachKeys(keys)).toThrow(expect.objectContaining({ status: 400 }));
  expect(() => parseDetachKeys(keys)).toThrow(`Invalid detach keys (${keys}) provided`);
});

/** Reads chunks until the keys are found. */
function readAll(keys: Buffer, chunks: readonly Buffer[]): { input: string; isDetached: boolean } {
  const filter = new DetachKeyFilter(keys);
  let input = "";
  for (const chunk of chunks) {
    const found = filter.read(chunk);
    input += found.input.toString("latin1");
    if (found.isDetached) return { input, isDetached: true };
  }
  return { input, isDetached: false };
}

test("keys that are not complete reach the process once the next key shows it", () => {
  const filter = new DetachKeyFilter(DEFAULT_KEYS);
  expect(filter.read(Buffer.from("a\x10"))).toEqual({ input: Buffer.from("a"), isDetached: false });
  expect(filter.read(Buffer.from("b"))).toEqual({ input: Buffer.from("\x10b"), isDetached: false });
  expect(filter.read(Buffer.from("\x10\x10"))).toEqual({ input: Buffer.from("\x10"), isDetached: false });
  expect(filter.read(Buffer.from("\x11rest"))).toEqual({ input: Buffer.alloc(0), isDetached: true });
});

test("the keys are found wherever they are, and however the input is split", () => {
  const bytes = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 }).map((letters) => letters.join(""));
  const keys = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 }).map((letters) => letters.join(""));
  fc.assert(
    fc.property(keys, fc.array(bytes), (sequence, parts) => {
      const text = parts.join("");
      const at = text.indexOf(sequence);
      const { input, isDetached } = readAll(
        Buffer.from(sequence),
        parts.map((part) => Buffer.from(part)),
      );
      expect(isDetached).toBe(at !== -1);
      if (isDetached) expect(input).toBe(text.slice(0, at));
      // what is held back may be the beginning of the keys
      else expect(sequence.startsWith(text.slice(input.length)) && text.startsWith(input)).toBe(true);
    }),
  );
});
