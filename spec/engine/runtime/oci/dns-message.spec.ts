import { expect, test } from "vitest";
import { readQuestion, writeAnswer } from "../../../../lib/engine/runtime/oci/dns-message.js";

/** Returns the question for the addresses of `web.net`: 1 for IPv4, 28 for IPv6. */
const question = (type: number): Buffer =>
  Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, ...Buffer.from("web"), 3, ...Buffer.from("net"), 0, 0, type, 0, 1]);

test.each([
  [1, ["10.0.0.7", "fd00::7"], "c00c000100010000025800040a000007"],
  [28, ["10.0.0.7", "fd00::7"], "c00c001c0001000002580010fd000000000000000000000000000007"],
])("a question of type %i gets the addresses of its kind", (type, addresses, record) => {
  const asked = readQuestion(question(type));
  expect(asked?.name).toBe("web.net");
  const answer = asked ? writeAnswer(asked, addresses) : Buffer.alloc(0);
  expect(answer.toString("hex", 0, 12)).toBe("123481800001000100000000");
  expect(answer.subarray(12, asked?.bytes.length)).toEqual(question(type).subarray(12));
  expect(answer.toString("hex", asked?.bytes.length)).toBe(record);
});

test("an unknown name does not exist, and a known one may have no address of the kind", () => {
  const asked = readQuestion(question(28));
  if (!asked) throw new Error("no question");
  expect(writeAnswer(asked, undefined).toString("hex", 2, 8)).toBe("818300010000");
  expect(writeAnswer(asked, ["10.0.0.7"]).toString("hex", 2, 8)).toBe("818000010000");
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a cut name", question(1).subarray(0, 16)],
  ["two questions", Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 2]), question(1).subarray(6)])],
  ["a pointer", Buffer.concat([question(1).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])])],
])("%s is no question", (_name, message) => {
  expect(readQuestion(message)).toBeUndefined();
});
