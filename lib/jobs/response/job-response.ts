import type { JobError } from "../errors.js";

/** How a job succeeded. @category Jobs */
export type JobSuccess =
  /** It is done. */
  | "ok"
  /** It was accepted: what it began goes on. */
  | "accepted";

/** How the rest of a response is written. @category Jobs */
export interface WriteOptions {
  /** Whether each write is delivered at once. false by default. */
  readonly flush?: boolean | undefined;
  /** Whether the output is JSON values, one on each line, instead of text. false by default. */
  readonly structured?: boolean | undefined;
}

/** Receives the output of a job that has succeeded already. @category Jobs */
export interface JobWriter {
  /**
   * Writes text or bytes.
   *
   * @returns a promise that resolves when more may be written. It never rejects: output for callers who are gone is dropped.
   * @throws {@link ResponseOrderError} if the response has ended.
   */
  write(chunk: string | Uint8Array): Promise<void>;
}

/**
 * What a job answers with: exactly one success or failure, once.
 *
 * @category Jobs
 */
export interface JobResponse {
  /** Whether the caller wants output as it comes. */
  streamResult(): boolean;
  /** Ends the response with success. @throws {@link ResponseOrderError} if it has succeeded or failed already. */
  success(type: JobSuccess): void;
  /** Ends the response with success and a value. @throws {@link ResponseOrderError} if it has succeeded or failed already. */
  successWithData(type: JobSuccess, data: object): void;
  /**
   * Announces success. What follows is written to the result until the job ends.
   *
   * @throws {@link ResponseOrderError} if it has succeeded or failed already.
   */
  successWithWrite(type: JobSuccess, options?: WriteOptions): JobWriter;
  /** Ends the response with a failure. @throws {@link ResponseOrderError} if it has succeeded or failed already. */
  failure(error: JobError): void;
  /**
   * Adds a value that is delivered with the success that follows. A failure discards it.
   *
   * @throws {@link ResponseOrderError} if it has succeeded or failed already.
   */
  writePendingSuccess(name: string, value: PendingValue): void;
  /** A signal that is aborted when nobody receives the output any more. */
  writeClosed(): AbortSignal;
}

/** A value beside a response, and its text. @category Jobs */
export interface PendingValue {
  /** The form in which HTTP headers have the value. */
  toHeader(): string;
  /** The form for people. */
  toString(): string;
}
