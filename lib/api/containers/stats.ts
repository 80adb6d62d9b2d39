import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiError, ApiErrorDetails } from "../../errors/api-error.js";
import { containerErrors } from "../../core/errors/container.js";
import { sampleFailure } from "./errors.js";
import type { ContainerStats } from "../../types/stats.js";
import { JsonStream } from "../../streams/json-stream.js";

/** Options of {@link Client.stats}. */
export interface StatsOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * Whether to get one sample after the other, about one in a second, until the loop over them is left. By default true,
   * and false with `oneShot`. A single sample takes the engine a second or two, for it waits for a second one to compare.
   */
  stream?: boolean | undefined;
  /** Whether to get a single sample at once, with nothing to compare it with: `precpu_stats` is empty. By default false. API 1.41+. */
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

/** Podman reports a failure in place of a sample, with status 200. */
const reportedBy =
  (id: string, request: Omit<ApiErrorDetails, "message">) =>
  (sample: ContainerStats | { message: string }): ApiError | undefined => {
    if (!("message" in sample)) return undefined;
    return sampleFailure(id)({ ...request, message: sample.message });
  };

/** Mixed into {@link Client}. */
export default abstract class ContainerStatsMixin extends Connection {
  /**
   * Tells what a container uses of its host, again and again or once. {@link summarizeStats} makes numbers for people of it.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStats | ContainerStats}
   * @returns the samples to iterate; the one sample with `stream: false` or `oneShot: true`.
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerNotRunningError} when it does not run and the engine is Podman 5; others give an empty sample, or none.
   * @throws {@link BadRequestError} when both `stream` and `oneShot` are set.
   * @throws {@link ProtocolError} when the stream is cut off.
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
    const samples = new JsonStream<ContainerStats>(answer.body, answer.exchange, reportedBy(id, answer.request));
    return stream ? samples : samples.first();
  }
}
