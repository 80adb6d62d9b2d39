import { StreamError } from "../errors/stream-errors.js";
import type { ApiError, ApiErrorDetails } from "../errors/api-error.js";
import { Progress, type ProgressOptions } from "../streams/progress.js";
import type { ProgressMessage } from "../types/progress.js";
import { notSent, type NotSentField } from "./fields/fields.js";
import type { OpenResponse } from "./request.js";

/** The metadata of {@link ProgressOptions}: the client itself uses all of them. */
export const progressFields: { readonly [K in keyof ProgressOptions]-?: NotSentField } = {
  outputStream: notSent,
  rawJson: notSent,
  onProgress: notSent,
};

/** How an operation that reports its progress comes to its end. */
export interface ProgressOutcome<T> {
  /** Takes note of a message. */
  read(message: ProgressMessage): void;
  /** Gives the result, once all messages have been read. */
  result(): T;
  /** Makes the error of a failure that the engine reports. By default a {@link StreamError}. */
  error?(details: ApiErrorDetails, code: number | undefined): ApiError;
}

/**
 * Starts an operation that reports its progress.
 *
 * @param options - the operation's options.
 * @param open - sends the request.
 * @param outcome - reads the messages.
 */
export function progress<T>(
  options: ProgressOptions,
  open: () => Promise<OpenResponse>,
  outcome: ProgressOutcome<T>,
): Progress<T> {
  return new Progress(options, async () => {
    const { body, headers, exchange, request } = await open();
    const error = (_message: ProgressMessage, text: string, code: number | undefined) => {
      const details = { ...request, message: text };
      return outcome.error?.(details, code) ?? new StreamError(details, code);
    };
    return {
      body,
      headers,
      exchange,
      reader: { read: (message) => outcome.read(message), result: () => outcome.result(), error },
    };
  });
}
