/** What a test suite reported. */
export interface Outcome {
  readonly passed: string[];
  readonly failed: string[];
  readonly skipped: string[];
  /** How many tests it announced without a result: those behind a failed hook, and those that were left when it ended. */
  missing: number;
}

/** What mocha reports under the number of the next test: a hook that failed. */
const hook = /"(?:before|after) (?:all|each)" hook/;

/** Reads the results in a report in the Test Anything Protocol. Other lines, which tests print, are ignored. */
export function readTap(text: string): Outcome {
  const outcome: Outcome = { passed: [], failed: [], skipped: [], missing: 0 };
  let announced = 0;
  for (const line of text.split("\n")) {
    announced = Number(/^1\.\.(\d+)\s*$/.exec(line)?.[1] ?? announced);
    const [, not, name = "", directive] = /^(not )?ok \d+ (?:- )?(.*?)(?: # (SKIP|TODO)\b.*)?$/i.exec(line.trimEnd()) ?? [];
    if (name === "") continue;
    if (directive !== undefined) outcome.skipped.push(name);
    else if (not === undefined) outcome.passed.push(name);
    else outcome.failed.push(name);
  }
  const tests = [...outcome.passed, ...outcome.failed, ...outcome.skipped].filter((name) => !hook.test(name));
  outcome.missing = Math.max(0, announced - tests.length);
  return outcome;
}

/** Returns the tests that others passed, and this run neither passed nor skipped: they failed, or had no result. */
export function onlyPassedBy(others: readonly Outcome[], { passed, skipped }: Outcome): string[] {
  const own = new Set([...passed, ...skipped]);
  return [...new Set(others.flatMap((other) => other.passed))].filter((test) => !own.has(test));
}
