import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { Client } from "../../lib/client.js";
import { top } from "./installed-package.js";

/** What became of one spec on an engine. */
export interface SpecReport {
  fullName: string;
  status: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  reason?: string | undefined;
  /** The client's methods that it called. */
  called: string[];
}

/** What became of a file of specs. */
export interface FileReport {
  /** Its path in the repository. */
  name: string;
  status: "passed" | "failed";
  /** What failed outside of its specs. */
  errors: string[];
  assertionResults: SpecReport[];
}

/** What became of the behaviour specs on an engine: a report as that of vitest's json reporter, as far as it goes. */
export interface EngineReport {
  /** What the engine says of itself; `unknown` when it does not answer. */
  engine: { version: string; apiVersion: string };
  testResults: FileReport[];
}

const firstLine = ({ message }: SerializedError): string => message.split("\n", 1)[0] ?? "";

function specReport(spec: TestCase): SpecReport {
  const result = spec.result();
  const called = spec.meta().called ?? [];
  const { fullName } = spec;
  if (result.state === "passed") return { fullName, status: "passed", called };
  if (result.state === "skipped") return { fullName, status: "skipped", reason: result.note ?? "no reason is given", called };
  return { fullName, status: "failed", reason: result.errors?.map(firstLine).join("; ") ?? "did not end", called };
}

function fileReport(module: TestModule): FileReport {
  const errors = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())].map(firstLine);
  const status = module.ok() && errors.length === 0 ? "passed" : "failed";
  return {
    name: relative(top, module.moduleId),
    status,
    errors,
    assertionResults: [...module.children.allTests()].map(specReport),
  };
}

async function engineVersion(): Promise<EngineReport["engine"]> {
  const client = Client.fromEnv();
  try {
    const { Version: version, ApiVersion: apiVersion } = await client.version();
    return { version, apiVersion };
  } catch {
    // an engine that no longer answers has failed specs, which are told all the same
    return { version: "unknown", apiVersion: "unknown" };
  } finally {
    await client.close();
  }
}

/** A reporter of vitest: writes what became of the specs on the engine of the environment to the file `ENGINE_REPORT`. */
export default class EngineReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Promise<void> {
    const path = process.env.ENGINE_REPORT;
    if (path === undefined) throw new Error("ENGINE_REPORT must name the file to write");
    const testResults = modules.map(fileReport);
    const outside = {
      name: "outside of any file",
      status: "failed" as const,
      errors: unhandled.map(firstLine),
      assertionResults: [],
    };
    if (unhandled.length > 0) testResults.push(outside);
    const report: EngineReport = { engine: await engineVersion(), testResults };
    writeFileSync(path, JSON.stringify(report));
  }
}
