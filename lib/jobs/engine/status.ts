import type { ContainerInspect } from "../../index.js";
import { nameOf } from "../values/identifier.js";
import { portPairsText } from "../values/ports.js";
import { type Owned, rowOf } from "./owned.js";

/** Writes the status of a container for people. */
export function statusText(container: Owned, { State, Image, Config }: ContainerInspect): string {
  const { id, containerId, request, definition } = container;
  const { activeState, subState, loadState } = rowOf(container);
  const isRunning = State.Running;
  const since = isRunning ? State.StartedAt : State.FinishedAt;
  const lines: readonly (readonly [name: string, value: string])[] = [
    ["Loaded", `${loadState} (request ${request})`],
    ["Active", `${activeState} (${subState})${hasTime(since) ? ` since ${since}` : ""}`],
    ...(isRunning ? [["Main PID", String(State.Pid)] as const] : [["Exit Code", String(State.ExitCode)] as const]),
    ["Image", `${Config.Image} (${Image.replace(/^sha256:/, "").slice(0, 12)})`],
    ["Container", containerId.slice(0, 12)],
    ...(definition.ports.length > 0 ? [["Ports", portPairsText(definition.ports)] as const] : []),
    ...(State.Error ? [["Error", State.Error] as const] : []),
  ];
  return `${nameOf(id)}\n${lines.map(([name, value]) => `${name.padStart(12)}: ${value}\n`).join("")}`;
}

/** The engine has a time for what has not happened yet. */
function hasTime(time: string | undefined): time is string {
  return time !== undefined && time !== "" && !time.startsWith("0001-");
}
