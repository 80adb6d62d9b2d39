import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { type CallerStreams } from "../../core/caller-streams.js";
import { boundedCall } from "../../core/deadline.js";
import { authConfiguration, ociPlatform, sink, source, type Taken } from "../../core/fields/fields.js";
import { containerConfig, hostConfig } from "../../core/members/containers.js";
import { networkingConfig } from "../../core/members/networks.js";
import { list } from "../../core/members/shape.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { NoSuchImageError } from "../../errors/image-errors.js";
import { InvalidOptionError, OutputLimitError } from "../../errors/usage-errors.js";
import type { OutputStreams } from "../../streams/forward.js";
import { OutputCollector } from "../../streams/output-collector.js";
import type { ContainerConfig } from "../../types/container-config.js";
import { WaitCondition } from "../../types/container-results.js";
import type { Sendable } from "../../types/util.js";
import { atLeast } from "../../wire/api-version.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { MEMORY_LIMIT } from "../../wire/limits.js";
import { isError } from "../../wire/realm.js";
import { isImageId } from "../../wire/reference-grammar.js";
import type { CreateContainerOptions } from "../containers/create.js";
import { Resources } from "./resources.js";
import { createPatiently, EARLY_WAIT_HEADERS_VERSION, thenRemove } from "./temporary-container.js";

/** Options for {@link Client.runContainer}. */
export interface RunContainerOptions extends Omit<CreateContainerOptions, "config">, OutputStreams {
  /** Name, digest or ID of the image. */
  image: string;
  /** The command and its arguments. Defaults to the command of the image. */
  command?: readonly string[] | undefined;
  /** Further settings of the container, such as `Env`, `User`, `WorkingDir` and `Tty`. */
  config?: Sendable<ContainerConfig> | undefined;
  /**
   * Standard input of the command, which is closed when this source ends. If omitted, the command has no input. A terminal
   * (`config.Tty`) is not closed: if the command reads until the end of its input, end the input with `"\x04"` (Ctrl-D).
   */
  input?: ByteSource | undefined;
  /** When to pull the image. Defaults to `missing`: only if it does not exist on the engine. */
  pull?: "missing" | "always" | "never" | undefined;
  /** Credentials for pulling the image; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
  /**
   * Whether to remove the container and its anonymous volumes when the call ends, even if it fails. Defaults to true. If false,
   * the container is kept, and keeps running if the call is aborted.
   */
  remove?: boolean | undefined;
  /** Called with the container's ID after the container is created and before it is started. */
  onCreated?: ((id: string) => void | Promise<void>) | undefined;
}

/** Options for {@link Client.output}. */
export interface OutputOptions extends Omit<RunContainerOptions, keyof OutputStreams> {
  /** Maximum size of the output in bytes. A container that writes more is stopped. Defaults to 64 MiB. */
  maxOutput?: number | undefined;
}

/** Result of {@link Client.runContainer}. */
export interface RunResult {
  /** ID of the container. */
  id: string;
  /** Exit status of the command. */
  statusCode: number;
}

/** Result of {@link Client.output}. */
export interface OutputResult extends RunResult {
  /** Standard output of the command or, with a terminal, all of its output. */
  stdout: Buffer;
  /** Standard error of the command. */
  stderr: Buffer;
}

const runOptions = {
  image: "required",
  command: list,
  config: containerConfig,
  input: source,
  pull: "optional",
  auth: authConfiguration,
  remove: "optional",
  onCreated: "optional",
  name: "optional",
  platform: ociPlatform,
  hostConfig,
  networkingConfig,
  proxies: "optional",
  ignoreUnknownLxcConf: "optional",
} as const;
const runContainer = composite("runContainer", {
  ...runOptions,
  outputStream: sink,
  errorStream: sink,
} satisfies OptionKinds<RunContainerOptions>);
const output = composite("output", { ...runOptions, maxOutput: "optional" } satisfies OptionKinds<OutputOptions>);

/** Mixed into {@link Client}. */
export default abstract class RunContainerMixin extends Resources {
  /**
   * Runs a container to completion: pulls the image if needed, creates the container, attaches to it, starts it, waits until it
   * exits, and removes it. No output is lost, except output for which no stream is set.
   *
   * The container is also removed when the call is aborted or times out.
   *
   * @returns the exit status; a nonzero status is not an error.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when neither the engine nor the registry has the image.
   * @throws {@link ContainerAlreadyExistsError} when another container already has the name.
   * @throws {@link PortInUseError} when a port that the container publishes is already in use.
   * @throws {@link CommandNotFoundError} when the executable of the command does not exist.
   * @throws {@link CommandStartError} when the command cannot be started for another reason that the engine reports.
   * @throws {@link InputStreamError} when `input` fails.
   * @throws {@link OutputStreamError} when an output stream fails or closes early.
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
    return this.withStreams(runContainer, options, call, (taken, heard, streams) =>
      boundedCall("runContainer", heard, (inner) => run(this, taken, inner, streams)),
    );
  }

  /**
   * Runs a container to completion as {@link Client.runContainer} does, and returns its output.
   *
   * @returns the exit status and the output; a nonzero exit status is not an error.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when neither the engine nor the registry has the image.
   * @throws {@link ContainerAlreadyExistsError} when another container already has the name.
   * @throws {@link PortInUseError} when a port that the container publishes is already in use.
   * @throws {@link CommandNotFoundError} when the executable of the command does not exist.
   * @throws {@link CommandStartError} when the command cannot be started for another reason that the engine reports.
   * @throws {@link InputStreamError} when `input` fails.
   * @throws {@link OutputLimitError} when the output exceeds `maxOutput`.
   * @example
   * ```ts
   * const { stdout } = await client.output({ image: "busybox", command: ["uname", "-a"] });
   * ```
   */
  async output(options: OutputOptions, call?: CallOptions): Promise<OutputResult> {
    const { maxOutput = MEMORY_LIMIT, ...rest } = options;
    const collector = new OutputCollector(maxOutput, "output");
    const [stdout, stderr] = [collector.collect(), collector.collect()];
    const outputs = { outputStream: stdout.stream, errorStream: stderr.stream };
    try {
      const result = await this.withStreams(output, rest, call, (taken, heard, streams) =>
        boundedCall("output", heard, (inner) => run(this, { ...taken, ...outputs }, inner, streams)),
      );
      return { ...result, stdout: stdout.content(), stderr: stderr.content() };
    } catch (error) {
      const cause = isError(error) ? error.cause : undefined;
      throw cause instanceof OutputLimitError ? cause : error;
    }
  }
}

async function run(
  client: Resources,
  options: Taken<RunContainerOptions>,
  call: CallOptions,
  streams: CallerStreams,
): Promise<RunResult> {
  const { remove = true } = options;
  const id = await create(client, options, call);
  const use = async () => {
    await options.onCreated?.(id);
    // from here on, stream failures are reported through the attachment
    streams.handOver();
    return connectAndStart(client, id, options, call);
  };
  const statusCode = remove ? await thenRemove(client, id, call, use) : await use();
  return { id, statusCode };
}

async function create(client: Resources, options: Taken<RunContainerOptions>, call: CallOptions): Promise<string> {
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
    if (!(error instanceof NoSuchImageError) || pull !== "missing" || isImageId(image)) throw error;
    await fetch();
    return await createPatiently(client, wanted, call);
  }
}

/**
 * Attaches the caller's streams to a created container, starts the container, and waits until it has exited and its output has
 * ended.
 */
async function connectAndStart(
  client: Resources,
  id: string,
  { input: inputStream, outputStream, errorStream }: Taken<RunContainerOptions>,
  call: CallOptions,
): Promise<number> {
  const over = new AbortController();
  const ending = { ...call, signal: call.signal ? AbortSignal.any([call.signal, over.signal]) : over.signal };
  try {
    const streams = { inputStream, outputStream, errorStream };
    const attached = await client.attachToContainerNonBlocking({ container: id, ...streams }, ending);
    const [statusCode] = await Promise.all([startAndWait(client, id, ending), attached.ended()]);
    return statusCode;
  } finally {
    // if either the output or the wait fails, end the other
    over.abort();
  }
}

/** Starts the container and waits until it exits. If the engine supports it, the wait begins before the container is started. */
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
