import type * as z from "zod";
import { fail, type Failure, InvalidJobError, JobError } from "../errors.js";
import type { JobResponse } from "../response/job-response.js";
import type { JobContext, JobRequest } from "./request.js";

/** How requests of one kind are checked and done. */
export interface RequestKind<Options extends object, Data extends object | undefined> {
  readonly name: string;
  readonly schema: z.ZodType<Options>;
  readonly isFast?: boolean;
  readonly join?: JobRequest["join"];
  /** What errors become that are not those of jobs. */
  readonly failure: Failure;
  label?(options: Options): string;
  /** Does the work. May throw before the response has begun. */
  execute(options: Options, response: JobResponse, context: JobContext): Promise<void>;
  /** The value of the response: types alone see it. */
  readonly data?: Data;
}

/** Creates a request. */
export function makeRequest<Options extends object, Data extends object | undefined>(
  kind: RequestKind<Options, Data>,
  options: Options,
): JobRequest<Data> {
  const { name, schema, failure, isFast = false, join = "never" } = kind;
  const checked = (): Options => {
    const parsed = schema.safeParse(options);
    if (parsed.success) return parsed.data;
    throw invalid(parsed.error);
  };
  return {
    name,
    options,
    isFast,
    join,
    check: () => void checked(),
    execute: async (response, context) => {
      let error: unknown;
      try {
        await kind.execute(checked(), response, context);
        return;
      } catch (thrown) {
        error = thrown;
      }
      try {
        response.failure(error instanceof JobError ? error : fail(failure, error));
      } catch {
        throw error; // it came after the response had begun
      }
    },
    label: () => kind.label?.(options),
  };
}

/** Returns the first problem of a request as an error. */
function invalid({ issues }: z.ZodError): InvalidJobError {
  const [issue] = issues;
  const path = (issue?.path ?? []).join(".");
  const message = issue?.message ?? "the request is invalid";
  // the library's own messages do not say what they are about
  const isNamed = path === "" || !/^Invalid |^Unrecognized |^Too /.test(message);
  return new InvalidJobError(isNamed ? message : `${path}: ${message}`, path === "" ? {} : { data: { option: path } });
}
