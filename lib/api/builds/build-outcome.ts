import type { ApiErrorDetails } from "../../errors/api-error.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import { BuildError } from "../../errors/stream-errors.js";
import type { ProgressMessage } from "../../types/progress.js";

/** What {@link Client.buildImage} has made. */
export interface BuildResult {
  /** ID of the image. Empty when `outputs` says that the result goes elsewhere. */
  imageId: string;
  /** The names that the engine says it has given to the image. BuildKit gives them too, but does not say so. */
  tags: string[];
}

/** Lines that an error keeps of a build's log. */
const LINES = 100;

/** Length from which on a log is cut, in characters: a line may be endless too. */
const LIMIT = 256 * 1024;

/** Keeps the end of what a build prints. */
export class LogTail {
  #text = "";

  /** Adds what was printed. */
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
    // what ends with a line feed ends with a line that is empty
    return (lines.at(-1) === "" ? lines.slice(0, -1) : lines).slice(-LINES);
  }

  #end(count: number): string[] {
    return this.#text.split("\n").slice(-count);
  }
}

/** The exit status of the step that failed, where the engine tells it in words alone. */
function exitStatusIn(message: string): number | undefined {
  const status = /(?:non-zero code: |exit code: |exit status )(\d+)\s*$/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Finds in a build's messages what came of it. */
export class BuildOutcome {
  readonly #log = new LogTail();
  readonly #tags = new Set<string>();
  #imageId = "";

  /** Takes note of a message. */
  read({ stream, aux }: ProgressMessage): void {
    if (typeof aux === "object" && "ID" in aux) this.#imageId = aux.ID;
    if (stream === undefined) return;
    this.#log.add(stream);
    const [, what, name] = /^Successfully (built|tagged) (\S+)\s*$/.exec(stream) ?? [];
    if (name !== undefined && what === "tagged") this.#tags.add(name);
    // the whole ID, alone on its line, is all that a build tells that is to keep quiet; `built` tells a part of it
    const id = what === "built" ? name : /^\s*((?:sha256:)?[0-9a-f]{64})\s*$/.exec(stream)?.[1];
    if (this.#imageId === "" && id !== undefined) this.#imageId = id;
  }

  /**
   * Gives the result of a build that went well.
   *
   * @param expected - whether it must have made an image.
   * @throws {@link ProtocolError} when it must, and did not tell which.
   */
  result(expected: boolean, where: { operation: string; endpoint: string }): BuildResult {
    if (expected && this.#imageId === "") throw new ProtocolError("the build ended without telling the ID of an image", where);
    return { imageId: this.#imageId, tags: [...this.#tags] };
  }

  /** Makes the error of a build that failed. */
  error(details: ApiErrorDetails, code?: number): BuildError {
    const message = details.message.trim();
    return new BuildError({ ...details, message }, code ?? exitStatusIn(message), this.#log.lines);
  }
}
