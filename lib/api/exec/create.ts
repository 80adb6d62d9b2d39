import type { CallOptions } from "../../core/call-options.js";
import { containerErrors } from "../../core/errors/container.js";
import { orNotStarted } from "../../core/errors/start.js";
import { type BodyField, member, pathParam } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import type { ExecCreateRequest } from "../../types/exec.js";
import type { IDResponse } from "../../types/image-results.js";
import type { BodyPath } from "../../types/util.js";
import ExecInspectMixin from "./inspect.js";

/** API version that introduced each member of the request body, by path. */
export const execBodyVersions = {
  ConsoleSize: "1.42",
  Env: "1.25",
  WorkingDir: "1.35",
} satisfies Partial<Record<BodyPath<ExecCreateRequest>, string>>;

/** Options for {@link Client.createExec}. */
export interface CreateExecOptions {
  /** ID or name of the container. It must be running. */
  container: string;
  /** The command and its arguments, which are not interpreted by a shell. */
  cmd: readonly string[];
  /** Additional environment variables, as `NAME=value`. API 1.25+. */
  env?: readonly string[] | undefined;
  /** User that runs the command: `user` or `user:group`, as names or IDs. Defaults to the container's user. */
  user?: string | undefined;
  /** Working directory of the command. Defaults to the container's working directory. API 1.35+. */
  workingDir?: string | undefined;
  /** Whether to allocate a terminal. All output then arrives as standard output. Defaults to false. */
  tty?: boolean | undefined;
  /** Initial size of the terminal: rows and columns. API 1.42+. */
  consoleSize?: readonly [height: number, width: number] | undefined;
  /** Whether to run the command with extended privileges. Defaults to false. */
  privileged?: boolean | undefined;
  /** Whether to attach to standard input. Defaults to false. */
  attachStdin?: boolean | undefined;
  /** Whether to attach to standard output. Defaults to true. */
  attachStdout?: boolean | undefined;
  /** Whether to attach to standard error. Defaults to true. */
  attachStderr?: boolean | undefined;
  /** Keys that detach from the terminal. Defaults to `ctrl-p,ctrl-q`. */
  detachKeys?: string | undefined;
}

/**
 * A body field for a list of strings. It rejects other values, because the engines' message for a single string is misleading.
 */
const texts = (key: string, since?: string): BodyField<readonly string[]> => ({
  ...member(key, { since, members: list }),
  expects: "a list of strings",
  encode: (v) => (Array.isArray(v) && v.every((item) => typeof item === "string") ? v : undefined),
});

const createExec = operation<CreateExecOptions>({
  name: "createExec",
  method: "POST",
  path: "/containers/{container}/exec",
  fields: {
    container: pathParam,
    cmd: { ...texts("Cmd"), required: true },
    env: texts("Env", execBodyVersions.Env),
    user: member("User"),
    workingDir: member("WorkingDir", { since: execBodyVersions.WorkingDir }),
    tty: member("Tty"),
    consoleSize: member("ConsoleSize", { members: list, since: execBodyVersions.ConsoleSize }),
    privileged: member("Privileged"),
    attachStdin: member("AttachStdin"),
    attachStdout: member("AttachStdout"),
    attachStderr: member("AttachStderr"),
    detachKeys: member("DetachKeys"),
  },
  errors: ({ container }) => orNotStarted(container, containerErrors(container)),
});

/** Mixed into {@link Client}. */
export default abstract class ExecCreateMixin extends ExecInspectMixin {
  /**
   * Creates an exec instance, which prepares a command in a running container. {@link Client.startExec} runs the command.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerExec | ContainerExec}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link BadRequestError} when the command is empty.
   * @throws {@link CommandStartError} when the user does not exist. Some engines report this only in {@link Client.startExec}.
   */
  createExec(options: CreateExecOptions, call?: CallOptions): Promise<IDResponse> {
    const { attachStdout = true, attachStderr = true } = options;
    const wanted = { ...options, attachStdout, attachStderr };
    return this.json(createExec, wanted, call);
  }
}
