import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { match } from "./match.js";
import type { Check } from "./transcript.js";

/** The time that a command may take, in milliseconds. */
const LIMIT = 60_000;

/** How long a command is repeated, in milliseconds. */
const PATIENCE = 30_000;

/** Versions that conditions compare. */
type Versions = Readonly<Record<string, string>>;

/** What a command did. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; undefined when it was killed because it took too long. */
  readonly status: number | undefined;
}

/** A check after its run. */
export interface Result {
  readonly check: Check;
  readonly outcome: Outcome | undefined;
  readonly passed: boolean;
  /** The condition that is not met. */
  readonly skipped: string | undefined;
}

/** Where the commands of an area run. */
export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly versions: Versions;
}

/** Runs a command in bash, and kills what it leaves running in its process group. */
export async function runCommand(command: string, { folder, env }: Omit<Place, "versions">): Promise<Outcome> {
  const child = spawn("bash", ["-c", command], { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const killAll = (): void => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // nothing is left
    }
  };
  const timer = setTimeout(killAll, LIMIT);
  child.once("exit", killAll);
  const [status] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { ...output, status: status ?? undefined };
}

/** Compares dotted versions by number. */
function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(/[^\d]+/).map(Number)) as [number[], number[]];
  for (const [index, value] of right.entries()) if (value !== left[index]) return (left[index] ?? 0) - value;
  return 0;
}

/** Returns whether a condition such as `cli>=23` is met. */
function isMet(condition: string, versions: Versions): boolean {
  const [, name = "", operator, version = ""] = /^(\w+)(>=|<)([\d.]+)$/.exec(condition) ?? [];
  const actual = versions[name];
  if (actual === undefined) throw new Error(`the condition ${condition} is not one of ${Object.keys(versions).join(", ")}`);
  const difference = compareVersions(actual, version);
  return operator === "<" ? difference < 0 : difference >= 0;
}

/** Runs one check, and adds what it captures to the variables. */
async function runCheck(check: Check, place: Place, variables: Record<string, string>): Promise<Result> {
  const skipped = check.conditions.find((condition) => !isMet(condition, place.versions));
  if (skipped !== undefined) return { check, outcome: undefined, passed: false, skipped };
  const env = { ...place.env, ...variables };
  const end = performance.now() + PATIENCE;
  for (;;) {
    const outcome = await runCommand(check.command, { ...place, env });
    const stdout = match(check.stdout, outcome.stdout, variables);
    const stderr = match(check.stderr, outcome.stderr, variables);
    const passed = stdout !== undefined && stderr !== undefined && outcome.status === check.status;
    if (passed || !check.repeats || performance.now() > end) {
      Object.assign(variables, stdout, stderr);
      return { check, outcome, passed, skipped: undefined };
    }
    await delay(100);
  }
}

/** Removes the containers, images, volumes and networks whose names contain the variable `ns`. */
const CLEAN_UP = `
docker ps -aq --filter name=$ns | xargs -r docker rm -fv
docker ps -aq --filter label=$ns | xargs -r docker rm -fv
docker network ls -q --filter name=$ns | xargs -r docker network rm
docker volume ls -q --filter name=$ns | xargs -r docker volume rm -f
docker volume ls -q --filter label=$ns | xargs -r docker volume rm -f
docker images --format '{{.Repository}}:{{.Tag}}' | grep "^[^:]*$ns" | grep -v '<none>' | xargs -r docker rmi -f
docker images -aq --filter label=$ns | xargs -r docker rmi -f
`;

/** Runs the checks of an area one after the other, in a folder of their own. */
export async function* runArea(name: string, checks: readonly Check[], place: Place): AsyncGenerator<Result, void> {
  const folder = `${place.folder}/${name}`;
  await mkdir(folder);
  const variables: Record<string, string> = { ns: `cli${process.pid}${name.replaceAll("-", "")}`, dir: folder };
  const own = { ...place, folder };
  try {
    for (const check of checks) yield await runCheck(check, own, variables);
  } finally {
    await runCommand(CLEAN_UP, { folder, env: { ...place.env, ...variables } });
  }
}
