import * as z from "zod";
import { FAILURES } from "../errors.js";
import type { JobBuild, JobContainer } from "../models.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

/** Containers to list. @category Jobs */
export interface ListContainersOptions {
  /** Whether containers that do not run are listed too. false by default. */
  readonly includeInactive?: boolean | undefined;
}

/** A list of containers. @category Jobs */
export interface ListContainersData {
  /** The containers, sorted by identifier. */
  readonly containers: readonly JobContainer[];
}

/** A list of builds. @category Jobs */
export interface ListBuildsData {
  /** The builds, sorted by identifier. */
  readonly builds: readonly JobBuild[];
}

/** Sorts rows by the bytes of their identifiers. */
function sorted<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)));
}

const containers: RequestKind<ListContainersOptions, ListContainersData> = {
  name: "ListContainersRequest",
  join: "again",
  failure: FAILURES.listContainersFailed,
  schema: z.strictObject({ includeInactive: z.boolean().optional() }),
  async execute({ includeInactive = false }, response, { backEnd, transitions }) {
    const rows = await backEnd.containers();
    const shown = includeInactive ? rows : rows.filter(({ activeState }) => activeState !== "inactive");
    const withJobs = shown.map((row) => {
      const jobType = transitions.pending(row.id);
      return jobType === undefined ? row : { ...row, jobType };
    });
    response.successWithData("ok", { containers: sorted(withJobs) } satisfies ListContainersData);
  },
};

const builds: RequestKind<object, ListBuildsData> = {
  name: "ListBuildsRequest",
  join: "again",
  failure: FAILURES.listContainersFailed,
  schema: z.strictObject({}),
  async execute(_options, response, { backEnd }) {
    response.successWithData("ok", { builds: sorted(await backEnd.builds()) } satisfies ListBuildsData);
  },
};

const images: RequestKind<object, undefined> = {
  name: "ListImagesRequest",
  join: "again",
  failure: FAILURES.listImagesFailed,
  schema: z.strictObject({}),
  async execute(_options, response, { backEnd }) {
    const names = await backEnd.images();
    await response.successWithWrite("accepted").write(names.map((name) => `${name}\n`).join(""));
  },
};

/** Asks for the containers. @category Jobs */
export function listContainersRequest(options: ListContainersOptions = {}): JobRequest<ListContainersData> {
  return makeRequest(containers, options);
}

/** Asks for the builds that run. @category Jobs */
export function listBuildsRequest(): JobRequest<ListBuildsData> {
  return makeRequest(builds, {});
}

/** Asks for the names of the images, one on each line. @category Jobs */
export function listImagesRequest(): JobRequest {
  return makeRequest(images, {});
}

/** The columns of a list. */
const COLUMNS = [
  ["ID", ({ id }) => id],
  ["SERVER", ({ server = "" }) => server],
  ["ACTIVE", ({ activeState }) => activeState],
  ["SUB", ({ subState }) => subState],
  ["LOAD", ({ loadState }) => loadState],
  ["TYPE", ({ jobType = "" }) => jobType],
] as const satisfies readonly (readonly [title: string, cell: (row: JobContainer) => string])[];

/**
 * Writes a list as a table. Containers of several machines have a column for the machine.
 *
 * @category Jobs
 */
export function containersTable({ containers: rows }: ListContainersData): string {
  const columns = COLUMNS.filter(([title]) => title !== "SERVER" || rows.some(({ server }) => server !== undefined));
  const lines = [columns.map(([title]) => title as string), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, column) => Math.max(8, ...lines.map((line) => (line[column] ?? "").length + 1)));
  return lines
    .map(
      (line) =>
        `${line.map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("")}\n`,
    )
    .join("");
}
