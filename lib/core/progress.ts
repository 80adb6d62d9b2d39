import type { ApiError, ApiErrorDetails } from "../errors/api-error.js";
import { StreamError } from "../errors/stream-errors.js";
import { Progress, type ProgressOptions } from "../streams/progress.js";
import type { ProgressMessage } from "../types/progress.js";
import { notSent, type NotSentField } from "./fields/fields.js";
import type { OpenResponse } from "./request.js";

/** The metadata of {@link ProgressOptions}, all of which the client uses itself. */
export const progressFields: { readonly [K in keyof ProgressOptions]-?: NotSentField } = {
  outputStream: notSent,
  rawJson: notSent,
  onProgress: notSent,
};

/** The outcome of an operation that reports its progress. */
export interface ProgressOutcome<T> {
  /** Reads a message. */
  read(message: ProgressMessage): void;
  /** Returns the result after all messages have been read. */
  result(): T;
  /** Creates the error for a failure that the engine reports. By default a {@link StreamError}. */
  error?(details: ApiErrorDetails, code: number | undefined): ApiError;
}

/**
 * Starts an operation that reports its progress.
 *
 * @param options - the operation's options.
 * @param open - sends the request.
 * @param outcome - reads the messages and returns the result.
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
