import * as z from "zod";
import { job } from "../schemas/job.js";
import { method } from "./method.js";

const jobResponse = z.object({ job: job.describe("The job.") }).meta({ id: "JobResponse", description: "A job." });

const jobParams = z.strictObject({ id: z.string().min(1, "missing job with id").describe("ID of the job.") });

const Ping = method({
  summary: "Returns the version of the agent, and whether its engine answers.",
  params: z.strictObject({}),
  result: z
    .object({
      engine: z.boolean().describe("Whether the engine answers."),
      apiVersion: z.string().optional().describe("The engine's highest API version, if it answers."),
    })
    .meta({ id: "PingResponse", description: "The state of the agent." }),
  changes: false,
  async run(_, { client, signal }) {
    // the caller asks whether the engine answers, not why it does not
    const answer = await client.ping({}, { signal, timeout: 5_000 }).catch(() => undefined);
    return { engine: answer !== undefined, ...(answer?.ApiVersion !== undefined && { apiVersion: answer.ApiVersion }) };
  },
});

const GetJob = method({
  summary: "Returns a job. Jobs are kept for an hour after their end, the last 1,000 of them.",
  params: jobParams,
  result: jobResponse,
  changes: false,
  failures: ["notFound"],
  async run({ id }, { jobs }) {
    return Promise.resolve({ job: jobs.find(id).toObject() });
  },
});

const WaitJob = method({
  summary: "Waits for the end of a job and returns it.",
  params: jobParams.extend({
    timeout: z.int().nonnegative().optional().describe("Seconds after which the job is returned as it is. 60 by default."),
  }),
  result: jobResponse,
  changes: false,
  timeout: ({ timeout = 60 }) => 30_000 + timeout * 1000,
  failures: ["notFound"],
  async run({ id, timeout = 60 }, { jobs, signal }) {
    const found = jobs.find(id);
    await found.wait(timeout * 1000, signal);
    return { job: found.toObject() };
  },
});

const CancelJob = method({
  summary: "Cancels a job and returns it once it has ended.",
  params: jobParams,
  result: jobResponse,
  changes: false,
  failures: ["notFound"],
  async run({ id }, { jobs, signal }) {
    const found = jobs.find(id);
    found.cancel();
    await found.wait(20_000, signal);
    return { job: found.toObject() };
  },
});

const ListJobs = method({
  summary: "Lists the jobs, the newest first.",
  params: z.strictObject({
    state: job.shape.state.optional().describe("Only jobs in this state."),
    guest: z.string().optional().describe("Only jobs about this guest."),
  }),
  result: z.object({ jobs: z.array(job).describe("The jobs.") }).meta({ id: "JobsResponse", description: "Jobs." }),
  changes: false,
  async run({ state, guest }, { jobs }) {
    const all = jobs.list().map((each) => each.toObject());
    const isAsked = (each: z.infer<typeof job>): boolean =>
      (state === undefined || each.state === state) && (guest === undefined || each.guest === guest);
    return Promise.resolve({ jobs: all.filter(isAsked) });
  },
});

const discover = method({
  summary: "Returns the description of all methods, as an OpenRPC document.",
  params: z.strictObject({}),
  result: z.looseObject({}).describe("An OpenRPC 1.3 document."),
  changes: false,
  async run(_, { describe }) {
    return Promise.resolve({ ...describe() });
  },
});

/** The methods about the agent itself, by whole name. */
export const agentMethods = {
  "Agent.Ping": Ping,
  "Agent.GetJob": GetJob,
  "Agent.WaitJob": WaitJob,
  "Agent.CancelJob": CancelJob,
  "Agent.ListJobs": ListJobs,
  "rpc.discover": discover,
};
