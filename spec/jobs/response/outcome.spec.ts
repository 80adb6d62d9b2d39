import { describe, expect, test } from "vitest";
import { InvalidJobError, ResponseOrderError } from "../../../lib/jobs/errors.js";
import { collect } from "../../../lib/jobs/response/collect.js";
import type { JobResponse } from "../../../lib/jobs/response/job-response.js";
import { Outcome } from "../../../lib/jobs/response/outcome.js";

const successes: Record<string, (response: JobResponse) => unknown> = {
  success: (response) => response.success("ok"),
  successWithData: (response) => response.successWithData("ok", {}),
  successWithWrite: (response) => response.successWithWrite("accepted"),
};
const failure = (response: JobResponse): void => response.failure(new InvalidJobError("wrong"));
const never = new AbortController().signal;

describe("a response", () => {
  test.each(Object.keys(successes).flatMap((one) => Object.keys(successes).map((other) => [one, other] as const)))(
    "refuses %s and then %s",
    (one, other) => {
      const response = new Outcome(true);
      successes[one]?.(response);
      expect(() => successes[other]?.(response)).toThrow("the response cannot succeed after its success");
    },
  );

  test.each(Object.keys(successes))("refuses %s and a failure, in either order", (name) => {
    const first = new Outcome(true);
    successes[name]?.(first);
    expect(() => failure(first)).toThrow("the response cannot fail after its success");
    const second = new Outcome(true);
    failure(second);
    expect(() => successes[name]?.(second)).toThrow("the response cannot succeed after its failure");
  });

  test("refuses two failures, a value that comes too late, output after its end, and an end without an answer", async () => {
    const response = new Outcome(true);
    failure(response);
    expect(() => failure(response)).toThrow(ResponseOrderError);
    expect(() => response.writePendingSuccess("name", { toHeader: () => "" })).toThrow(
      'the value "name" comes after the failure',
    );
    const written = new Outcome(true);
    const writer = written.successWithWrite("accepted");
    expect(() => written.writePendingSuccess("name", { toHeader: () => "" })).toThrow('the value "name" comes after the success');
    written.end();
    await expect(writer.write("more")).rejects.toThrow("the response has ended, and takes no more output");
    expect(() => new Outcome(true).end()).toThrow("the job ended without success or failure");
  });

  test("delivers values with success, and none with a failure", async () => {
    const value = { toHeader: () => "header", toString: () => "text" };
    const good = new Outcome(true);
    good.writePendingSuccess("name", value);
    good.successWithData("accepted", { ports: [] });
    good.end();
    expect(await collect(good, {}, never)).toEqual({
      success: "accepted",
      pending: new Map([["name", value]]),
      data: { ports: [] },
      output: Buffer.alloc(0),
    });
    const bad = new Outcome(true);
    bad.writePendingSuccess("name", value);
    failure(bad);
    bad.end();
    await expect(collect(bad, {}, never)).rejects.toThrow(InvalidJobError);
  });
});

describe("callers who join", () => {
  test("before, during and after receive the same", async () => {
    const outcome = new Outcome(true);
    const before = collect(outcome, {}, never);
    const writer = outcome.successWithWrite("accepted");
    await writer.write("one ");
    const during = collect(outcome, {}, never);
    await writer.write("two");
    outcome.end();
    const after = collect(outcome, {}, never);
    for (const result of await Promise.all([before, during, after])) expect(result.output.toString()).toBe("one two");
  });

  test("later than 1 MiB of output receive its beginning, a mark, and what follows", async () => {
    const outcome = new Outcome(true);
    const whole = collect(outcome, {}, never);
    const writer = outcome.successWithWrite("accepted");
    for (let part = 0; part < 3; part++) await writer.write(Buffer.alloc(500_000, String(part)));
    const late = collect(outcome, {}, never);
    await writer.write("end");
    outcome.end();
    expect((await whole).output.length).toBe(1_500_003);
    const { output } = await late;
    expect(output.subarray(0, 1_048_576).equals((await whole).output.subarray(0, 1_048_576))).toBe(true);
    expect(output.subarray(1_048_576).toString()).toBe("…\nend");
  });

  test("and do not read hold up the job, until they leave", async () => {
    const outcome = new Outcome(true);
    const leaving = new AbortController();
    let release = (): void => undefined;
    const stuck = collect(outcome, { onOutput: () => new Promise<void>((resolve) => (release = resolve)) }, leaving.signal);
    const writer = outcome.successWithWrite("accepted");
    const written = writer.write(Buffer.alloc(300_000));
    let isWritten = false;
    void written.then(() => (isWritten = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isWritten).toBe(false);
    expect(outcome.writeClosed().aborted).toBe(false);
    leaving.abort(new Error("gone"));
    release();
    await expect(stuck).rejects.toThrow("gone");
    await written;
    expect(outcome.writeClosed().aborted).toBe(true);
  });
});
