import { expect, test } from "vitest";
import { jsonLogger, LOG_LEVELS, silentLogger } from "../../lib/service/log.js";

test.each([
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
] as const)("from the level %s on, each message is a line of JSON", (least, expected) => {
  const lines: string[] = [];
  const logger = jsonLogger(least, (line) => lines.push(line));
  for (const level of LOG_LEVELS) logger[level]({ fact: level }, `a message\nof ${level}`);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    expected.map((level) => ({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      level,
      message: `a message\nof ${level}`,
      fact: level,
    })),
  );
  for (const line of lines) expect(line.indexOf("\n")).toBe(line.length - 1);
});

test("the silent logger has every level", () => {
  expect(Object.keys(silentLogger)).toEqual(LOG_LEVELS);
  for (const level of LOG_LEVELS) expect(() => silentLogger[level]({}, "x")).not.toThrow();
});
