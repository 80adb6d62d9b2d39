import { expect, onTestFinished } from "vitest";
import { NoSuchServiceError } from "../../lib/errors/swarm-errors.js";
import type { ContainerSpec } from "../../lib/types/container-spec.js";
import type { ServiceSpec } from "../../lib/types/service.js";
import type { TaskSpec } from "../../lib/types/task-spec.js";
import { client, IMAGE, uniqueName } from "./engine.js";

/** One second in nanoseconds, Docker's unit of time. */
export const second = 1_000_000_000;

/** Returns a command that runs the given ones, then waits for SIGTERM. */
export const staying = (...commands: string[]): string[] => [
  "sh",
  "-c",
  [...commands, "trap 'exit 0' TERM", "sleep 600 & wait"].join("; "),
];

/** Settings that make updates start and fail quickly. */
const quickly: Pick<ServiceSpec, "UpdateConfig" | "RollbackConfig"> = {
  UpdateConfig: { Parallelism: 0, Monitor: second },
  RollbackConfig: { Parallelism: 0, Monitor: second },
};

/** Settings that differ from those of a service with one long-running task. */
export interface ServiceParts extends Omit<ServiceSpec, "TaskTemplate"> {
  task?: TaskSpec;
  container?: ContainerSpec;
}

export function specOf({ task, container, ...more }: ServiceParts = {}): ServiceSpec {
  return {
    Name: uniqueName("service"),
    ...quickly,
    ...more,
    TaskTemplate: {
      ...task,
      ContainerSpec: { Image: IMAGE, Command: staying(), StopGracePeriod: 2 * second, ...container },
    },
  };
}

const ownedBy = (id: string) => ({ all: true, filters: { label: `com.docker.swarm.service.id=${id}` } });

async function removeContainers(id: string): Promise<void> {
  for (const { Id } of await client.listContainers(ownedBy(id))) await client.removeContainer({ id: Id, force: true });
}

/** Removes a service and waits until all its containers are gone. Removes the containers too if the engine keeps them. */
export async function removed(id: string, kept = false): Promise<void> {
  try {
    await client.removeService({ id });
  } catch (error) {
    // the test may have removed it itself
    if (!(error instanceof NoSuchServiceError)) throw error;
  }
  const containers = async () => {
    if (kept) await removeContainers(id);
    return (await client.listContainers(ownedBy(id))).map(({ Names, Status }) => [...Names, Status]);
  };
  await expect.poll(containers, { timeout: 30_000 }).toEqual([]);
}

/** Creates a service that is removed after the test with all its containers. Returns its ID. */
export async function service(parts: ServiceParts = {}): Promise<string> {
  const { ID } = await client.createService({ spec: specOf(parts) });
  onTestFinished(async () => {
    // Docker does not remove the stopped containers of a job, and may start another task until the service is gone
    await removed(ID, (parts.Mode?.ReplicatedJob ?? parts.Mode?.GlobalJob) !== undefined);
  }, 60_000);
  return ID;
}

/** Creates a service and waits until it is running. Returns its ID. */
export async function runningService(parts: ServiceParts = {}): Promise<string> {
  const id = await service(parts);
  await client.waitForService({ id, stableFor: 0, interval: 100, timeout: 30_000 });
  return id;
}
