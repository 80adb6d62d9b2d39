import { sendJson, sendText, type ServiceCall } from "../../service/service-server.js";
import { toRpcError } from "../rpc/failure.js";
import type { Job, Jobs } from "../work/jobs.js";
import { writeBounded } from "./bounded-write.js";
import { EventStream } from "./event-stream.js";

/** Serves `/jobs`, `/jobs/ID` and `/jobs/ID/events`, which only read. */
export async function serveJobs({ request, response, signal }: ServiceCall, path: string, jobs: Jobs): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET");
    sendText(response, 405, "jobs are canceled by Agent.CancelJob");
    return;
  }
  const [, , id = "", events, ...rest] = path.split("/");
  if (id === "" && events === undefined) {
    sendJson(response, 200, { jobs: jobs.list().map((job) => job.toObject()) });
    return;
  }
  let job: Job;
  try {
    job = jobs.find(id);
  } catch (error) {
    sendText(response, 404, toRpcError(error).message);
    return;
  }
  if (events === undefined) {
    sendJson(response, 200, { job: job.toObject() });
    return;
  }
  if (events !== "events" || rest.length > 0) {
    sendText(response, 404, "page not found");
    return;
  }
  const isSse = /\btext\/event-stream\b/i.test(request.headers.accept ?? "");
  return isSse ? streamEvents(job, new EventStream(response), signal) : streamLines({ request, response, signal }, job);
}

async function streamEvents(job: Job, stream: EventStream, signal: AbortSignal): Promise<void> {
  await follow(job, signal, (record) => stream.send("progress", record));
  stream.send("result", JSON.stringify(job.toObject()));
  stream.end();
}

/** Streams each record of progress as a line, and the job as the last one. */
async function streamLines({ response, signal }: ServiceCall, job: Job): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" });
  response.flushHeaders();
  await follow(job, signal, (record) => writeBounded(response, `{"progress":${record}}\n`));
  response.end(`${JSON.stringify({ job: job.toObject() })}\n`);
}

async function follow(job: Job, signal: AbortSignal, progress: (record: string) => void): Promise<void> {
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    stop = job.listen({ progress, end: resolve });
  });
  stop();
}
