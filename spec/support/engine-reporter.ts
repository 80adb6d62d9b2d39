import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { Client } from "../../lib/client.js";
import { top } from "./installed-package.js";

/** The result of a spec on an engine. */
export interface SpecReport {
  fullName: string;
  status: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  reason?: string | undefined;
  /** The client methods that it called. */
  called: string[];
}

/** The result of a spec file. */
export interface FileReport {
  /** Its path in the repository. */
  name: string;
  status: "passed" | "failed";
  /** Errors outside its specs. */
  errors: string[];
  assertionResults: SpecReport[];
}

/** The results of the behaviour specs on an engine, in a subset of the format of vitest's JSON reporter. */
export interface EngineReport {
  /** The versions that the engine reports; `unknown` if it does not respond. */
  engine: { version: string; apiVersion: string };
  testResults: FileReport[];
}

const firstLine = ({ message }: SerializedError): string => message.split("\n", 1)[0] ?? "";

function specReport(spec: TestCase): SpecReport {
  const result = spec.result();
  const called = spec.meta().called ?? [];
  const { fullName } = spec;
  if (result.state === "passed") return { fullName, status: "passed", called };
  if (result.state === "skipped") return { fullName, status: "skipped", reason: result.note ?? "no reason given", called };
  return { fullName, status: "failed", reason: result.errors?.map(firstLine).join("; ") ?? "did not finish", called };
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
    // an engine that no longer responds has failed specs: report them anyway
    return { version: "unknown", apiVersion: "unknown" };
  } finally {
    await client.close();
  }
}

/** A vitest reporter that writes the results on the engine under test to the file `ENGINE_REPORT`. */
export default class EngineReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Promise<void> {
    const path = process.env.ENGINE_REPORT;
    if (path === undefined) throw new Error("ENGINE_REPORT must name the file to write");
    const testResults = modules.map(fileReport);
    const outside = {
      name: "outside any file",
      status: "failed" as const,
      errors: unhandled.map(firstLine),
      assertionResults: [],
    };
    if (unhandled.length > 0) testResults.push(outside);
    const report: EngineReport = { engine: await engineVersion(), testResults };
    writeFileSync(path, JSON.stringify(report));
  }
}
