import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { notSent, pathParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ContainerTopResponse } from "../../types/container-results.js";
import { processEntries, type ProcessEntry } from "./helpers/process-entries.js";

/** Options for {@link Client.topContainer}. */
export interface TopContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Arguments for `ps` on the engine's host, such as `aux`. Defaults to `-ef`. The output must have a `PID` column. */
  psArgs?: string | undefined;
  /**
   * Columns to list, by their names in `ps -o`. Replaces `psArgs`. `["pid", "ppid", "user", "cgroup", "args"]` sets all
   * properties of the entries. `pid` is required; a column that can contain spaces, such as `args`, must be last.
   */
  columns?: readonly string[] | undefined;
}

/** The processes of a container. */
export interface ContainerTop {
  /** Titles of the columns. */
  titles: string[];
  /** One row per process, one string per column. */
  processes: string[][];
  /** The same rows, parsed by column title. */
  entries: ProcessEntry[];
}

const topContainer = operation<TopContainerOptions>({
  name: "topContainer",
  method: "GET",
  path: "/containers/{id}/top",
  fields: { id: pathParam, psArgs: text("ps_args"), columns: notSent },
  errors: ({ id }) => containerErrors(id),
});

function invalidColumns(why: string): InvalidOptionError {
  return new InvalidOptionError("columns", `topContainer: option "columns" ${why}`, { operation: "topContainer" });
}

function psArgsOf({ psArgs, columns }: TopContainerOptions): string | undefined {
  if (columns === undefined) return psArgs;
  if (psArgs !== undefined) throw invalidColumns('conflicts with "psArgs": set only one of them');
  if (!columns.includes("pid")) throw invalidColumns('must include "pid"');
  const odd = columns.find((column) => !/^[\w%:.-]+$/.test(column));
  if (odd !== undefined) throw invalidColumns(`has an invalid column name: ${JSON.stringify(odd)}`);
  // ps truncates all columns except the last, and the default width is too narrow for control groups
  return `-o ${columns.map((column) => (column === "cgroup" ? "cgroup:4096" : column)).join(",")}`;
}

shareSignature("topContainer", "containerTop");

/** Mixed into {@link Client}. */
export default abstract class ContainerTopMixin extends Connection {
  /**
   * Lists the processes of a running container, using `ps` on the engine's host.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerTop | ContainerTop}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link InvalidOptionError} when `columns` is invalid.
   * @throws {@link ServerError} when the engine's `ps` rejects the arguments.
   */
  async topContainer(options: TopContainerOptions, call?: CallOptions): Promise<ContainerTop> {
    const wanted = { ...options, psArgs: psArgsOf(options) };
    const answer = await this.json<ContainerTopResponse, TopContainerOptions>(topContainer, wanted, call);
    return readAnswer(topContainer.name, this.endpoint, () => {
      return { titles: answer.Titles, processes: answer.Processes, entries: processEntries(answer) };
    });
  }

  /**
   * Alias of {@link Client.topContainer}.
   *
   * @deprecated Call {@link Client.topContainer}.
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerTop | ContainerTop}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   */
  containerTop(options: TopContainerOptions, call?: CallOptions): Promise<ContainerTop> {
    return this.topContainer(options, call);
  }
}
