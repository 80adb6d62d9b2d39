import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { notSent, pathParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { UnsupportedVersionError } from "../../errors/usage-errors.js";
import { JsonStream } from "../../streams/json-stream.js";
import type { ContainerWaitResponse, WaitCondition } from "../../types/container-results.js";
import { atLeast } from "../../wire/api-version.js";

/** First API version in which the engine sends the response headers as soon as it starts waiting. */
const EARLY_WAIT_HEADERS_VERSION = "1.30";

/** Options for {@link Client.waitContainer}. */
export interface WaitContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** What to wait for. Defaults to `not-running`. API 1.30+. */
  condition?: WaitCondition | undefined;
  /**
   * Called as soon as the engine is waiting. A container that this callback starts cannot exit unnoticed. A returned promise is
   * awaited, and an error ends the wait. API 1.30+.
   */
  onRegistered?: (() => unknown) | undefined;
}

/** Result of {@link Client.waitContainer}. */
export interface WaitResult {
  /** Exit code of the container. */
  statusCode: number;
  /** Error message from the engine, if it waited for the removal and the removal failed. */
  error: string | undefined;
}

const waitContainer = operation<WaitContainerOptions>({
  name: "waitContainer",
  method: "POST",
  path: "/containers/{id}/wait",
  longRunning: true,
  fields: { id: pathParam, condition: text("condition", { since: EARLY_WAIT_HEADERS_VERSION }), onRegistered: notSent },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerWaitMixin extends Connection {
  /**
   * Waits until a container is not running, exits the next time, or is removed, depending on `condition`. Returns the exit
   * code.
   *
   * Only timeouts set for this call limit the wait, because a container may run indefinitely.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerWait | ContainerWait}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ProtocolError} when the connection closes before the wait is over.
   * @example
   * ```ts
   * const { statusCode } = await client.waitContainer({
   *   id,
   *   condition: WaitCondition.NextExit,
   *   onRegistered: () => client.startContainer({ id }),
   * });
   * ```
   */
  async waitContainer(options: WaitContainerOptions, call?: CallOptions): Promise<WaitResult> {
    const { onRegistered } = options;
    if (onRegistered) {
      const version = await this.negotiate(call);
      const subject = 'option "onRegistered" of waitContainer';
      if (!atLeast(version, EARLY_WAIT_HEADERS_VERSION))
        throw new UnsupportedVersionError(subject, { version, since: EARLY_WAIT_HEADERS_VERSION });
    }
    const waitCall = { ...call, timeouts: { inactivity: 0, ...call?.timeouts } };
    const { body, exchange } = await this.open(waitContainer, options, waitCall);
    await using answer = new JsonStream<ContainerWaitResponse>(body, exchange);
    await onRegistered?.();
    const { StatusCode, Error: failure } = await answer.first();
    return { statusCode: StatusCode, error: failure?.Message || undefined };
  }
}
