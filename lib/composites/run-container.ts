import type { Writable } from "node:stream";
import { PassThrough, Readable } from "node:stream";
import type { AuthConfiguration } from "../auth/auth-configuration.js";
import { ContainerApi } from "../containers/index.js";
import type { CreateContainerOptions } from "../containers/create.js";
import { atLeast } from "../core/api-version.js";
import { boundedCall } from "../core/bounded-call.js";
import type { CallOptions } from "../core/call-options.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { NoSuchContainerError } from "../errors/container-errors.js";
import { NoSuchImageError } from "../errors/image-errors.js";
import type { ImageApi } from "../images/index.js";
import type { ContainerConfig } from "../types/container-config.js";
import { WaitCondition } from "../types/container-results.js";

/** Options of {@link Client.output}. */
export interface OutputOptions extends Omit<CreateContainerOptions, "config"> {
  /** The image. */
  image: string;
  /** The command, one word each. By default that of the image. */
  command?: readonly string[] | undefined;
  /** Further settings of the container, such as `Env`, `User`, `WorkingDir` and `Tty`. */
  config?: ContainerConfig | undefined;
  /** What the command gets as its standard input. By default nothing. */
  input?: string | Buffer | Readable | undefined;
  /** Whether an image that the engine does not have is pulled. By default `missing`; `always` pulls first in any case. */
  pull?: "missing" | "always" | "never" | undefined;
  /** Credentials for the pull; false for none. By default those of the client. */
  auth?: AuthConfiguration | false | undefined;
  /** Whether the container, and its anonymous volumes, are removed at the end, whatever the end. By default true. */
  remove?: boolean | undefined;
}

/** Options of {@link Client.runContainer}. */
export interface RunContainerOptions extends OutputOptions {
  /** Gets standard output. By default it is dropped. */
  outputStream?: Writable | undefined;
  /** Gets standard error. By default it is dropped. */
  errorStream?: Writable | undefined;
  /** Called with the container's ID when it has been created, before it starts. */
  onCreated?: ((id: string) => void | Promise<void>) | undefined;
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

/** Bytes that `output` keeps of both streams together. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

function inputStream(input: OutputOptions["input"]): Readable | undefined {
  return input === undefined || input instanceof Readable ? input : Readable.from([Buffer.from(input)]);
}

/** Keeps what is written to it, up to a limit that two of them share. */
class Collector {
  readonly stream = new PassThrough();
  readonly #chunks: Buffer[] = [];

  constructor(budget: { left: number }) {
    this.stream.on("data", (chunk: Buffer) => {
      budget.left -= chunk.length;
      if (budget.left < 0) {
        const error = new InvalidOptionError(
          "outputStream",
          `the output is larger than ${OUTPUT_LIMIT} bytes: use runContainer with streams`,
        );
        this.stream.destroy(error);
        return;
      }
      this.#chunks.push(chunk);
    });
  }

  content(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Part of {@link Client}. */
export abstract class RunContainer extends ContainerApi {
  /**
   * Runs a container to its end: creates it, pulling the image if need be, attaches to it, starts it, waits for its exit
   * and removes it. No output is missed.
   *
   * When the call is aborted or runs out of time, the container is removed like at any other end.
   *
   * @returns the exit status; one that is not 0 is no error.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when there is no such image, here or at its registry.
   * @throws {@link ContainerAlreadyExistsError} when another container has the name.
   * @throws {@link BadRequestError} when the command cannot be started.
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
  async runContainer(options: RunContainerOptions, call?: CallOptions): Promise<RunResult> {
    return boundedCall("runContainer", call, (inner) => run(this, options, inner));
  }

  /**
   * Runs a container to its end like {@link Client.runContainer}, and gives what it has written.
   *
   * @returns exit status and output, of which there may be 64 MiB.
   * @category Conveniences
   * @throws {@link NoSuchImageError} when there is no such image, here or at its registry.
   * @throws {@link OutputStreamError} when there is more output.
   * @example
   * ```ts
   * const { stdout } = await client.output({ image: "busybox", command: ["uname", "-a"] });
   * ```
   */
  async output(options: OutputOptions, call?: CallOptions): Promise<OutputResult> {
    const budget = { left: OUTPUT_LIMIT };
    const stdout = new Collector(budget);
    const stderr = new Collector(budget);
    const streams = { outputStream: stdout.stream, errorStream: stderr.stream };
    const result = await this.runContainer({ ...options, ...streams }, call);
    return { ...result, stdout: stdout.content(), stderr: stderr.content() };
  }
}
/** The pull of a missing image is an operation on images. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the client has the operations on images too
export interface RunContainer extends Pick<ImageApi, "pullImage"> {}

async function create(client: RunContainer, options: RunContainerOptions, call: CallOptions): Promise<string> {
  const { image, command, input, name, platform, hostConfig, networkingConfig, pull = "missing", auth } = options;
  const attach = { AttachStdin: input !== undefined, AttachStdout: true, AttachStderr: true };
  const stdin = input === undefined ? {} : { OpenStdin: true, StdinOnce: true };
  const config = { ...options.config, ...attach, ...stdin, Image: image, ...(command ? { Cmd: [...command] } : {}) };
  const wanted = { name, platform, config, hostConfig, networkingConfig };
  const fetch = () => client.pullImage({ repository: image, platform, auth }, call);
  if (pull === "always") await fetch();
  try {
    return (await client.createContainer(wanted, call)).Id;
  } catch (error) {
    if (!(error instanceof NoSuchImageError) || pull !== "missing") throw error;
    await fetch();
    return (await client.createContainer(wanted, call)).Id;
  }
}

async function run(client: RunContainer, options: RunContainerOptions, call: CallOptions): Promise<RunResult> {
  const { input, outputStream, errorStream, onCreated, remove = true } = options;
  const id = await create(client, options, call);
  const over = new AbortController();
  const ending = { ...call, signal: call.signal ? AbortSignal.any([call.signal, over.signal]) : over.signal };
  try {
    await onCreated?.(id);
    const streams = { inputStream: inputStream(input), outputStream, errorStream };
    const attached = await client.attachToContainerNonBlocking({ container: id, ...streams }, ending);
    const start = async () => void (await client.startContainer({ id }, call));
    const [{ statusCode }] = await Promise.all([exit(client, id, options, start, ending), attached.wait()]);
    return { id, statusCode };
  } finally {
    // of the output and the wait one may have failed and left the other waiting
    over.abort();
    if (remove) await removeQuietly(client, id);
  }
}

/** Starts the container and waits for its exit, beginning to wait first where the engine can. */
async function exit(
  client: RunContainer,
  id: string,
  { hostConfig }: RunContainerOptions,
  start: () => Promise<void>,
  call: CallOptions,
): Promise<{ statusCode: number }> {
  if (!atLeast(await client.negotiate(call), "1.30")) {
    await start();
    return client.waitContainer({ id }, call);
  }
  const condition = hostConfig?.AutoRemove ? WaitCondition.Removed : WaitCondition.NextExit;
  return client.waitContainer({ id, condition, onRegistered: start }, call);
}

/** Removes the container even if the call was aborted. */
async function removeQuietly(client: RunContainer, id: string): Promise<void> {
  try {
    await client.removeContainer({ id, force: true, removeVolumes: true });
  } catch (error) {
    // whoever asked for it to be removed by the engine has been first
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
}
