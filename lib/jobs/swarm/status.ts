import type { Task } from "../../index.js";
import { portPairsText } from "../values/ports.js";
import { serviceName } from "./names.js";
import { byAge, isAlive, isRunning, isUp, type OwnedService, systemdState } from "./owned-service.js";
import { taskName } from "./service-log.js";

/** How many tasks that have ended a status has. */
const PAST = 5;

/** Writes the status of a container for people: that of its service, and of each of its tasks with its node. */
export function statusText(owned: OwnedService, tasks: readonly Task[], hostnames: ReadonlyMap<string, string>): string {
  const { id, request, definition, service } = owned;
  const { image, replicas = 1, global = false } = definition.options;
  const [activeState, subState] = systemdState(owned, tasks);
  const { State, Message } = service.UpdateStatus ?? {};
  const wanted = global ? "one on each node" : String(isUp(owned) ? replicas : 0);
  const current = byAge(tasks);
  const shown = [...current.filter(isAlive), ...current.filter((task) => !isAlive(task)).slice(0, PAST)];
  const lines: readonly (readonly [name: string, value: string])[] = [
    ["Loaded", `loaded (request ${request})`],
    ["Active", `${activeState} (${subState})`],
    ["Image", image],
    // it runs nowhere else, even if the node is down
    ...(definition.node === undefined ? [] : [["Volumes", `on ${hostnames.get(definition.node) ?? definition.node}`] as const]),
    ["Service", service.ID],
    ["Tasks", `${tasks.filter(isRunning).length} running, ${wanted} wanted`],
    ...(definition.ports.length > 0 ? [["Ports", portPairsText(definition.ports)] as const] : []),
    ...(State === undefined ? [] : [["Update", `${State}${Message ? `: ${Message}` : ""}`] as const]),
    ...shown.map((task) => [taskName(id, task, hostnames), taskText(task, hostnames)] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length), 12);
  return `${serviceName(id)}\n${lines.map(([name, value]) => `${name.padStart(width)}: ${value}\n`).join("")}`;
}

function taskText({ Status, NodeID = "" }: Task, hostnames: ReadonlyMap<string, string>): string {
  const { State = "", Timestamp, Err, ContainerStatus } = Status;
  const node = NodeID === "" ? "" : ` on ${hostnames.get(NodeID) ?? NodeID}`;
  const code = ContainerStatus?.ExitCode ? `, exit code ${ContainerStatus.ExitCode}` : "";
  return `${State}${node}${Timestamp ? ` since ${Timestamp}` : ""}${code}${Err ? `: ${Err}` : ""}`;
}
