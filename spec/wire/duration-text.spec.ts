import { describe, expect, it } from "vitest";
import { durationText } from "../../lib/wire/duration-text.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("durationText", () => {
  it.each([
    [-5, "Less than a second"],
    [999, "Less than a second"],
    [SECOND, "1 second"],
    [59.9 * SECOND, "59 seconds"],
    [MINUTE, "About a minute"],
    [2 * MINUTE, "2 minutes"],
    [59.9 * MINUTE, "59 minutes"],
    [HOUR, "About an hour"],
    [1.4 * HOUR, "About an hour"],
    [1.5 * HOUR, "2 hours"],
    [1.6 * HOUR, "2 hours"],
    [47 * HOUR, "47 hours"],
    [47.4 * HOUR, "47 hours"],
    [47.6 * HOUR, "2 days"],
    [2 * DAY, "2 days"],
    [13 * DAY, "13 days"],
    [14 * DAY - HOUR, "13 days"],
    [14 * DAY, "2 weeks"],
    [59 * DAY, "8 weeks"],
    [60 * DAY, "2 months"],
    [729 * DAY, "24 months"],
    [730 * DAY, "2 years"],
  ])("formats %i ms as %s", (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });
});
