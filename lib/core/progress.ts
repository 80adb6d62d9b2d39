import type { Readable } from "node:stream";
import type { ApiError, ApiErrorDetails } from "../errors/api-error.js";
import { StreamError } from "../errors/stream-errors.js";
import { Progress, type ProgressOptions } from "../streams/progress.js";
import type { ProgressMessage } from "../types/progress.js";
import type { CallOptions } from "./call-options.js";
import { callerOf } from "./caller.js";
import { CallerStreams, heardCall, type StreamMethod } from "./caller-streams.js";
import { notSent, type NotSentField, sink, type Taken } from "./fields/fields.js";
import type { OpenResponse } from "./request.js";

/** The metadata of {@link ProgressOptions}, none of which is sent. */
export const progressFields: { readonly [K in keyof ProgressOptions]-?: NotSentField } = {
  outputStream: sink,
  rawJson: notSent,
  onProgress: notSent,
};

/** The outcome of an operation that reports its progress. */
export interface ProgressOutcome<T> {
  /** Reads a message. */
  read(message: ProgressMessage): void;
  /** Returns the result after all messages have been read. */
  result(): T;
  /** Formats the messages for `outputStream`. By default a {@link ProgressDisplay}. */
  display?: ((message: ProgressMessage) => string) | undefined;
  /** Creates the error for a failure that the engine reports. By default a {@link StreamError}. */
  error?(details: ApiErrorDetails, code: number | undefined, mask: (text: string) => string): ApiError;
}

/** A response with the messages of an operation. */
type ProgressResponse = Pick<OpenResponse, "headers" | "exchange" | "request"> & { readonly body: Readable };

/** A call to an operation that reports its progress. */
interface ProgressCall<O> {
  readonly client: { readonly endpoint: string };
  readonly method: StreamMethod;
  readonly options: O;
  readonly call: CallOptions | undefined;
}

/**
 * Starts an operation that reports its progress.
 *
 * @param call - the client, the operation, and the caller's options and settings.
 * @param open - sends the request. Receives the settings of the call, and the options with Node.js streams.
 * @param outcome - reads the messages and returns the result.
 */
export function progress<O extends ProgressOptions, T>(
  { client, method, options, call }: ProgressCall<O>,
  open: (call: CallOptions, options: Taken<O>) => Promise<ProgressResponse>,
  outcome: ProgressOutcome<T>,
): Progress<T> {
  const streams = new CallerStreams(callerOf(call) ?? method.name, client.endpoint);
  const taken = streams.take(method.fields, options);
  const start = async () => {
    streams.check();
    const { body, headers, exchange, request } = await open(heardCall(call, streams), taken);
    const error = (_message: ProgressMessage, text: string, code: number | undefined) => {
      const mask = (shown: string) => exchange.secrets?.mask(shown) ?? shown;
      const details = { ...request, message: mask(text) };
      return outcome.error?.(details, code, mask) ?? new StreamError(details, code);
    };
    return {
      body,
      headers,
      exchange,
      reader: {
        read: (message: ProgressMessage) => outcome.read(message),
        result: () => outcome.result(),
        display: outcome.display,
        error,
      },
    };
  };
  return new Progress({ ...options, ...(taken as ProgressOptions) }, start, () => streams.release());
}
