import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam, notSent, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { ContainerTopResponse } from "../../types/container-results.js";
import { type ProcessEntry, processEntries } from "./helpers/process-entries.js";

/** Options of {@link Client.topContainer}. */
export interface TopContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Arguments for the `ps` of the engine's host, such as `aux`. By default `-ef`. The answer must have a column `PID`. */
  psArgs?: string | undefined;
  /**
   * The columns that are wanted, as `ps -o` names them, in place of `psArgs`: `["pid", "ppid", "user", "cgroup", "args"]`
   * fills whole entries. `pid` must be among them, and the one that holds spaces, such as `args`, the last.
   */
  columns?: readonly string[] | undefined;
}

/** The processes of a container. */
export interface ContainerTop {
  /** Titles of the columns. */
  titles: string[];
  /** One row per process, one text per column. */
  processes: string[][];
  /** The same rows, read by their titles. */
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
  if (psArgs !== undefined) throw invalidColumns('cannot go with "psArgs": give one of them');
  if (!columns.includes("pid")) throw invalidColumns('must have "pid" among them');
  const odd = columns.find((column) => !/^[\w%:.-]+$/.test(column));
  if (odd !== undefined) throw invalidColumns(`must be names of columns, and ${JSON.stringify(odd)} is none`);
  // ps cuts all columns but the last to a width of its own, which is too short for any control group
  return `-o ${columns.map((column) => (column === "cgroup" ? "cgroup:4096" : column)).join(",")}`;
}

/** Mixed into {@link Client}. */
export default abstract class ContainerTopMixin extends Connection {
  /**
   * Lists the processes of a running container, as the `ps` of the engine's host tells them.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerTop | ContainerTop}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerNotRunningError} when it is not running.
   * @throws {@link InvalidOptionError} when `columns` cannot be.
   * @throws {@link ServerError} when the engine's `ps` does not understand the arguments.
   */
  async topContainer(options: TopContainerOptions, call?: CallOptions): Promise<ContainerTop> {
    const wanted = { ...options, psArgs: psArgsOf(options) };
    const answer = await this.json<ContainerTopResponse, TopContainerOptions>(topContainer, wanted, call);
    return { titles: answer.Titles, processes: answer.Processes, entries: processEntries(answer) };
  }

  /**
   * Another name of {@link Client.topContainer}.
   *
   * @deprecated Call {@link Client.topContainer}.
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerTop | ContainerTop}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerNotRunningError} when it is not running.
   */
  containerTop(options: TopContainerOptions, call?: CallOptions): Promise<ContainerTop> {
    return this.topContainer(options, call);
  }
}
