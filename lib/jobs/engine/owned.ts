import type { Client, ContainerSummary } from "../../index.js";
import { type Definition, definitionOf, ID_LABEL, REQUEST_LABEL } from "../containers/definition.js";
import type { JobContainer, JobContainerState } from "../models.js";
import type { Owner } from "../owner.js";
import { nameOf } from "../values/identifier.js";

/** The part that a container has in an installation: it serves, it is to take over, or it has been replaced. */
export type Role = "base" | "next" | "old";

/** The name that a container has in a part. No identifier leads to the same name as another part's: all base names begin alike. */
export function roleName(id: string, role: Role): string {
  return role === "base" ? nameOf(id) : `${role}-${nameOf(id)}`;
}

/** The definition of a container on an engine. */
export interface EngineDefinition extends Definition {
  /** Whether the container that it replaced was running. */
  readonly replacesRunning: boolean;
  /** The process that installed it. */
  readonly owner: Owner;
}

/** A container of the jobs, as the engine lists it. */
export interface Owned {
  /** The engine's ID. */
  readonly containerId: string;
  /** Its identifier. */
  readonly id: string;
  readonly role: Role;
  readonly request: string;
  readonly definition: EngineDefinition;
  readonly state: JobContainerState;
  /** The engine's words on the state, such as `Exited (1) 2 hours ago`. */
  readonly status: string;
  /** When it was created, in seconds since 1970. */
  readonly created: number;
}

/** Lists the containers of the jobs: all of them, or those with an identifier. */
export async function listOwned(client: Client, id?: string): Promise<Owned[]> {
  const label = id === undefined ? ID_LABEL : `${ID_LABEL}=${id}`;
  const containers = await client.listContainers({ all: true, filters: { label } });
  return containers.flatMap((container) => toOwned(container) ?? []);
}

/** Returns the container that serves under an identifier; undefined if there is none. */
export async function findBase(client: Client, id: string): Promise<Owned | undefined> {
  return (await listOwned(client, id)).find(({ role }) => role === "base");
}

function toOwned({ Id, Names, Labels, State, Status, Created }: ContainerSummary): Owned | undefined {
  const id = Labels[ID_LABEL];
  const definition = definitionOf(Labels) as EngineDefinition | undefined;
  if (id === undefined || !definition) return undefined;
  const names = Names.map((name) => name.replace(/^\//, ""));
  const role = (["base", "next", "old"] as const).find((each) => names.includes(roleName(id, each)));
  if (!role) return undefined;
  const request = Labels[REQUEST_LABEL] ?? "";
  return { containerId: Id, id, role, request, definition, state: stateOf(State), status: Status, created: Created };
}

const states: readonly JobContainerState[] = ["created", "running", "exited", "restarting", "paused", "removing"];

function stateOf(state: string): JobContainerState {
  return states.find((each) => each === state) ?? "exited"; // `dead` is what remains of a removal that failed
}

/** Whether a container runs, or is about to run again. */
export function isUp({ state }: Owned): boolean {
  return state === "running" || state === "restarting" || state === "paused";
}

/** Returns the state of a container in the words of systemd. */
export function rowOf(container: Owned): JobContainer {
  const [activeState, subState] = systemdState(container);
  const { id, definition } = container;
  const { deployment } = definition.options;
  const belongs = deployment === undefined ? {} : { deployment };
  return { id, activeState, subState, loadState: "loaded", digest: definition.digest, ...belongs };
}

function systemdState({ state, status }: Owned): readonly [activeState: string, subState: string] {
  if (state === "running") return status.includes("(health: starting)") ? ["activating", "start"] : ["active", "running"];
  if (state === "restarting") return ["activating", "auto-restart"];
  if (state === "paused") return ["active", "paused"];
  if (state === "removing") return ["deactivating", "stop"];
  const isDown = state === "created" || status.startsWith("Exited (0)");
  return isDown ? ["inactive", "dead"] : ["failed", "failed"];
}
