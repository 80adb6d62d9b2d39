import type { ApiErrorDetails } from "../../errors/api-error.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import { BuildError } from "../../errors/stream-errors.js";
import type { BuildWarning } from "../../types/build-trace.js";
import type { ProgressMessage } from "../../types/progress.js";

/** Result of {@link Client.buildImage}. */
export interface BuildResult {
  /** ID of the image. Empty if `outputs` exports the result. */
  imageId: string;
  /** Names that the engine reports for the image. With a BuildKit `session` of your own, it reports none. */
  tags: string[];
  /**
   * Digest that BuildKit reports: that of the manifest or the index with the containerd image store, otherwise the ID of the
   * image. Undefined with the classic builder.
   */
  digest?: string | undefined;
  /** Warnings about the Dockerfile. Undefined with the classic builder; engines before Docker 28 report none. */
  warnings?: BuildWarning[] | undefined;
}

/** Maximum number of log lines in an error. */
const LINES = 100;

/** Maximum length of the stored log, in characters. Limiting the lines is not enough, because a line may be very long. */
const LIMIT = 256 * 1024;

/** Keeps the last lines of a build's log. */
export class LogTail {
  #text = "";

  /** Appends output to the log. */
  add(text: string): void {
    this.#text += text;
    if (this.#text.length > LIMIT)
      this.#text = this.#end(LINES)
        .join("\n")
        .slice(-LIMIT / 2);
  }

  /** The last lines, at most 100. */
  get lines(): string[] {
    const lines = this.#end(LINES + 1);
    // after a trailing line feed, the last item is empty
    return (lines.at(-1) === "" ? lines.slice(0, -1) : lines).slice(-LINES);
  }

  #end(count: number): string[] {
    return this.#text.split("\n").slice(-count);
  }
}

/** Extracts the exit status of the failed build step from the engine's message. */
function exitStatusIn(message: string): number | undefined {
  const status = /(?:non-zero code: |exit code: |exit status )(\d+)\s*$/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Collects the outcome of a build from its progress messages. */
export class BuildOutcome {
  readonly #log = new LogTail();
  readonly #tags = new Set<string>();
  #imageId = "";

  /** Reads a progress message. */
  read({ stream, aux }: ProgressMessage): void {
    if (typeof aux === "object" && "ID" in aux) this.#imageId = aux.ID;
    if (stream === undefined) return;
    this.#log.add(stream);
    const [, what, name] = /^Successfully (built|tagged) (\S+)\s*$/.exec(stream) ?? [];
    if (name !== undefined && what === "tagged") this.#tags.add(name);
    // a quiet build prints only the full image ID on a line; the message `built` contains a short ID
    const id = what === "built" ? name : /^\s*((?:sha256:)?[0-9a-f]{64})\s*$/.exec(stream)?.[1];
    if (this.#imageId === "" && id !== undefined) this.#imageId = id;
  }

  /**
   * Returns the result of a successful build.
   *
   * @param expected - whether the build was expected to create an image.
   * @throws {@link ProtocolError} when an image was expected, but the engine did not report its ID.
   */
  result(expected: boolean, where: { operation: string; endpoint: string }): BuildResult {
    if (expected && this.#imageId === "") throw new ProtocolError("the build ended without reporting an image ID", where);
    return { imageId: this.#imageId, tags: [...this.#tags] };
  }

  /**
   * Creates the error for a failed build.
   *
   * @param details - details of the failure and of the request.
   * @param code - the exit code, if the engine reports it.
   * @param mask - masks the secrets of the request in a line of output.
   */
  error(details: ApiErrorDetails, code?: number, mask: (line: string) => string = (line) => line): BuildError {
    const message = details.message.trim();
    return new BuildError({ ...details, message }, code ?? exitStatusIn(message), this.#log.lines.map(mask));
  }
}
