import { readNulls } from "../../core/answers/index.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiErrorDetails } from "../../errors/api-error.js";
import { JsonStream } from "../../streams/json-stream.js";
import type { ContainerStats } from "../../types/stats.js";
import { sampleFailure } from "./errors.js";

/** Options for {@link Client.stats}. */
export interface StatsOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * Whether to stream samples, about one a second, until the loop ends. By default true, and false with `oneShot`. A single
   * sample takes a second or two, because the engine takes two samples to compare.
   */
  stream?: boolean | undefined;
  /** Whether to return a single sample at once, without comparison: `precpu_stats` is empty. By default false. API 1.41+. */
  oneShot?: boolean | undefined;
}

const stats = operation<StatsOptions>({
  name: "stats",
  method: "GET",
  path: "/containers/{id}/stats",
  longRunning: true,
  fields: { id: pathParam, stream: flag("stream"), oneShot: flag("one-shot", { since: "1.41" }) },
  errors: ({ id }) => containerErrors(id),
});

/** Reads a sample. Podman reports a failure in place of one, with status 200. */
const sampleOf =
  (id: string, request: Omit<ApiErrorDetails, "message">) =>
  (document: unknown): ContainerStats => {
    const sample = readNulls(stats.name, document) as ContainerStats | { message: string }; // the documented types
    if ("message" in sample) throw sampleFailure(id)({ ...request, message: sample.message });
    return sample;
  };

/** Mixed into {@link Client}. */
export default abstract class ContainerStatsMixin extends Connection {
  /**
   * Returns resource usage of a container, as a stream or once. {@link summarizeStats} converts a sample to the numbers of
   * `docker stats`.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStats | ContainerStats}
   * @returns an iterable of samples; a single sample with `stream: false` or `oneShot: true`.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when it is not running on Podman 5; other engines return an empty sample or none.
   * @throws {@link BadRequestError} when both `stream` and `oneShot` are set.
   * @throws {@link ProtocolError} when the connection ends before the stream does.
   * @example
   * ```ts
   * for await (const sample of await client.stats({ id: "web" })) {
   *   console.log(summarizeStats(sample).cpuPercent);
   * }
   * ```
   */
  stats(
    options: StatsOptions & ({ stream: false } | { stream?: undefined; oneShot: true }),
    call?: CallOptions,
  ): Promise<ContainerStats>;
  stats(
    options: StatsOptions & { stream?: true | undefined; oneShot?: false | undefined },
    call?: CallOptions,
  ): Promise<JsonStream<ContainerStats>>;
  stats(options: StatsOptions, call?: CallOptions): Promise<ContainerStats | JsonStream<ContainerStats>>;
  async stats(options: StatsOptions, call?: CallOptions): Promise<ContainerStats | JsonStream<ContainerStats>> {
    const { id, stream = !options.oneShot } = options;
    const answer = await this.open(stats, { ...options, stream }, call);
    const samples = new JsonStream(answer.body, answer.exchange, sampleOf(id, answer.request));
    return stream ? samples : samples.first();
  }
}
