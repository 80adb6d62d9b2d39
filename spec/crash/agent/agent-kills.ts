import { mkdir, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { BOX } from "../../support/box-archive.js";
import { folder } from "../bundle.js";
import { EngineProcess } from "../process.js";
import { Random } from "../random.js";
import { baseArchive } from "../registry.js";
import type { Report } from "../report.js";
import { AgentProcess, type AgentSettings } from "./agent-process.js";
import { type Asked, type Caller, callOn, make, settle } from "./calls.js";
import { ImageSource, STRANGE, TAKEN } from "./image-service.js";
import { checkKeys, labelOf } from "./keys-file.js";

/** The callers, each with guests of its own. */
const callers = ["one", "two", "three"];

/** The longest time from the start of the calls to the kill, in milliseconds. */
const LONGEST_LOAD = 1_200;

/** How many earlier calls are repeated after each restart, besides those of the round. */
const REPEATED = 10;

/** How many guests a caller keeps from one round to the next. */
const KEPT = 3;

const OWNER_LABEL = "ts-dockerclient.agent.guest";
const KEY_LABEL = "ts-dockerclient.agent.key";

/** Everything of a run. */
interface Run {
  readonly engine: EngineProcess;
  readonly images: ImageSource;
  readonly settings: AgentSettings;
  readonly callers: readonly Caller[];
  readonly random: Random;
  readonly report: Report;
  /** The image that has the name of others. */
  readonly taken: string;
}

/** What an engine has: the IDs of containers by name, of images by name, and of images without one. */
interface Inventory {
  readonly containers: ReadonlyMap<string, string>;
  readonly images: ReadonlyMap<string, string>;
  readonly untagged: readonly string[];
}

/**
 * Kills an agent at random moments of its calls, and checks after each restart that an idempotency key gives the first outcome or
 * does the work once, and that nothing of the dead agent is left.
 */
export async function agentKills(dataRoot: string, rounds: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const engine = await EngineProcess.start(join(dataRoot, "engine"));
  await engine.client.loadImage({ inputStream: await baseArchive() });
  await engine.client.tagImage({ name: BOX, repo: TAKEN.split(":")[0] ?? "", tag: "latest" });
  const images = await ImageSource.start();
  const temporary = join(dataRoot, "temporary");
  await mkdir(temporary);
  const run: Run = {
    engine,
    images,
    settings: {
      engine: engine.client.endpoint,
      imageService: images.address,
      stateDirectory: join(dataRoot, "state"),
      temporary,
    },
    callers: callers.map((name) => ({
      name,
      random: new Random(random.below(2 ** 31)),
      asked: [],
      guests: new Set(),
      images: new Map(),
    })),
    random,
    report,
    taken: (await engine.client.inspectImage({ name: BOX })).Id,
  };
  let agent = await AgentProcess.start(run.settings);
  const sockets = await socketsOf(engine.pid);
  for (let number = 1; number <= rounds; number += 1) {
    agent = await round(run, agent, (fault) => report.fault(`round ${number}: ${fault}`));
    const asked = run.callers.flatMap((caller) => caller.asked);
    report.progress(`round ${number}: ${asked.length} calls`);
  }
  const code = await agent.kill("SIGTERM");
  if (code !== 0) report.fault(`the last agent ended with ${String(code)}`);
  for (const name of await left(run, true)) report.fault(`the last agent has left ${name}`);
  report.note(`sockets of the engine: ${sockets} with the first agent, ${await socketsOf(engine.pid)} after the last`);
  await images.close();
  await engine.kill("SIGTERM");
}

/** Makes calls until a kill, and checks what is left. Returns the next agent. */
async function round(run: Run, agent: AgentProcess, fault: (text: string) => void): Promise<AgentProcess> {
  const { engine, random, report, settings } = run;
  const before = run.callers.map(({ asked }) => asked.length);
  const load = Promise.all(run.callers.map((caller) => callOn(caller, agent.client)));
  await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LOAD)));
  if (!agent.isRunning) fault(`the agent ended by itself: ${agent.stderr}`);
  await agent.kill();
  for (const text of (await load).flat()) fault(text);
  if (agent.stderr !== "") fault(agent.stderr);
  const all = run.callers.flatMap(({ asked }) => asked);
  for (const text of await checkKeys(join(settings.stateDirectory, "idempotency-keys.ndjson"), all)) fault(text);
  const found = await inventory(engine);
  const next = await AgentProcess.start(settings);
  for (const name of await left(run, false)) fault(`${name} of the dead agent is left`);
  for (const [index, caller] of run.callers.entries()) {
    const fresh = caller.asked.slice(before[index]);
    const old = Array.from({ length: REPEATED }, () => random.of(caller.asked)).filter((one) => one !== undefined);
    for (const asked of new Set([...fresh, ...old]))
      for (const text of await repeat(run, caller, asked, found, next)) fault(text);
  }
  const now = await inventory(engine);
  for (const text of check(run, found, now)) fault(text);
  await tidy(run, now);
  report.count("kills");
  return next;
}

/** Makes a call again with its key. Returns what is wrong. */
async function repeat(run: Run, caller: Caller, asked: Asked, found: Inventory, agent: AgentProcess): Promise<string[]> {
  const { report, images, random } = run;
  const { kind, id, outcome } = asked;
  const downloads = images.downloads.get(id) ?? 0;
  const again = await make(asked, agent.client, random.below(2) === 0);
  const isDownloaded = (images.downloads.get(id) ?? 0) > downloads;
  if (outcome !== undefined) {
    report.count("first outcomes repeated");
    if (isDownloaded) return [`${kind} ${id} was answered, and yet downloads again`];
    return again === outcome ? [] : [`${kind} ${id} first gave ${outcome}, then ${again}`];
  }
  report.count(`cut off: ${kind}`);
  settle(caller, asked, again);
  if (again.startsWith("refused")) return [`${kind} ${id} was cut off, and is then ${again}`];
  const isThere = caller.images.get(id)?.some((name) => found.images.has(name)) ?? false;
  return isThere && isDownloaded ? [`${kind} ${id} was there, and yet downloads again`] : [];
}

async function inventory({ client }: EngineProcess): Promise<Inventory> {
  const containers = await client.listContainers({ all: true });
  const images = await client.listImages();
  const untagged = images.filter(({ RepoTags }) => RepoTags.length === 0 || RepoTags[0] === "<none>:<none>");
  return {
    untagged: untagged.map(({ Id }) => Id),
    containers: new Map(containers.map(({ Id, Names }) => [(Names[0] ?? "").slice(1), Id])),
    images: new Map(images.flatMap(({ Id, RepoTags }) => RepoTags.map((name): [string, string] => [name, Id]))),
  };
}

/** Compares what the engine has with what callers asked for, and with what it had before the calls were repeated. */
function check({ callers: all, taken }: Run, before: Inventory, now: Inventory): string[] {
  const faults: string[] = [];
  const guests = new Set(all.flatMap((caller) => [...caller.guests]));
  for (const name of now.containers.keys()) if (!guests.has(name)) faults.push(`the container ${name} is nobody's`);
  for (const name of guests) {
    const id = now.containers.get(name);
    if (id === undefined) faults.push(`the guest ${name} is gone`);
    else if ((before.containers.get(name) ?? id) !== id) faults.push(`the guest ${name} was created twice`);
  }
  const names = new Set([BOX, TAKEN, ...all.flatMap((caller) => [...caller.images.values()].flat())]);
  for (const name of names) {
    const id = now.images.get(name);
    if (id === undefined) faults.push(`the image ${name} is gone`);
    else if (before.images.has(name) && name !== TAKEN && before.images.get(name) !== id)
      faults.push(`${name} was imported twice`);
  }
  for (const name of now.images.keys())
    if (!names.has(name)) faults.push(name === STRANGE ? `${name} got an image` : `the image ${name} is nobody's`);
  for (const id of now.untagged) faults.push(`the image ${id} has no name`);
  if (now.images.get(TAKEN) !== taken) faults.push(`${TAKEN} is another image`);
  return faults;
}

/** Checks the labels of all guests, and removes most of what the callers have. */
async function tidy({ engine, callers: all, report }: Run, { containers, images }: Inventory): Promise<void> {
  const { client } = engine;
  for (const caller of all) {
    for (const [index, id] of [...caller.guests].entries()) {
      if (!containers.has(id)) continue;
      const { Labels } = (await client.inspectContainer({ id })).Config;
      const key = caller.asked.find((asked) => asked.id === id && asked.kind.startsWith("create"))?.key ?? "";
      if (Labels?.[OWNER_LABEL] !== id || Labels[KEY_LABEL] !== labelOf(key))
        report.fault(`the guest ${id} has the labels ${JSON.stringify(Labels)}`);
      report.count("labels checked");
      if (index < KEPT) continue;
      await client.removeContainer({ id, force: true });
      caller.guests.delete(id);
    }
    for (const name of [...caller.images.values()].flat()) if (images.has(name)) await client.removeImage({ name });
    caller.images.clear();
  }
}

/** Returns what an agent has left in its folders, besides what is to stay. */
async function left({ settings: { temporary, stateDirectory } }: Run, isClosed: boolean): Promise<string[]> {
  const state = await readdir(stateDirectory);
  const sockets = (await readdir(folder)).filter((name) => name.startsWith("agent.sock"));
  return [
    ...(await readdir(temporary)),
    ...state.filter((name) => name !== "idempotency-keys.ndjson" && !/^agent\.\d+\.lock$/.test(name)),
    ...(isClosed ? sockets : sockets.slice(1)),
  ];
}

/** The number of sockets that a process has open, where the system says so. */
async function socketsOf(pid: number): Promise<number | string> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => undefined);
  if (!files) return "unknown";
  const targets = await Promise.all(files.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
  return targets.filter((target) => target.startsWith("socket:")).length;
}
