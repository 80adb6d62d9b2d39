import { expect, it } from "vitest";
import type { Wording } from "../../lib/core/wordings.js";

/** A recorded answer: the engine, its message, and the name of the expected error class. */
export type RecordedAnswer = readonly [engine: string, message: string, error: string];

/**
 * Checks a table of wordings against recorded answers: each answer maps to its class, and without any one row at least one
 * answer would map to another class.
 *
 * @param wordings - the table.
 * @param answers - recorded answers.
 * @param subject - the names and IDs that the errors mention.
 * @param otherwise - the name of the class when no row matches.
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
  it.each(answers)("maps the answer of %s, %s, to %s", (_engine, message, error) => {
    expect(nameOf(wordings, message)).toBe(error);
  });
  it.each(wordings.map(([pattern], row) => [String(pattern), row] as const))(
    "needs the row %s for at least one recorded answer",
    (_pattern, row) => {
      const others = wordings.filter((_wording, at) => at !== row);
      const needs = answers.filter(([, message, error]) => nameOf(others, message) !== error);
      expect(needs).not.toEqual([]);
    },
  );
}
