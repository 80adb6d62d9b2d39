import * as z from "zod";

/** A job, as callers see it. */
export const job = z
  .object({
    id: z.string().describe("ID of the job."),
    method: z.string().describe("The method that it runs."),
    state: z.enum(["queued", "running", "done", "failed", "canceled"]).describe("Its state."),
    guest: z.string().optional().describe("The guest that it is about."),
    created: z.string().describe("When it was created, as RFC 3339."),
    ended: z.string().optional().describe("When it ended, as RFC 3339."),
    progress: z.unknown().optional().describe("The last record of its progress."),
    result: z.unknown().optional().describe("The result of the method, once it is done."),
    error: z
      .object({
        code: z.int().describe("Code of JSON-RPC 2.0."),
        message: z.string().describe("What went wrong."),
        data: z.looseObject({}).optional().describe("Facts about it, such as its kind."),
      })
      .optional()
      .describe("The error of the method, once it has failed or was canceled."),
  })
  .meta({ id: "Job", description: "A call that continues without its caller." });

/** A job, as callers see it. */
export type JobObject = z.infer<typeof job>;
