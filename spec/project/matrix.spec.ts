import { describe, expect, it, onTestFinished, type RunnerTestCase } from "vitest";
import "../support/called.js";
import type { EngineReport, SpecReport } from "../support/engine-reporter.js";
import { type Column, matrix, totalsOf } from "../support/matrix-table.js";
import { conveniences, operationNames } from "../support/operation-names.js";
import { recordingDaemon } from "../support/recording-daemon.js";

describe("the methods called by a spec", () => {
  it("include each requested method once, but not the version negotiation", async ({ task }) => {
    const { client, lines } = await recordingDaemon({ body: {}, headers: { "Api-Version": "1.41" } }, { apiVersion: undefined });
    await client.negotiate();
    expect(task.meta.called).toBeUndefined();
    await client.version();
    await client.ping();
    await client.version();
    expect(task.meta.called).toEqual(["version", "ping"]);
    expect(lines().length).toBeGreaterThanOrEqual(3);
  });

  it("do not include calls that were rejected without a request", async ({ task }) => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.pruneContainers()).rejects.toMatchObject({ name: "UnsupportedVersionError" });
    expect(task.meta.called).toBeUndefined();
  });

  it("include both a convenience method and the operations it uses", async ({ task }) => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "no such container" } });
    await expect(client.waitForHealthy({ id: "web" })).rejects.toMatchObject({ name: "NoSuchContainerError" });
    expect(task.meta.called).toEqual(["waitForHealthy", "inspectContainer"]);
  });

  let earlier: RunnerTestCase | undefined;
  it("include the calls of the spec itself", async ({ task }) => {
    earlier = task;
    const { client } = await recordingDaemon({ body: {} });
    onTestFinished(async () => {
      expect(await client.version()).toEqual({});
    });
    await client.info();
  });
  it("do not include calls after the spec ends", () => {
    expect(earlier?.meta.called).toEqual(["info"]);
  });

  it("are methods that the matrix lists", () => {
    const operations = operationNames().map(({ name }) => name);
    expect(operations).toEqual(expect.arrayContaining(["killContainer", "version", "ping"]));
    expect(conveniences()).toEqual(expect.arrayContaining(["execute", "runContainer", "waitForHealthy", "addEventListener"]));
    expect(conveniences().filter((name) => operations.includes(name) || name === "constructor")).toEqual([]);
  });
});

const spec = (fullName: string, status: SpecReport["status"], called: string[] = [], reason?: string): SpecReport => ({
  fullName,
  status,
  reason,
  called,
});

const report = (version: string, apiVersion: string, assertionResults: SpecReport[], errors: string[] = []): EngineReport => {
  const status = errors.length > 0 || assertionResults.some((one) => one.status === "failed") ? "failed" : "passed";
  return {
    engine: { version, apiVersion },
    testResults: [{ name: "spec/behaviour/x.spec.ts", status, errors, assertionResults }],
  };
};

const older: Column = {
  name: "older",
  seconds: 12,
  report: report("20.10.24", "1.41", [
    spec("kills", "passed", ["create", "kill"]),
    spec("kills the dead", "failed", ["create", "kill"], "expected 1 to be 2"),
    spec("tags", "skipped", [], "needs API 1.42, the engine speaks 1.41"),
    spec("annotates", "skipped", ["create"], "needs API 1.42, the engine speaks 1.41"),
  ]),
};
const newer: Column = { name: "newer", seconds: 9, report: report("28.5.2", "1.51", [spec("tags", "passed", ["tag"])]) };
const lacking: Column = { name: "lacking", seconds: 0, reason: "apt-get could not install it" };

/** Returns the rows of a table with single spaces instead of padding. */
const rowsOf = (text: string) => text.split("\n").map((line) => line.replace(/ +/g, " "));

describe("the matrix", () => {
  const operations = [{ name: "create" }, { name: "kill" }, { name: "mount", since: "1.48" }, { name: "prune" }, { name: "tag" }];
  const text = rowsOf(matrix([older, newer, lacking], operations, ["run"]));

  it("shows every method on every engine", () => {
    expect(text).toEqual(
      expect.arrayContaining([
        "| method | older | newer | lacking |",
        "| `create` | failed (1 of 2) | not called | not run |",
        "| `kill` | failed (1 of 2) | not called | not run |",
        "| `mount` | needs API 1.48 | not called | not run |",
        "| `prune` | not called | not called | not run |",
        // the spec that was skipped here calls it on the newer engine
        "| `tag` | skipped | passed (1) | not run |",
        "| `run` | not called | not called | not run |",
      ]),
    );
  });

  it("shows the failures and the reasons for skipped specs", () => {
    expect(text).toContain("- older: spec/behaviour/x.spec.ts: kills the dead: expected 1 to be 2");
    expect(text).toContain("| needs API 1.42, the engine speaks 1.41 | 2 | | |");
  });

  it("shows the totals of each engine and the reason why an engine was not run", () => {
    expect(text.slice(-5)).toEqual([
      "| engine | version | API | passed | failed | skipped | time | outcome |",
      expect.stringMatching(/^\| -+ \|/),
      "| older | 20.10.24 | 1.41 | 1 | 1 | 2 | 12 s | FAILED |",
      "| newer | 28.5.2 | 1.51 | 1 | 0 | 0 | 9 s | passed |",
      "| lacking | | | | | | 0 s | not run: apt-get could not install it |",
    ]);
  });

  it("counts a file that fails outside its specs as one failure", () => {
    const column = { name: "broken", seconds: 1, report: report("1", "1.41", [spec("kills", "passed")], ["no such module"]) };
    expect(totalsOf(column)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(matrix([column], [], [])).toContain("- broken: spec/behaviour/x.spec.ts: no such module");
  });

  it("omits empty sections and escapes pipes in cells", () => {
    const odd = { ...newer, name: "a|b" };
    const lines = rowsOf(matrix([odd], [{ name: "tag" }], []));
    expect(lines.some((line) => line.startsWith("Why") || line.startsWith("What"))).toBe(false);
    expect(lines[0]).toBe("| method | a\\|b |");
  });
});
