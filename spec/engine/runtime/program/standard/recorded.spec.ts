import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerTo, comparable } from "./answer.js";
import { type Answer, keyOf, linesOfCase } from "./case.js";
import { families } from "./cases/index.js";

const recordingOf = (family: string): Record<string, Answer> =>
  JSON.parse(readFileSync(new URL(`recorded/${family}.json`, import.meta.url), "utf8")) as Record<string, Answer>;

describe.each(Object.entries(families))("%s, as recorded from busybox", (family, cases) => {
  const recording = recordingOf(family);
  it.each(cases.map((entry) => [linesOfCase(entry).join("; "), entry] as const))("%s", async (_name, entry) => {
    const recorded = recording[keyOf(entry)];
    if (!recorded) throw new Error("not recorded: run record.ts");
    expect(comparable(await answerTo(entry), entry)).toEqual(comparable(recorded, entry));
  });
});
