import { createHash } from "node:crypto";
import { type Client, type ServiceSpec, type Task } from "../../index.js";
import { monotonicTime } from "../../wire/clock.js";
import type { RunningJob } from "../back-end.js";
import { JOB_LABEL } from "../containers/definition.js";
import { isForgotten, jobLabels } from "../containers/waiting.js";
import { jobError, JobFailure } from "../errors.js";
import type { RunContainerOptions } from "../models.js";
import { pause } from "../pause.js";
import type { RequestIdentifier } from "../request-identifier.js";
import { isAlive } from "./owned-service.js";
import type { ServiceSettings } from "./service-spec.js";
import { taskOutput } from "./task-output.js";

/** How often the swarm is asked how far a job is, in milliseconds. */
const INTERVAL = 100;

/** The exit code of what was killed. */
const KILLED = 137;

/** Runs a command as a service whose tasks end, which is removed at its end. */
export async function runSwarmJob(
  client: Client,
  options: RunContainerOptions,
  request: RequestIdentifier,
  { patience }: ServiceSettings,
  signal: AbortSignal,
): Promise<RunningJob> {
  const { replicas = 1, global = false, timeout } = options;
  const { ID: id } = await client.createService({ spec: await specOf(options, request) }, { signal });
  const end = timeout === undefined ? Infinity : monotonicTime() + timeout * 1_000;
  const tasksOf = (): Promise<Task[]> => client.listTasks({ filters: { service: id } }, { signal });
  try {
    await begun(tasksOf, Math.min(end, monotonicTime() + patience), signal);
  } catch (error) {
    await remove(client, id);
    throw error;
  }
  let isRead = (): void => undefined;
  const read = new Promise<void>((resolve) => (isRead = resolve));
  const ended = new AbortController();
  const finish = async (): Promise<number> => {
    try {
      const tasks = await completed(tasksOf, global ? 1 : replicas, end, signal);
      ended.abort();
      await read;
      return tasks === undefined ? KILLED : codeOf(tasks);
    } finally {
      ended.abort();
      await remove(client, id);
    }
  };
  const exitCode = finish();
  exitCode.catch(() => undefined); // whoever reads the output asks for it afterwards
  const isSingle = replicas === 1 && !global;
  const output = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* taskOutput(client, id, isSingle, ended.signal, signal);
    } finally {
      isRead();
    }
  };
  return { output: output(), exitCode };
}

async function specOf(options: RunContainerOptions, request: RequestIdentifier): Promise<ServiceSpec> {
  const { name, image, command, arguments: args = [], replicas = 1, global = false, constraints = [] } = options;
  // identifiers of requests have characters that names of services must not end with
  const digest = createHash("sha256").update(request.toString()).digest("hex").slice(0, 32);
  return {
    Name: `job-${digest}`,
    Labels: await jobLabels(name),
    Mode: global ? { GlobalJob: {} } : { ReplicatedJob: { MaxConcurrent: replicas, TotalCompletions: replicas } },
    TaskTemplate: {
      ContainerSpec: { Image: image, Args: [...args], ...(command && { Command: [command] }) },
      RestartPolicy: { Condition: "none" },
      Placement: { Constraints: [...constraints] },
    },
  };
}

/** Waits until a task has begun, or until it is too late. @throws an error if it cannot. */
async function begun(tasksOf: () => Promise<Task[]>, end: number, signal: AbortSignal): Promise<void> {
  while (monotonicTime() < end) {
    const tasks = await tasksOf();
    const failed = tasks.find(isUnable);
    if (failed) throw jobError(JobFailure.Error, `Unable to run this job: ${failed.Status.Err ?? failed.Status.Message ?? ""}`);
    if (tasks.some(({ Status }) => Status.State === "running" || Status.State === "complete" || Status.State === "failed"))
      return;
    await pause(INTERVAL, signal);
  }
}

/** Whether a task has ended without having run: its node could not start it. */
function isUnable({ Status }: Task): boolean {
  if (Status.State === "rejected" || Status.State === "orphaned") return true;
  return Status.State === "failed" && !/non-zero exit/.test(Status.Err ?? "");
}

/** Returns the tasks of a job when all have ended; undefined if they have not in time. */
async function completed(
  tasksOf: () => Promise<Task[]>,
  count: number,
  end: number,
  signal: AbortSignal,
): Promise<Task[] | undefined> {
  while (monotonicTime() < end) {
    const tasks = await tasksOf();
    if (tasks.length >= count && !tasks.some(isAlive)) return tasks;
    await pause(INTERVAL, signal);
  }
  return undefined;
}

/** Returns the first exit code that is not 0. @throws an error if a task was not run. */
function codeOf(tasks: readonly Task[]): number {
  const unable = tasks.find(isUnable);
  if (unable) throw jobError(JobFailure.Error, `Unable to run this job: ${unable.Status.Err ?? unable.Status.Message ?? ""}`);
  return tasks.map(({ Status }) => Status.ContainerStatus?.ExitCode ?? 0).find((code) => code !== 0) ?? 0;
}

/** Removes the jobs of processes that have ended. */
export async function removeForgotten(client: Client, signal: AbortSignal): Promise<void> {
  const services = await client.listServices({ filters: { label: JOB_LABEL } }, { signal });
  for (const { ID, Spec } of services) if (await isForgotten(Spec.Labels)) await remove(client, ID);
}

/** Removes a job. Nodes keep the containers of jobs that have ended: those of this engine are removed. */
async function remove(client: Client, id: string): Promise<void> {
  await client.removeService({ id });
  const containers = await client.listContainers({ all: true, filters: { label: `com.docker.swarm.service.id=${id}` } });
  // a node that stops a task removes its container at the same time
  for (const { Id } of containers)
    await client.removeContainer({ id: Id, force: true, removeVolumes: true }).catch(() => undefined);
}
