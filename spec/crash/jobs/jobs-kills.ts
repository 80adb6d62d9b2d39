import { join } from "node:path";
import { JobQueueFullError } from "../../../lib/jobs/errors.js";
import { RequestIdentifier } from "../../../lib/jobs/request-identifier.js";
import { containerPortsRequest } from "../../../lib/jobs/requests/container-details.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import type { JobRequest } from "../../../lib/jobs/requests/request.js";
import { BOX } from "../../support/box-archive.js";
import { EngineProcess } from "../process.js";
import { Random } from "../random.js";
import { baseArchive } from "../registry.js";
import type { Report } from "../report.js";
import { JobsProcess } from "./jobs-process.js";

/** The containers that are installed again and again, at once. */
const ids = ["one-1", "two-2", "three-3"];

/** The longest time from the start of the installations to the kill, in milliseconds. */
const LONGEST_LOAD = 1_200;

/** A container, and what its caller knows of it. */
interface Installed {
  readonly id: string;
  /** The version that was installed last, as far as its caller knows. 0 before the first one. */
  known: number;
  /** The installation whose answer has not come. */
  asked: { readonly version: number; readonly request: RequestIdentifier } | undefined;
  versions: number;
}

/**
 * Kills a server of jobs at random moments of its installations, and checks after each restart that the old or the new container
 * serves, that nothing of the installation is left, and that the same request leads to its end.
 */
export async function jobsKills(dataRoot: string, rounds: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const engine = await EngineProcess.start(join(dataRoot, "engine"));
  await engine.client.loadImage({ inputStream: await baseArchive() });
  const containers = ids.map((id): Installed => ({ id, known: 0, asked: undefined, versions: 0 }));
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
  report.note(`installations: ${containers.map(({ id, versions }) => `${id} ${versions}`).join(", ")}`);
  await engine.kill("SIGTERM");
}

/** A container that says its version, and ends when it is told to. */
function requestFor(id: string, version: number): JobRequest {
  const command = ["sh", "-c", `echo version ${version}; trap 'exit 0' TERM; sleep 1000 & wait`];
  return installContainerRequest({ id, image: BOX, command, ports: [{ internal: 80 }], started: true });
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
  const { id, known, asked } = container;
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
  } else if (known > 0) faults.push(`${id} is gone`);
  if (!asked) return faults;
  await jobs.client.run(requestFor(id, asked.version), { id: asked.request });
  container.known = asked.version;
  container.asked = undefined;
  report.count("installations that were cut off and then done");
  const [after, ...others] = await client.listContainers({ all: true, filters: { label: `ts-dockerclient.jobs.id=${id}` } });
  const isRight = after?.State === "running" && after.Command.includes(`version ${asked.version};`) && others.length === 0;
  if (!isRight) faults.push(`${id} is ${String(after?.State)} with ${String(after?.Command)} after its installation`);
  return faults;
}
