import { expect, it } from "vitest";
import type { Wording } from "../../lib/core/wordings.js";

/** An engine's answer as it was recorded: the engine, what it said, and the name of the error class it must become. */
export type RecordedAnswer = readonly [engine: string, message: string, error: string];

/**
 * Proves a table of wordings against recorded answers: each answer becomes its class, and each row decides at least one answer
 * that another row, or none, would turn into another class.
 *
 * @param wordings - the table.
 * @param answers - recorded answers.
 * @param subject - the names and IDs that the errors mention.
 * @param otherwise - name of the class when no row matches.
 */
export function provesEveryWording<Subject extends readonly unknown[]>(
  wordings: readonly Wording<Subject>[],
  answers: readonly RecordedAnswer[],
  subject: Subject,
  otherwise: string,
): void {
  const nameOf = (table: readonly Wording<Subject>[], message: string): string => {
    const make = table.find(([pattern]) => pattern.test(message))?.[2];
    const details = { status: 500, method: "GET", path: "/", operation: "spec", message };
    return make?.(details, ...subject).name ?? otherwise;
  };
  it.each(answers)("%s: %s becomes %s", (_engine, message, error) => {
    expect(nameOf(wordings, message)).toBe(error);
  });
  it.each(wordings.map(([pattern], row) => [String(pattern), row] as const))("a recorded answer needs %s", (_pattern, row) => {
    const others = wordings.filter((_wording, at) => at !== row);
    const needs = answers.filter(([, message, error]) => nameOf(others, message) !== error);
    expect(needs).not.toEqual([]);
  });
}
