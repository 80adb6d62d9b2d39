import { Readable } from "node:stream";
import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CreateContainerOptions } from "../containers/create.js";
import { atLeast } from "../../wire/api-version.js";
import { boundedCall } from "../../core/deadline.js";
import type { CallOptions } from "../../core/call-options.js";
import { ConflictError } from "../../errors/api-error.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";
import { NoSuchImageError } from "../../errors/image-errors.js";
import { InvalidOptionError, OutputLimitError } from "../../errors/usage-errors.js";
import { OutputCollector } from "../../streams/output-collector.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { OutputStreams } from "../../streams/forward.js";
import type { ContainerConfig } from "../../types/container-config.js";
import { WaitCondition } from "../../types/container-results.js";
import { Resources } from "./resources.js";

/** API version from which on the engine tells that it waits. */
const EARLY_WAIT_HEADERS_VERSION = "1.30";

/** Bytes of output that `output` keeps by default. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Milliseconds that an engine which is making the container has left when the call is aborted. */
const GRACE_PERIOD = 2000;

/** Milliseconds that the removal of the container may take. */
const REMOVAL_TIME = 60_000;

/** Options of {@link Client.runContainer}. */
export interface RunContainerOptions extends Omit<CreateContainerOptions, "config">, OutputStreams {
  /** The image. */
  image: string;
  /** The command, one word each. By default that of the image. */
  command?: readonly string[] | undefined;
  /** Further settings of the container, such as `Env`, `User`, `WorkingDir` and `Tty`. */
  config?: ContainerConfig | undefined;
  /** What the command gets as its standard input, which ends with it. By default it has none. */
  input?: string | Uint8Array | Readable | undefined;
  /** Whether an image that the engine does not have is pulled. By default `missing`; `always` pulls first in any case. */
  pull?: "missing" | "always" | "never" | undefined;
  /** Credentials for the pull; false for none. By default those of the client. */
  auth?: AuthConfiguration | false | undefined;
  /**
   * Whether the container, and its anonymous volumes, are removed at the end, whatever the end. By default true. With false
   * it is left as it is, which is running when the call is aborted.
   */
  remove?: boolean | undefined;
  /** Called with the container's ID when it has been created, before it starts. */
  onCreated?: ((id: string) => void | Promise<void>) | undefined;
}

/** Options of {@link Client.output}. */
export interface OutputOptions extends Omit<RunContainerOptions, keyof OutputStreams> {
  /** How many bytes of output the result may hold: a container that writes more is ended. By default 64 MiB. */
  maxOutput?: number | undefined;
}

/** What {@link Client.runContainer} has run. */
export interface RunResult {
  /** ID of the container. */
  id: string;
  /** Exit status of the command. */
  statusCode: number;
}

/** What {@link Client.output} has run. */
export interface OutputResult extends RunResult {
  /** What the command has written to its standard output, or to its terminal. */
  stdout: Buffer;
  /** What it has written to its standard error. */
  stderr: Buffer;
}

/** Mixed into {@link Client}. */
export default abstract class RunContainerMixin extends Resources {
  /**
   * Runs a container to its end: creates it, pulling the image if need be, attaches to it, starts it, waits for its exit
   * and removes it. No output is missed. Output that has no stream is dropped.
   *
   * When the call is aborted or runs out of time, the container is removed like at any other end.
   *
   * @returns the exit status; one that is not 0 is no error.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when there is no such image, here or at its registry.
   * @throws {@link ContainerAlreadyExistsError} when another container has the name.
   * @throws {@link BadRequestError} when the command cannot be started; Podman says so by a {@link ConflictError}.
   * @throws {@link InputStreamError} when `input` fails.
   * @throws {@link OutputStreamError} when one of the streams for its output fails or is closed early.
   * @example
   * ```ts
   * const { statusCode } = await client.runContainer({
   *   image: "busybox",
   *   command: ["sh", "-c", "wc -c; exit 3"],
   *   input: "hello",
   *   outputStream: process.stdout,
   * });
   * ```
   */
  runContainer(options: RunContainerOptions, call?: CallOptions): Promise<RunResult> {
    return boundedCall("runContainer", call, (inner) => run(this, options, inner));
  }

  /**
   * Runs a container to its end like {@link Client.runContainer}, and gives what it has written.
   *
   * @returns exit status and output; an exit status that is not 0 is no error.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when there is no such image, here or at its registry.
   * @throws {@link ContainerAlreadyExistsError} when another container has the name.
   * @throws {@link BadRequestError} when the command cannot be started; Podman says so by a {@link ConflictError}.
   * @throws {@link InputStreamError} when `input` fails.
   * @throws {@link OutputLimitError} when there is more output than `maxOutput`.
   * @example
   * ```ts
   * const { stdout } = await client.output({ image: "busybox", command: ["uname", "-a"] });
   * ```
   */
  async output(options: OutputOptions, call?: CallOptions): Promise<OutputResult> {
    const { maxOutput = MAX_OUTPUT, ...rest } = options;
    const collector = new OutputCollector(maxOutput, "output");
    const [stdout, stderr] = [collector.collect(), collector.collect()];
    const streams = { outputStream: stdout.stream, errorStream: stderr.stream };
    try {
      const result = await boundedCall("output", call, (inner) => run(this, { ...rest, ...streams }, inner));
      return { ...result, stdout: stdout.content(), stderr: stderr.content() };
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      throw cause instanceof OutputLimitError ? cause : error;
    }
  }
}

/** Runs a container, whose streams must not end the process when they fail before they are connected. */
async function run(client: Resources, options: RunContainerOptions, call: CallOptions): Promise<RunResult> {
  const { input, outputStream, errorStream } = options;
  const streams = [input instanceof Readable ? input : undefined, outputStream, errorStream].filter((one) => one !== undefined);
  for (const stream of streams) stream.on("error", ignoreErrors);
  try {
    return await runToEnd(client, options, call);
  } finally {
    for (const stream of streams) stream.off("error", ignoreErrors);
  }
}

async function runToEnd(client: Resources, options: RunContainerOptions, call: CallOptions): Promise<RunResult> {
  const { remove = true } = options;
  const id = await create(client, options, call);
  let statusCode: number;
  try {
    await options.onCreated?.(id);
    statusCode = await connectAndStart(client, id, options, call);
  } catch (error) {
    // what went wrong first says more than a removal that goes wrong too
    if (remove) await removeQuietly(client, id, call).catch(ignoreErrors);
    throw error;
  }
  if (remove) await removeQuietly(client, id, call);
  return { id, statusCode };
}

async function create(client: Resources, options: RunContainerOptions, call: CallOptions): Promise<string> {
  const { image, command, input, pull = "missing", auth, remove, onCreated, outputStream, errorStream, ...rest } = options;
  if (!image) throw new InvalidOptionError("image", 'runContainer needs the option "image"', { operation: "runContainer" });
  const attach = { AttachStdin: input !== undefined, AttachStdout: true, AttachStderr: true };
  const stdin = input === undefined ? {} : { OpenStdin: true, StdinOnce: true };
  const config = { ...options.config, ...attach, ...stdin, Image: image, ...(command ? { Cmd: [...command] } : {}) };
  const wanted = { ...rest, config };
  const { platform } = options;
  const fetch = () => client.pullImage({ repository: image, platform, auth }, call);
  if (pull === "always") await fetch();
  try {
    return await createPatiently(client, wanted, call);
  } catch (error) {
    if (!(error instanceof NoSuchImageError) || pull !== "missing") throw error;
    await fetch();
    return await createPatiently(client, wanted, call);
  }
}

/**
 * Creates a container. A call that is aborted meanwhile gets its ID all the same, if the engine is quick, because otherwise
 * nobody would know what to remove.
 */
async function createPatiently(client: Resources, wanted: CreateContainerOptions, call: CallOptions): Promise<string> {
  const { signal } = call;
  if (!signal || signal.aborted) return (await client.createContainer(wanted, call)).Id;
  const out = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => out.abort(signal.reason), GRACE_PERIOD);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return (await client.createContainer(wanted, { ...call, signal: out.signal })).Id;
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}

/** Connects the caller's streams with a container that was created, starts it, and waits until it and its output end. */
async function connectAndStart(
  client: Resources,
  id: string,
  { input, outputStream, errorStream }: RunContainerOptions,
  call: CallOptions,
): Promise<number> {
  const over = new AbortController();
  const ending = { ...call, signal: call.signal ? AbortSignal.any([call.signal, over.signal]) : over.signal };
  const inputStream = input === undefined || input instanceof Readable ? input : Readable.from([Buffer.from(input)]);
  try {
    const streams = { inputStream, outputStream, errorStream };
    const attached = await client.attachToContainerNonBlocking({ container: id, ...streams }, ending);
    const [statusCode] = await Promise.all([startAndWait(client, id, ending), attached.wait()]);
    return statusCode;
  } finally {
    // of the output and the wait one may have failed and left the other waiting
    over.abort();
  }
}

/** Starts the container and waits for its exit, beginning to wait first where the engine can. */
async function startAndWait(client: Resources, id: string, call: CallOptions): Promise<number> {
  const start = async () => {
    await client.startContainer({ id }, call);
  };
  if (atLeast(await client.negotiate(call), EARLY_WAIT_HEADERS_VERSION)) {
    return (await client.waitContainer({ id, condition: WaitCondition.NextExit, onRegistered: start }, call)).statusCode;
  }
  await start();
  return (await client.waitContainer({ id }, call)).statusCode;
}

/** Removes the container, also when the call was aborted. */
async function removeQuietly(client: Resources, id: string, { headers }: CallOptions): Promise<void> {
  const call = { headers, timeout: REMOVAL_TIME };
  try {
    await client.removeContainer({ id, force: true, removeVolumes: true }, call);
  } catch (error) {
    // the engine, which was asked to remove it, or whoever watches it has been first
    if (error instanceof NoSuchContainerError) return;
    if (!(error instanceof ConflictError)) throw error;
    await waitForRemoval(client, id, call);
  }
}

/** Waits until a container that is being removed is gone. */
async function waitForRemoval(client: Resources, id: string, call: CallOptions): Promise<void> {
  if (!atLeast(await client.negotiate(call), EARLY_WAIT_HEADERS_VERSION)) return;
  try {
    await client.waitContainer({ id, condition: WaitCondition.Removed }, call);
  } catch (error) {
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
}
