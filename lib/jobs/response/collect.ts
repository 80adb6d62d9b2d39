import { JobError } from "../errors.js";
import type { JobSuccess, PendingValue } from "./job-response.js";
import type { Head, Outcome } from "./outcome.js";

/** How a job succeeded, and what it answered. @category Jobs */
export interface JobResult<Data extends object | undefined = undefined> {
  /** Whether the job is done, or was accepted and goes on. */
  readonly success: JobSuccess;
  /** Values beside the response, by name. */
  readonly pending: ReadonlyMap<string, PendingValue>;
  /** The value of the response. */
  readonly data: Data;
  /** The output. Empty if it went to a stream. */
  readonly output: Buffer;
}

/** Options for collecting a response. */
export interface CollectOptions {
  /** Receives the output as it comes. If it is set, the output is not collected. Resolves when more may come. */
  readonly onOutput?: ((chunk: Uint8Array) => Promise<void> | undefined) | undefined;
}

/** Waits for the end of a response. Rejects with the failure of the job. */
export function collect<Data extends object | undefined>(
  outcome: Outcome,
  { onOutput }: CollectOptions,
  signal: AbortSignal,
): Promise<JobResult<Data>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let head: Exclude<Head, { kind: "failure" }> | undefined;
    let failure = new JobError("the response has no beginning");
    const leave = outcome.attach({
      head: (given) => {
        if (given.kind === "failure") failure = given.error;
        else head = given;
      },
      output: (chunk) => {
        if (onOutput) return onOutput(chunk);
        chunks.push(chunk);
        return undefined;
      },
      end: () => {
        signal.removeEventListener("abort", abort);
        if (!head) {
          reject(failure); // a response has one of the two
          return;
        }
        const data = (head.kind === "success" ? head.data : undefined) as Data; // the request's own
        resolve({ success: head.type, pending: head.pending, data, output: Buffer.concat(chunks) });
      },
    });
    const abort = (): void => {
      leave();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}
