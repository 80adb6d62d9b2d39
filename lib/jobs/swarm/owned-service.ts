import type { Client, Service, Task } from "../../index.js";
import { type Definition, definitionOf, ID_LABEL, REQUEST_LABEL } from "../containers/definition.js";
import type { JobContainer, JobContainerState } from "../models.js";

/** The definition of a container on a swarm. */
export interface SwarmDefinition extends Definition {
  /** The paths whose content outlives the container. */
  readonly volumes: readonly string[];
  /** The node that has the volumes; undefined if there are none, or if the caller has said where the container runs. */
  readonly node?: string | undefined;
}

/** A service of the jobs. */
export interface OwnedService {
  /** The identifier of its container. */
  readonly id: string;
  readonly request: string;
  readonly definition: SwarmDefinition;
  readonly service: Service;
}

/** A constraint that no node fulfills: a service that runs on each node has no other way to stop. */
export const NOWHERE = "node.id == stopped";

/** Lists the services of the jobs: all of them, or the one with an identifier. */
export async function listOwned(client: Client, id?: string): Promise<OwnedService[]> {
  const services = await client.listServices({ filters: { label: id === undefined ? ID_LABEL : `${ID_LABEL}=${id}` } });
  return services.flatMap((service) => {
    const { Labels } = service.Spec;
    const of = Labels?.[ID_LABEL];
    const definition = definitionOf(Labels) as SwarmDefinition | undefined;
    if (of === undefined || !definition) return [];
    return [{ id: of, request: Labels?.[REQUEST_LABEL] ?? "", definition, service }];
  });
}

/** Returns the service that has an identifier; undefined if there is none. */
export async function findOwned(client: Client, id: string): Promise<OwnedService | undefined> {
  return (await listOwned(client, id))[0];
}

/** Whether a service is to run. */
export function isUp({ service: { Spec } }: OwnedService): boolean {
  if (Spec.Mode?.Replicated) return (Spec.Mode.Replicated.Replicas ?? 1) > 0;
  return !(Spec.TaskTemplate?.Placement?.Constraints ?? []).includes(NOWHERE);
}

/** The states of tasks that have not ended. */
const alive: ReadonlySet<string | undefined> = new Set([
  "new",
  "pending",
  "allocated",
  "assigned",
  "accepted",
  "preparing",
  "ready",
  "starting",
  "running",
]);

/** Whether a task has a container, or will have one. */
export const isAlive = ({ Status }: Task): boolean => alive.has(Status.State);

/** Whether a task serves. */
export const isRunning = ({ Status, DesiredState }: Task): boolean => Status.State === "running" && DesiredState === "running";

/** Returns the state of a container from the tasks of its service. */
export function stateOf(owned: OwnedService, tasks: readonly Task[]): JobContainerState {
  if (isUp(owned)) return tasks.some(isRunning) ? "running" : "restarting";
  return tasks.some(({ Status }) => Status.State === "running") ? "removing" : "exited";
}

/**
 * Returns the row of a list: the states of tasks in the words of systemd.
 *
 * @param hostnames - the names of the nodes by ID.
 */
export function rowOf(owned: OwnedService, tasks: readonly Task[], hostnames: ReadonlyMap<string, string>): JobContainer {
  const { id, definition } = owned;
  const [activeState, subState] = systemdState(owned, tasks);
  const { deployment } = definition.options;
  const nodes = new Set(tasks.filter(isRunning).map(({ NodeID = "" }) => hostnames.get(NodeID) ?? NodeID));
  return {
    id,
    activeState,
    subState,
    loadState: "loaded",
    digest: definition.digest,
    ...(deployment !== undefined && { deployment }),
    ...(nodes.size > 0 && { server: [...nodes].sort().join(",") }),
  };
}

/** Returns the states of a service in the words of systemd. */
export function systemdState(owned: OwnedService, tasks: readonly Task[]): readonly [activeState: string, subState: string] {
  const state = stateOf(owned, tasks);
  if (state === "running") return ["active", "running"];
  if (state === "removing") return ["deactivating", "stop"];
  if (state === "exited") return ["inactive", "dead"];
  const [newest] = byAge(tasks);
  const word = newest?.Status.State ?? "new";
  if (newest && isAlive(newest)) {
    // a task that waits for its turn after others that failed is the restart of them
    const failed = tasks.some(({ Status }) => Status.State === "failed" || Status.State === "rejected");
    return ["activating", failed ? "auto-restart" : word];
  }
  return word === "failed" || word === "rejected" || word === "orphaned" ? ["failed", "failed"] : ["activating", "start"];
}

/** Returns the tasks of a service. */
export function tasksOf(client: Client, { service }: OwnedService): Promise<Task[]> {
  return client.listTasks({ filters: { service: service.ID } });
}

/** Returns the names of the nodes by ID. */
export async function hostnamesOf(client: Client): Promise<ReadonlyMap<string, string>> {
  const nodes = await client.listNodes();
  return new Map(nodes.map(({ ID, Description }) => [ID, Description.Hostname ?? ID]));
}

/** Returns tasks with the newest ones first. */
export function byAge(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((one, other) => (one.CreatedAt < other.CreatedAt ? 1 : -1));
}
