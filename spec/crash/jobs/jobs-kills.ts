import { join } from "node:path";
import { JobQueueFullError } from "../../../lib/jobs/errors.js";
import { RequestIdentifier } from "../../../lib/jobs/request-identifier.js";
import { containerPortsRequest } from "../../../lib/jobs/requests/container-details.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import type { JobRequest } from "../../../lib/jobs/requests/request.js";
import { EngineProcess } from "../process.js";
import { Random } from "../random.js";
import type { Report } from "../report.js";
import { Caller } from "./caller.js";
import { JobsProcess } from "./jobs-process.js";

/** The containers that are installed again and again, at once. */
const ids = ["one-1", "two-2", "three-3"];

/** The longest time from the start of the installations to the kill, in milliseconds. */
const LONGEST_LOAD = 1_200;

/** How long a container must answer each request after a restart, in milliseconds. */
const STEADY = 150;

/** A container, and what its caller knows of it. */
interface Installed {
  readonly id: string;
  /** Asks it all the time. */
  readonly caller: Caller;
  /** The version that was installed last, as far as its caller knows. 0 before the first one. */
  known: number;
  /** The installation whose answer has not come. */
  asked: { readonly version: number; readonly request: RequestIdentifier } | undefined;
  versions: number;
}

/**
 * Kills a server of jobs at random moments of its installations, and checks after each restart that the old or the new container
 * serves, as callers find who ask all the time, that nothing of the installation is left, and that the same request leads to its end.
 */
export async function jobsKills(dataRoot: string, rounds: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const engine = await EngineProcess.start(join(dataRoot, "engine"), { standardImages: ["busybox"] });
  const containers = ids.map((id): Installed => ({ id, caller: new Caller(), known: 0, asked: undefined, versions: 0 }));
  const start = (): Promise<JobsProcess> => JobsProcess.start(engine.client.endpoint, join(dataRoot, "state"));
  let jobs = await start();
  for (let round = 1; round <= rounds; round += 1) {
    const fault = (text: string): void => report.fault(`round ${round}: ${text}`);
    const load = Promise.all(containers.map((container) => installUntilKilled(container, jobs)));
    await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LOAD)));
    if (!jobs.isRunning) fault(`the server ended by itself: ${jobs.stderr}`);
    await jobs.kill();
    for (const text of await load) if (text !== undefined) fault(text);
    if (jobs.stderr !== "") fault(jobs.stderr);
    jobs = await start();
    for (const container of containers) for (const text of await check(container, engine, jobs, report)) fault(text);
    report.count("kills");
    report.progress(`round ${round}: ${containers.map(({ versions }) => versions).join(" ")} installations`);
  }
  const code = await jobs.kill("SIGTERM");
  if (code !== 0) report.fault(`the last server ended with ${String(code)}`);
  for (const { id, caller } of containers) {
    await caller.end();
    report.note(
      `${id}: ${caller.answered} requests answered, ${caller.failed} while it was replaced or its server was dead, ` +
        `at most ${Math.round(caller.longestGap)} ms without an answer`,
    );
  }
  report.note(`installations: ${containers.map(({ id, versions }) => `${id} ${versions}`).join(", ")}`);
  await engine.kill("SIGTERM");
}

/** A container that serves its version, and ends when it is told to. */
function requestFor(id: string, version: number): JobRequest {
  const serve = "trap 'exit 0' TERM; httpd -f -p 80 -h /www & wait";
  const command = ["sh", "-c", `mkdir -p /www; echo version ${version} > /www/index.html; ${serve}`];
  return installContainerRequest({ id, image: "busybox", command, ports: [{ internal: 80 }], started: true });
}

/** Installs one version after the other. Returns what was wrong before the server was killed. */
async function installUntilKilled(container: Installed, jobs: JobsProcess): Promise<string | undefined> {
  for (;;) {
    const version = (container.versions += 1);
    const request = new RequestIdentifier();
    container.asked = { version, request };
    try {
      await jobs.client.run(requestFor(container.id, version), { id: request });
    } catch (error) {
      if (!jobs.isRunning || isCutOff(error)) return undefined;
      if (error instanceof JobQueueFullError) continue;
      return `${container.id}: ${String(error)}, caused by ${String((error as Error).cause)}`;
    }
    container.known = version;
    container.asked = undefined;
  }
}

/** Whether a request failed because the server was killed. */
function isCutOff(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return ["ECONNRESET", "ECONNREFUSED", "ENOENT", "EPIPE"].includes(String(cause?.code));
}

/** Checks a container after a restart, and ends its installation. Returns what is wrong. */
async function check(container: Installed, { client }: EngineProcess, jobs: JobsProcess, report: Report): Promise<string[]> {
  const { id, caller, known, asked } = container;
  const faults: string[] = [];
  const found = await client.listContainers({ all: true, filters: { label: `ts-dockerclient.jobs.id=${id}` } });
  const names = found.map(({ Names }) => Names.join());
  const allowed = [known, asked?.version ?? known];
  if (found.length > 1) faults.push(`${id} has the containers ${names.join(", ")}`);
  const [one] = found;
  if (one) {
    const version = Number(/version (\d+)/.exec(one.Command)?.[1]);
    if (names[0] !== `/ctr-${id}`) faults.push(`${id} is ${names.join()}`);
    if (one.State !== "running") faults.push(`${id} is ${one.State}`);
    if (!allowed.includes(version)) faults.push(`${id} has version ${version} instead of ${allowed.join(" or ")}`);
    report.count(version === asked?.version ? "the new one serves" : "the old one serves");
    const reserved = (await jobs.client.run(containerPortsRequest({ id }))).data.ports.map(({ external }) => external);
    const published = one.Ports.map(({ PublicPort }) => PublicPort);
    if (!reserved.every((port) => published.includes(port)))
      faults.push(`${id} publishes ${published.join()}, not ${reserved.join()}`);
    [caller.port] = reserved;
    const first = await caller.next();
    if (first === undefined) faults.push(`${id} does not answer`);
    const { answers, failed } = await caller.during(STEADY);
    if (failed > 0) faults.push(`${id} did not answer ${failed} times after it had answered`);
    for (const answer of [first, ...answers])
      if (answer !== `version ${version}`) faults.push(`${id} answers ${String(answer)} instead of version ${version}`);
  } else if (known > 0) faults.push(`${id} is gone`);
  if (!asked) return faults;
  await jobs.client.run(requestFor(id, asked.version), { id: asked.request });
  container.known = asked.version;
  container.asked = undefined;
  report.count("installations that were cut off and then done");
  const [after, ...others] = await client.listContainers({ all: true, filters: { label: `ts-dockerclient.jobs.id=${id}` } });
  const isRight = after?.State === "running" && after.Command.includes(`version ${asked.version} `) && others.length === 0;
  if (!isRight) faults.push(`${id} is ${String(after?.State)} with ${String(after?.Command)} after its installation`);
  if (isRight && caller.port !== undefined && (await caller.next()) !== `version ${asked.version}`)
    faults.push(`${id} does not answer version ${asked.version} after its installation`);
  return faults;
}
