import type { Readable } from "node:stream";
import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { type CallerStreams } from "../../core/caller-streams.js";
import { Deadline } from "../../core/deadline.js";
import { sink, source, type Taken } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { validTimeout } from "../../core/request.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { ApiError } from "../../errors/api-error.js";
import { CommandStartError } from "../../errors/command-errors.js";
import { ClientClosedError } from "../../errors/connection-errors.js";
import { OutputLimitError } from "../../errors/usage-errors.js";
import type { OutputStreams } from "../../streams/forward.js";
import { OutputCollector } from "../../streams/output-collector.js";
import type { ExecInspect } from "../../types/exec.js";
import { atLeast } from "../../wire/api-version.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { randomText } from "../../wire/digest.js";
import { MEMORY_LIMIT } from "../../wire/limits.js";
import { ignoreErrors } from "../../wire/quiet.js";
import { isError } from "../../wire/realm.js";
import type { CreateExecOptions } from "./create.js";
import { execBodyVersions } from "./create.js";
import { ExecuteResult, isStartFailure, isStartReport, notStarted } from "./execute-result.js";
import { killMarked, MARKER, waitForExit } from "./kill-marked.js";
import ExecStartMixin from "./start.js";

/** How long to wait for the output of a killed command to end, in milliseconds. */
const GRACE_PERIOD = 2000;

type Command = Omit<CreateExecOptions, "attachStdin" | "attachStdout" | "attachStderr" | "detachKeys">;

/** Options for {@link Client.execute}. */
export interface ExecuteOptions extends Command, OutputStreams {
  /**
   * Standard input of the command, which is closed when this source ends. If omitted, the command has no input. A terminal is
   * not closed: if the command reads until the end of its input, end the input with `"\x04"` (Ctrl-D).
   */
  input?: ByteSource | undefined;
  /**
   * Milliseconds after which the command is killed; 0 for no limit. Defaults to the total timeout of the call, or to no limit.
   */
  timeout?: number | undefined;
  /** Maximum size of the output in the result, in bytes. A command that writes more is killed. Defaults to 64 MiB. */
  maxOutput?: number | undefined;
}

/** The streams to attach to a command: the caller's streams, or streams that collect the output. */
interface Wiring extends OutputStreams {
  inputStream: Readable | undefined;
  /** Returns the result once the command has ended. */
  result(found: ExecInspect): ExecuteResult;
}

function wire(options: Taken<ExecuteOptions>): Wiring {
  const { input: inputStream, maxOutput = MEMORY_LIMIT } = options;
  const collector = new OutputCollector(maxOutput, "execute");
  const out = options.outputStream ? undefined : collector.collect();
  const err = options.errorStream ? undefined : collector.collect();
  const outputStream = options.outputStream ?? out?.stream;
  const errorStream = options.errorStream ?? err?.stream;
  return {
    inputStream,
    outputStream,
    errorStream,
    result(found) {
      const stdout = out?.content() ?? Buffer.alloc(0);
      const stderr = err?.content() ?? Buffer.alloc(0);
      const code = found.ExitCode ?? -1;
      // if the command could not be started, the output is the engine's message
      if (code >= 125 && code <= 127) {
        const text = `${stdout.toString()}${stderr.toString()}`;
        if (isStartReport(text, options.cmd[0] ?? "", found)) return notStarted(text);
      }
      return new ExecuteResult(code, stdout, stderr);
    },
  };
}

const execute = composite("execute", {
  container: "required",
  cmd: list,
  env: list,
  user: "optional",
  workingDir: "optional",
  tty: "optional",
  consoleSize: list,
  privileged: "optional",
  input: source,
  outputStream: sink,
  errorStream: sink,
  timeout: "optional",
  maxOutput: "optional",
} satisfies OptionKinds<ExecuteOptions>);

/** Mixed into {@link Client}. */
export default abstract class ExecExecuteMixin extends ExecStartMixin {
  /**
   * Runs a command in a running container and waits until it exits.
   *
   * If the command fails or cannot be started, the promise still resolves: check `exitCode`. When the promise rejects because
   * of a timeout, an abort, too much output or a failed stream, the command and its child processes have been killed. They
   * cannot be killed if the container has no shell or is paused, or if the command has cleared its environment; the message of
   * the timeout or abort then says that the command may still be running. The processes are identified by the variable
   * `TSDC_EXEC` in the command's environment.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerExec | ContainerExec}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link TimeoutError} when the command takes longer than `timeout`.
   * @throws {@link AbortError} when the call's signal is aborted.
   * @throws {@link OutputLimitError} when the command writes more than `maxOutput`.
   * @throws {@link InputStreamError} when `input` fails.
   * @throws {@link OutputStreamError} when `outputStream` or `errorStream` fails.
   * @example
   * ```ts
   * const { exitCode, stdoutText } = await client.execute({ container: "web", cmd: ["nginx", "-v"], timeout: 5000 });
   * ```
   */
  async execute(options: ExecuteOptions, call?: CallOptions): Promise<ExecuteResult> {
    return this.withStreams(execute, options, call, (taken, inner, streams) => runCommand(this, taken, inner, streams));
  }
}

async function runCommand(
  client: ExecStartMixin,
  options: Taken<ExecuteOptions>,
  call: CallOptions,
  streams: CallerStreams,
): Promise<ExecuteResult> {
  const { input, outputStream, errorStream, timeout, maxOutput, ...command } = options;
  const where = { operation: "execute", endpoint: client.endpoint };
  const wiring = wire(options);
  using deadline = new Deadline(validTimeout("timeout", timeout ?? call.timeout ?? call.timeouts?.total ?? 0), call.signal);
  const controlCall = {
    ...call,
    signal: deadline.signal,
    timeout: undefined,
    timeouts: { ...call.timeouts, total: undefined },
  };
  const marker = `${MARKER}=${randomText(12, "hex")}`;
  let id: string;
  let isMarked: boolean;
  try {
    isMarked = atLeast(await client.negotiate(controlCall), execBodyVersions.Env);
    const env = isMarked ? [...(command.env ?? []), marker] : command.env;
    const created = await client.createExec({ ...command, env, attachStdin: input !== undefined }, controlCall);
    id = readAnswer("createExec", client.endpoint, () => created.Id);
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.error(where);
    if (error instanceof CommandStartError) return notStarted(error.reason);
    throw error;
  }
  const connectionAbort = new AbortController();
  const streamCall = { ...call, signal: connectionAbort.signal, timeout: undefined, timeouts: { ...call.timeouts, total: 0 } };
  // from here on, stream failures are reported through the exec instance
  streams.handOver();
  const running = run(client, id, command, wiring, streamCall);
  try {
    return await Promise.race([running, deadline.exceeded]);
  } catch (error) {
    if (error instanceof ApiError || error instanceof ClientClosedError) throw error;
    const problem = isMarked ? await killMarked(client, command, marker, id) : "its processes cannot be found with API 1.24";
    // waits until the killed command has ended; the error is reported below
    if (problem === undefined) await atMost(GRACE_PERIOD, running);
    if (deadline.signal.aborted) throw deadline.error(where, problem && `the command may still be running: ${problem}`);
    const cause = isError(error) ? error.cause : undefined;
    throw cause instanceof OutputLimitError ? cause : error;
  } finally {
    connectionAbort.abort();
    // the result is already known: this only waits until the connection is closed
    await running.catch(ignoreErrors);
  }
}

/** Waits until a promise is settled or a timeout, in milliseconds, expires. */
async function atMost(time: number, promise: Promise<unknown>): Promise<void> {
  using limit = new Deadline(time, undefined);
  await Promise.race([promise, limit.exceeded]).catch(ignoreErrors);
}

/** Starts the command and waits for its exit code. */
async function run(
  client: ExecStartMixin,
  id: string,
  command: Command,
  wiring: Wiring,
  call: CallOptions,
): Promise<ExecuteResult> {
  const { tty = false, consoleSize } = command;
  const { inputStream, outputStream, errorStream } = wiring;
  try {
    const streams = { inputStream, outputStream, errorStream };
    await (await client.startExecNonBlocking({ id, tty, consoleSize, ...streams }, call)).ended();
  } catch (error) {
    if (error instanceof ApiError && isStartFailure(error.reason)) return notStarted(error.reason);
    throw error;
  }
  return wiring.result(await waitForExit(client, id, call));
}
