import type { Dispatcher } from "../dispatcher.js";
import { JobQueueFullError } from "../errors.js";
import type { JobContainer } from "../models.js";
import { pause } from "../pause.js";
import { deleteContainerRequest } from "../requests/container-state.js";
import { installContainerRequest, PENDING_PORTS } from "../requests/install-container.js";
import { listContainersRequest } from "../requests/lists.js";
import type { JobRequest } from "../requests/request.js";
import type { JobResult } from "../response/collect.js";
import { PortMapping, type PortPair } from "../values/ports.js";
import type { Deployment } from "./deployment.js";
import { type DeploymentStep, planDeployment } from "./plan.js";

/** Runs requests: a {@link Dispatcher} or a {@link JobClient}. @category Jobs */
export type JobRunner = Pick<Dispatcher, "run">;

/** Options of {@link applyDeployment} and {@link removeDeployment}. @category Jobs */
export interface ApplyOptions {
  /** Ends the work after the step that is being done. */
  signal?: AbortSignal | undefined;
  /** Called before and after each step that changes something. */
  onProgress?: ((progress: DeploymentProgress) => void) | undefined;
  /** Whether the volumes of containers that are removed go with them. false by default. */
  removeVolumes?: boolean | undefined;
}

/** Where a deployment is. @category Jobs */
export interface DeploymentProgress {
  /** The step. */
  readonly step: DeploymentStep;
  /** Whether it is done. */
  readonly isDone: boolean;
  /** Number of the step: from 1 on. */
  readonly current: number;
  /** How many steps change something. */
  readonly total: number;
}

/** What a deployment has come to. @category Jobs */
export interface DeploymentResult {
  /** The steps that were planned. */
  readonly steps: readonly DeploymentStep[];
  /** The ports of the containers that were installed or replaced, by identifier. */
  readonly ports: ReadonlyMap<string, readonly PortPair[]>;
}

/**
 * Makes the containers of a deployment what it says: installs those that are missing, replaces those that differ, and removes those
 * that it no longer has. Containers that are right already are left alone.
 *
 * @throws the error of the first step that fails. What was done before stays: the same call again continues there.
 * @category Jobs
 */
export async function applyDeployment(
  jobs: JobRunner,
  deployment: Deployment,
  options: ApplyOptions = {},
): Promise<DeploymentResult> {
  const steps = planDeployment(deployment, await existing(jobs, options));
  const ports = await carryOut(jobs, steps, options);
  return { steps, ports };
}

/**
 * Removes the containers of a deployment.
 *
 * @param name - name of the deployment.
 * @category Jobs
 */
export async function removeDeployment(jobs: JobRunner, name: string, options: ApplyOptions = {}): Promise<DeploymentResult> {
  const steps = planDeployment({ name, containers: [] }, await existing(jobs, options));
  return { steps, ports: await carryOut(jobs, steps, options) };
}

async function existing(jobs: JobRunner, { signal }: ApplyOptions): Promise<readonly JobContainer[]> {
  return (await jobs.run(listContainersRequest({ includeInactive: true }), { signal })).data.containers;
}

async function carryOut(
  jobs: JobRunner,
  steps: readonly DeploymentStep[],
  { signal, onProgress, removeVolumes = false }: ApplyOptions,
): Promise<Map<string, readonly PortPair[]>> {
  const ports = new Map<string, readonly PortPair[]>();
  const changes = steps.filter(({ action }) => action !== "keep");
  for (const [index, step] of changes.entries()) {
    const progress = { step, current: index + 1, total: changes.length };
    onProgress?.({ ...progress, isDone: false });
    if (step.action === "remove") await patiently(jobs, deleteContainerRequest({ id: step.id, removeVolumes }), signal);
    else if (step.action !== "keep") {
      const { pending } = await patiently(jobs, installContainerRequest(step.options), signal);
      const mapping = pending.get(PENDING_PORTS);
      if (mapping instanceof PortMapping) ports.set(step.id, mapping.pairs);
    }
    onProgress?.({ ...progress, isDone: true });
  }
  return ports;
}

/** How long a request waits before it is sent again to a server that had no room, in milliseconds. */
const PATIENCE = 500;

/** Runs a request, as often as it takes until there is room for it. */
async function patiently(jobs: JobRunner, request: JobRequest, signal: AbortSignal | undefined): Promise<JobResult> {
  for (;;) {
    try {
      return await jobs.run(request, { signal });
    } catch (error) {
      if (!(error instanceof JobQueueFullError)) throw error;
    }
    await pause(PATIENCE, signal);
  }
}
