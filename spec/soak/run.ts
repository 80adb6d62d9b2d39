// Calls an agent for a long time, while its engine is restarted five times:
//
//   npm run test:soak                    for thirty minutes
//   npm run test:soak -- --minutes 5     for five
//
// Calls may fail only while the engine is away, with errors that callers can tell, and the agent must not grow. Exits 1 if there is
// any fault.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ImageSource } from "../crash/agent/image-service.js";
import { folder } from "../crash/bundle.js";
import { EngineProcess } from "../crash/process.js";
import { Random } from "../crash/random.js";
import { baseArchive } from "../crash/registry.js";
import { Report } from "../crash/report.js";
import type { Held } from "./agent-program.js";
import { bury, type Caller, isTyped, liveOn } from "./life.js";
import { MeasuredAgent } from "./measured-agent.js";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, seed: { type: "string", default: String(Date.now() % 0x7fff_ffff) } },
});

/** How many callers call at once, how often the engine is restarted, and how long it is away, in milliseconds. */
const CALLERS = 6;
const RESTARTS = 5;
const AWAY = 3_000;

/** What an agent may hold more at the end than after the first part of the time, in bytes. */
const GROWTH = 8 * 1024 * 1024;

/** The keys and jobs that an agent keeps at most: they are filled before it is measured. */
const KEYS = 10_000;
const JOBS = 1_000;

const MB = 1024 * 1024;
const end = Date.now() + Number(values.minutes) * 60_000;
const random = new Random(Number(values.seed));
const report = new Report();
const dataRoot = join(folder, "engine");
const images = await ImageSource.start();
let engine = await EngineProcess.start(dataRoot);
await engine.client.loadImage({ inputStream: await baseArchive() });
const stateDirectory = join(folder, "state");
await mkdir(stateDirectory);
const agent = await MeasuredAgent.start({
  listen: `unix://${join(folder, "agent.sock")}`,
  endpoint: engine.client.endpoint,
  imageService: images.address,
  stateDirectory,
});

/** When the engine was last away: until forever while it is. */
let away = { from: 0, until: 0 };
let calls = 0;
let lives = 0;
const counted = (name: string): void => {
  calls += 1;
  report.count(name);
};

/** Leads one guest after the other until a time. */
async function callUntil(time: number, caller: Caller): Promise<void> {
  while (Date.now() < time) {
    const begin = Date.now();
    const id = `guest-${lives++}`;
    try {
      await liveOn(caller, id);
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (!isTyped(error)) report.fault(`an error without a type: ${text}`);
      else if (begin > away.until || Date.now() < away.from) report.fault(`the engine was there, and yet ${text}`);
      else report.count(`while the engine was away: ${(error as Error).name}`);
      while (!(await bury(caller, id))) await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Has all callers call until a time. */
async function load(time: number): Promise<void> {
  const callers = Array.from({ length: CALLERS }, (): Caller => ({ client: agent.client, random, count: counted }));
  await Promise.all(callers.map((caller) => callUntil(time, caller)));
}

async function restartEngine(number: number): Promise<void> {
  away = { from: Date.now(), until: Infinity };
  await engine.kill(number % 2 === 0 ? "SIGTERM" : "SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, AWAY));
  engine = await EngineProcess.start(dataRoot);
  away = { ...away, until: Date.now() };
  report.count("restarts of the engine");
}

/** Fills what an agent remembers, so that it grows no more. */
async function fill(): Promise<void> {
  const none = { id: "no-such-image" };
  for (let made = 0; made < KEYS + JOBS; made += 50) {
    const some = Array.from({ length: 50 }, (_, index) => made + index);
    await Promise.allSettled(
      some.map((number) =>
        number < KEYS
          ? agent.client.deleteImage(none, { idempotencyKey: `fill-${number}` })
          : agent.client.startJob("deleteImage", none),
      ),
    );
  }
}

const show = ({ heap, rss, ...rest }: Held): string =>
  `heap ${(heap / MB).toFixed(1)} MB, RSS ${(rss / MB).toFixed(0)} MB, ${Object.entries(rest)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")}`;

console.log(`seed ${values.seed}`);
await fill();
const total = end - Date.now();
await load(Date.now() + total / 10);
const first = await agent.measure();
console.log(`after the first tenth: ${show(first)}; ${calls} calls`);
for (let number = 1; number <= RESTARTS; number += 1) {
  const until = Date.now() + (total * 0.9) / RESTARTS;
  const loaded = load(until);
  await new Promise((resolve) => setTimeout(resolve, (until - Date.now()) / 2));
  await restartEngine(number);
  await loaded;
  console.log(`after restart ${number}: ${show(await agent.measure(first))}; ${calls} calls`);
}
const last = await agent.measure(first);
if (last.heap > first.heap + GROWTH) report.fault(`the heap has grown from ${show(first)} to ${show(last)}`);
for (const kind of ["sockets", "timers", "files"] as const)
  if (last[kind] > first[kind]) report.fault(`${kind} have grown from ${first[kind]} to ${last[kind]}`);
if (!agent.isRunning) report.fault("the agent ended");
if (agent.stderr !== "") report.fault(agent.stderr);
const code = await agent.close();
if (code !== 0) report.fault(`the agent ended with ${String(code)}`);
await images.close();
await engine.kill("SIGTERM");
report.note(`${calls} calls of ${lives} guests; at first ${show(first)}; at last ${show(last)}`);
report.print("agent");
process.exitCode = report.faults > 0 ? 1 : 0;
