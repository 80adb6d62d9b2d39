import type { Client } from "../../../lib/client.js";
import type { ContainerConfig } from "../../../lib/types/container-config.js";
import type { HostConfig } from "../../../lib/types/host-config.js";
import { numberedLine } from "./numbered-lines.js";

/** What a container of the crew does. */
type Duty = "writes" | "reads" | "has a terminal";

/** A container that runs while its engine is killed. */
export interface Member {
  readonly id: string;
  readonly duty: Duty;
  /** Its exit code, when it is told to end. */
  readonly code: number;
  /** Whether it is started again when it has failed, once. */
  readonly isRestarted: boolean;
  /** Its first process on this machine. */
  readonly pid: number;
  /** The port of the machine at which it serves a page; undefined if it serves none. */
  readonly port: string | undefined;
}

/** How many containers have each duty. */
const crew: Readonly<Record<Duty, number>> = { writes: 10, reads: 5, "has a terminal": 5 };

/** Writes numbered lines without an end: one at a time, or in bursts, which fill the pipe. */
const writer = (code: number, burst: number): string => `
  trap 'echo "wrote $i"; exit ${code}' TERM
  echo page >/page; httpd -p 80 -h /
  i=0
  while :; do
    j=0
    while [ $j -lt ${burst} ]; do i=$((i + 1)); j=$((j + 1)); echo "${numberedLine("$i")}"; done
    sleep 0.1
  done`;

/** Answers each line, until it is told to end. */
const reader = (code: number): string => `
  while read -r line; do
    [ "$line" != end ] || exit ${code}
    echo "got $line"
  done
  exit 1`;

/** Answers each line with the size of its terminal too. */
const terminal = (code: number): string => `
  while read -r line; do
    [ "$line" != end ] || exit ${code}
    echo "got $line at $(stty size)"
  done
  exit 1`;

/** Returns what the engine is asked for. */
function requestOf(duty: Duty, number: number, code: number): { config: ContainerConfig; hostConfig: HostConfig } {
  const common = (script: string): ContainerConfig => ({ Image: "busybox:latest", Cmd: ["sh", "-c", script] });
  const RestartPolicy = { Name: "on-failure", MaximumRetryCount: 1 } as const;
  if (duty === "reads")
    return { config: { ...common(reader(code)), OpenStdin: true }, hostConfig: number === 0 ? { RestartPolicy } : {} };
  if (duty === "has a terminal") return { config: { ...common(terminal(code)), OpenStdin: true, Tty: true }, hostConfig: {} };
  const Healthcheck = { Test: ["CMD", "true"], Interval: 300_000_000 };
  return {
    config: { ...common(writer(code, number % 2 === 0 ? 1 : 200)), Healthcheck },
    hostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1" }] } },
  };
}

/** Starts all containers. */
export async function startCrew(client: Client): Promise<Member[]> {
  const members: Member[] = [];
  for (const [duty, count] of Object.entries(crew) as [Duty, number][])
    for (let number = 0; number < count; number += 1) {
      const code = 10 + members.length;
      const request = requestOf(duty, number, code);
      const { Id: id } = await client.createContainer(request);
      await client.startContainer({ id });
      const { State, NetworkSettings } = await client.inspectContainer({ id });
      const port = NetworkSettings.Ports?.["80/tcp"]?.[0]?.HostPort;
      members.push({ id, duty, code, isRestarted: request.hostConfig.RestartPolicy !== undefined, pid: State.Pid, port });
    }
  return members;
}
