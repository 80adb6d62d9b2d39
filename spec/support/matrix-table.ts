import { compareVersions, isApiVersion } from "../../lib/wire/api-version.js";
import type { EngineReport, FileReport, SpecReport } from "./engine-reporter.js";
import type { OperationName } from "./operation-names.js";

/** One column of the matrix: an engine. */
export interface Column {
  /** The engine's name. */
  name: string;
  /** The results of its specs; undefined if they were not run. */
  report?: EngineReport | undefined;
  /** Why they were not run. */
  reason?: string | undefined;
  /** Duration in seconds. */
  seconds: number;
}

/** The number of specs by outcome. An error outside the specs counts as one failure of its file. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const specsOf = ({ report }: Column): SpecReport[] => report?.testResults.flatMap((file) => file.assertionResults) ?? [];

const failedOutside = ({ status, assertionResults }: FileReport): boolean =>
  status === "failed" && assertionResults.every((spec) => spec.status !== "failed");

/** Counts an engine's specs. */
export function totalsOf(column: Column): Totals {
  const specs = specsOf(column);
  const count = (status: SpecReport["status"]) => specs.filter((spec) => spec.status === status).length;
  const outside = column.report?.testResults.filter(failedOutside).length ?? 0;
  return { passed: count("passed"), failed: count("failed") + outside, skipped: count("skipped") };
}

/** Formats a Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}

/** Returns the names of the specs that call each method on any engine. */
function callersOf(columns: readonly Column[]): ReadonlyMap<string, ReadonlySet<string>> {
  const callers = new Map<string, Set<string>>();
  for (const { fullName, called } of columns.flatMap(specsOf)) {
    for (const name of called) callers.set(name, (callers.get(name) ?? new Set()).add(fullName));
  }
  return callers;
}

/** Returns the result of an engine's specs for a method. */
function cellOf({ name, since }: OperationName, column: Column, callers: ReadonlySet<string>): string {
  if (!column.report) return "not run";
  const { apiVersion } = column.report.engine;
  const specs = specsOf(column);
  const own = specs.filter(({ called, status }) => status !== "skipped" && called.includes(name));
  const failed = own.filter(({ status }) => status === "failed").length;
  if (failed > 0) return `failed (${failed} of ${own.length})`;
  if (own.length > 0) return `passed (${own.length})`;
  if (since !== undefined && isApiVersion(apiVersion) && compareVersions(apiVersion, since) < 0) return `needs API ${since}`;
  return specs.some(({ fullName, status }) => status === "skipped" && callers.has(fullName)) ? "skipped" : "not called";
}

function engineTable(columns: readonly Column[]): string {
  const rows = columns.map((column) => {
    const { name, report, reason = "", seconds } = column;
    const { passed, failed, skipped } = totalsOf(column);
    if (!report) return [name, "", "", "", "", "", `${seconds} s`, `not run: ${reason}`];
    const { version, apiVersion } = report.engine;
    return [
      name,
      version,
      apiVersion,
      `${passed}`,
      `${failed}`,
      `${skipped}`,
      `${seconds} s`,
      failed === 0 ? "passed" : "FAILED",
    ];
  });
  return table(["engine", "version", "API", "passed", "failed", "skipped", "time", "outcome"], rows);
}

function skipTable(columns: readonly Column[]): string[] {
  const counts = columns.map((column) => {
    const own = new Map<string, number>();
    for (const { status, reason = "" } of specsOf(column)) if (status === "skipped") own.set(reason, (own.get(reason) ?? 0) + 1);
    return own;
  });
  const reasons = [...new Set(counts.flatMap((own) => [...own.keys()]))].sort();
  const rows = reasons.map((reason) => [reason, ...counts.map((own) => `${own.get(reason) ?? ""}`)]);
  return rows.length === 0 ? [] : ["Skipped specs by reason:", table(["reason", ...columns.map(({ name }) => name)], rows)];
}

function failures(columns: readonly Column[]): string[] {
  const lines = columns.flatMap(({ name: engine, report }) =>
    (report?.testResults ?? []).flatMap(({ name: file, errors, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === "failed");
      const told = failed.map(({ fullName, reason = "" }) => `- ${engine}: ${file}: ${fullName}: ${reason}`);
      return [...errors.map((error) => `- ${engine}: ${file}: ${error}`), ...told];
    }),
  );
  return lines.length === 0 ? [] : ["What failed:", lines.join("\n")];
}

/**
 * Formats the matrix as Markdown: operations by engine, failures, reasons for skipped specs, and totals.
 *
 * @param columns - the engines.
 * @param operations - the rows.
 * @param conveniences - further rows: methods that combine operations.
 */
export function matrix(
  columns: readonly Column[],
  operations: readonly OperationName[],
  conveniences: readonly string[],
): string {
  const callers = callersOf(columns);
  const rows = [...operations, ...conveniences.map((name) => ({ name }))].map((operation) => [
    `\`${operation.name}\``,
    ...columns.map((column) => cellOf(operation, column, callers.get(operation.name) ?? new Set())),
  ]);
  const called = table(["method", ...columns.map(({ name }) => name)], rows);
  return [called, ...failures(columns), ...skipTable(columns), engineTable(columns)].join("\n\n");
}
