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
   * Whether to stream samples, about one per second, until the loop ends. Defaults to true, or to false with `oneShot`. With
   * false, the call takes one to two seconds, because the engine measures twice to fill `precpu_stats`.
   */
  stream?: boolean | undefined;
  /** Whether to return a single sample immediately, with empty `precpu_stats`. Defaults to false. API 1.41+. */
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

/** Reads a sample. If Podman fails to take one, it sends an error message instead, with status 200. */
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
   * Returns the resource usage of a container as a stream of samples, or as a single sample. {@link summarizeStats} converts a
   * sample to the figures that `docker stats` shows.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStats | ContainerStats}
   * @returns an async iterable of samples, or a single sample with `stream: false` or `oneShot: true`.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running (Podman 5). Other engines return an empty sample
   * or no sample.
   * @throws {@link BadRequestError} when both `stream` and `oneShot` are set.
   * @throws {@link ProtocolError} when the connection closes before the stream has ended.
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
