import { randomUUID } from "node:crypto";
import { startTimer } from "../../service/start-timer.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { toRpcError } from "../rpc/failure.js";
import { RpcError } from "../rpc/rpc-error.js";
import type { JobObject } from "../schemas/job.js";

/** How long jobs are kept after their end, in milliseconds. */
const KEPT = 60 * 60_000;

/** The most jobs that are kept after their end. */
const MOST = 1_000;

/** The most records of progress that a late listener gets. */
const RECORDS = 1_000;

/** The most characters of them: fewer than a slow listener may have waiting, as it gets them at once. */
const RECORDED = 4 * 1024 * 1024;

/** How long jobs that are canceled at the end may take to clean up, in milliseconds: an engine that hangs must not hold the agent. */
const CLEANUP = 2_000;

/** A listener of a job. */
export interface JobListener {
  /** Called with each record of progress as JSON, those before it included. */
  progress(record: string): void;
  /** Called at the end. */
  end(): void;
}

/** A call that continues without its caller. */
export class Job {
  readonly id = randomUUID();
  readonly #method: string;
  readonly #guest: string | undefined;
  readonly #created = new Date();
  readonly #controller = new AbortController();
  readonly #records: string[] = [];
  #recorded = 0;
  readonly #listeners = new Set<JobListener>();
  #state: JobObject["state"] = "queued";
  #ended: Date | undefined;
  #result: unknown;
  #error: RpcError | undefined;

  constructor(method: string, guest: string | undefined) {
    this.#method = method;
    this.#guest = guest;
  }

  /** Aborted when the job is canceled. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** When the job ended, in milliseconds since 1970. */
  get ended(): number | undefined {
    return this.#ended?.getTime();
  }

  /** Marks that the work has begun. */
  begin(): void {
    if (this.#state === "queued") this.#state = "running";
  }

  /** Adds a record of progress. */
  progress(record: unknown): void {
    const text = JSON.stringify(record);
    this.#records.push(text);
    this.#recorded += text.length;
    while (this.#records.length > RECORDS || (this.#recorded > RECORDED && this.#records.length > 1))
      this.#recorded -= this.#records.shift()?.length ?? 0;
    for (const listener of this.#listeners) listener.progress(text);
  }

  /** Runs the work to its end. Never rejects. */
  async run(work: () => Promise<unknown>): Promise<void> {
    try {
      this.#result = await work();
      this.#state = "done";
    } catch (error) {
      this.#error = this.signal.aborted ? new RpcError("canceled", "the job was canceled") : toRpcError(error);
      this.#state = this.signal.aborted ? "canceled" : "failed";
    }
    this.#ended = new Date();
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  /** Aborts the work. */
  cancel(): void {
    this.#controller.abort();
  }

  /** Adds a listener, which first gets the records so far. Returns a function that removes it. */
  listen(listener: JobListener): () => void {
    for (const record of this.#records) listener.progress(record);
    if (this.#ended) {
      listener.end();
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for the end, a time in milliseconds, or a caller that leaves. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.#ended || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        remove();
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = startTimer(finish, milliseconds);
      const remove = this.listen({ progress: () => undefined, end: finish });
      signal?.addEventListener("abort", finish);
    });
  }

  /** The job, as callers see it. */
  toObject(): JobObject {
    const last = this.#records.at(-1);
    return {
      id: this.id,
      method: this.#method,
      state: this.#state,
      ...(this.#guest !== undefined && { guest: this.#guest }),
      created: this.#created.toISOString(),
      ...(this.#ended && { ended: this.#ended.toISOString() }),
      ...(last !== undefined && { progress: JSON.parse(last) as unknown }),
      ...(this.#state === "done" && { result: this.#result }),
      ...(this.#error && { error: errorOf(this.#error) }),
    };
  }
}

function errorOf(failure: RpcError): NonNullable<JobObject["error"]> {
  const { data, ...error } = failure.toObject();
  return { ...error, data: { ...data } };
}

/** The jobs of an agent. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Set<Promise<void>>();

  /** Creates a job and runs its work. */
  start(method: string, guest: string | undefined, work: (job: Job) => Promise<unknown>): Job {
    this.#forget();
    const job = new Job(method, guest);
    this.#jobs.set(job.id, job);
    const run = job.run(() => work(job)).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return job;
  }

  /** Returns a job. @throws an error if there is none with this ID. */
  find(id: string): Job {
    this.#forget();
    const found = this.#jobs.get(id);
    if (!found) throw new RpcError("notFound", `no such job: ${id}`);
    return found;
  }

  /** The jobs, the newest first. */
  list(): Job[] {
    this.#forget();
    return [...this.#jobs.values()].reverse();
  }

  /** Waits for the jobs that run, a time in milliseconds at most. Cancels those that have not ended by then. */
  async close(grace: number): Promise<void> {
    await this.#ended(grace);
    for (const job of this.#jobs.values()) job.cancel();
    await this.#ended(CLEANUP);
  }

  /** Waits until no job runs, a time in milliseconds at most. */
  async #ended(within: number): Promise<void> {
    if (this.#running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, within)));
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }

  #forget(): void {
    const over = [...this.#jobs.values()].filter(({ ended }) => ended !== undefined);
    const old = Date.now() - KEPT;
    over.forEach(({ id, ended = 0 }, index) => {
      if (ended < old || index < over.length - MOST) this.#jobs.delete(id);
    });
  }
}
