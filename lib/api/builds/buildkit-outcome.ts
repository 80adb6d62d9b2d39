import type { decodeTrace } from "../../buildkit/decode-trace.js";
import type { SolveFailure } from "../../buildkit/solve-failure.js";
import type { ApiErrorDetails } from "../../errors/api-error.js";
import { BuildError } from "../../errors/stream-errors.js";
import type { BuildTrace, BuildVertex, BuildWarning } from "../../types/build-trace.js";
import { ProgressId, type ProgressMessage } from "../../types/progress.js";
import { BuildOutcome, type BuildResult, LogTail } from "./build-outcome.js";

/** The most warnings that are kept. */
const MOST_WARNINGS = 1_000;

/** Collects the outcome of a BuildKit build from its progress messages, whose traces it decodes. */
export class BuildKitOutcome extends BuildOutcome {
  readonly #decode: typeof decodeTrace;
  readonly #vertexes = new Map<string, BuildVertex>();
  readonly #logs = new Map<string, LogTail>();
  readonly #warnings: BuildWarning[] = [];
  /** What the exporters report. */
  exported: Readonly<Record<string, string>> = {};
  /** Why the build failed, as BuildKit reports it. */
  failure: SolveFailure | undefined;

  constructor(decode: typeof decodeTrace) {
    super();
    this.#decode = decode;
  }

  override read(message: ProgressMessage): void {
    super.read(message);
    if (message.id !== ProgressId.BuildKitTrace || typeof message.aux !== "string") return;
    const trace = this.#decode(Buffer.from(message.aux, "base64"));
    Object.defineProperty(message, "trace", { value: trace, enumerable: false });
    this.#take(trace);
  }

  override result(expected: boolean, where: { operation: string; endpoint: string }): BuildResult {
    const { imageId, tags } = super.result(expected, where);
    // with the containerd image store, an image without names has a digest of its own as its name
    const names = this.exported["image.name"]?.split(",").filter((name) => name !== "" && !name.includes("@")) ?? [];
    const digest = this.exported["containerimage.digest"];
    return { imageId, tags: [...new Set([...tags, ...names])], digest, warnings: [...this.#warnings] };
  }

  override error(details: ApiErrorDetails, code?: number, mask: (line: string) => string = (line) => line): BuildError {
    const message = details.message.trim();
    const failed = this.#failed;
    const log = failed && this.#logs.get(failed.digest);
    const { source } = this.failure ?? {};
    const place = {
      step: failed && mask(failed.name),
      source: source && { ...source, excerpt: mask(source.excerpt) },
    };
    const status = this.failure?.exitCode ?? super.error(details, code).errorCode;
    return new BuildError({ ...details, message }, status, log?.lines.map(mask) ?? [], place);
  }

  /** The step that failed: the one that the failure names, or else the only one with an error of its own. */
  get #failed(): BuildVertex | undefined {
    const named = this.failure?.vertex === undefined ? undefined : this.#vertexes.get(this.failure.vertex);
    return named ?? [...this.#vertexes.values()].find(({ error }) => error !== "" && !error.endsWith("context canceled"));
  }

  #take({ vertexes, logs, warnings }: BuildTrace): void {
    for (const vertex of vertexes) this.#vertexes.set(vertex.digest, vertex);
    for (const { vertex, data } of logs) {
      let log = this.#logs.get(vertex);
      if (!log) this.#logs.set(vertex, (log = new LogTail()));
      log.add(data.toString());
    }
    // a step that has succeeded needs no log
    for (const { digest, completed, error } of vertexes) if (completed && error === "") this.#logs.delete(digest);
    this.#warnings.push(...warnings.slice(0, MOST_WARNINGS - this.#warnings.length));
  }
}
