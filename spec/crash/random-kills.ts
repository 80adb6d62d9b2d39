import { ApiError } from "../../lib/errors/api-error.js";
import { BOX } from "../support/box-archive.js";
import { Ledger } from "./ledger.js";
import { leftovers } from "./leftovers.js";
import { mixedLoad, type Scene, type StepName } from "./load.js";
import { observe } from "./observe.js";
import { EngineProcess, StartFailure } from "./process.js";
import { Random } from "./random.js";
import { baseArchive, startRegistry } from "./registry.js";
import type { Report } from "./report.js";

/** The clients of the load. */
const clients = ["one", "two", "three", "four"];

/** The longest time from the end of one check to the next kill, in milliseconds. */
const LONGEST_LOAD = 1_500;

/** How many rounds pass from one attempt to start a second engine to the next. */
const SECOND_ENGINE = 10;

/** Kills an engine at random moments of a mixed load, and checks after each restart what it shows. */
export async function randomKills(dataRoot: string, rounds: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const ledger = new Ledger();
  const { registry, repositories } = await startRegistry(clients);
  let engine = await EngineProcess.start(dataRoot);
  await ledger.learn([`tag ${BOX}`], async () => {
    await engine.client.loadImage({ inputStream: await baseArchive() });
    return { [`tag ${BOX}`]: (await engine.client.inspectImage({ name: BOX })).Id };
  });
  const refusals = new Map<string, number>();
  const onRefusal = (step: StepName, error: ApiError): void => {
    const text = `${step}: ${error.status} ${error.message}`;
    if (error.status >= 500) report.fault(`refused without need: ${text}`);
    const kind = `${step} ${error.status}`;
    refusals.set(kind, (refusals.get(kind) ?? 0) + 1);
  };
  for (let round = 1; round <= rounds; round += 1) {
    const { client } = engine;
    const scenes = clients.map((name): Scene => ({
      ...{ client, ledger, name, repositories, base: BOX },
      random: new Random(random.below(2 ** 31)),
      registry: registry.address,
    }));
    const loads = Promise.all(scenes.map((scene) => mixedLoad(scene, Infinity, onRefusal)));
    await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LOAD)));
    if (!engine.isRunning) report.fault(`round ${round}: the engine ended by itself: ${engine.stderr}`);
    if (round % SECOND_ENGINE === 0) await secondEngine(dataRoot, engine.pid, report);
    await engine.kill();
    await loads;
    engine = await EngineProcess.start(dataRoot);
    report.restarted(engine.start);
    const left = await leftovers(engine.client, dataRoot);
    const { states, faults } = await observe(engine.client, ledger);
    for (const fault of [...left, ...faults, ...ledger.settle(states)]) report.fault(`round ${round}: ${fault}`);
    await engine.client.pruneVolumes();
    if (engine.stderr !== "") report.fault(`round ${round}: ${engine.stderr}`);
    report.progress(
      `round ${round}: ${ledger.acknowledged} acknowledged, ${ledger.interrupted} interrupted, ${states.size} objects`,
    );
  }
  report.note(`${ledger.acknowledged} changes acknowledged, ${ledger.interrupted} interrupted, ${ledger.refused} refused`);
  report.note(`refused: ${[...refusals].map(([kind, count]) => `${kind} (${count})`).join(", ")}`);
  await engine.kill("SIGTERM");
  await registry.close();
}

/** Checks that a second engine on the same data root is told who holds it. */
async function secondEngine(dataRoot: string, pid: number, report: Report): Promise<void> {
  try {
    const second = await EngineProcess.start(dataRoot);
    await second.kill();
    report.fault("two engines run on one data root");
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    const expected = `data root ${dataRoot} is in use by the engine with process ID ${pid}`;
    if (error.message !== expected) report.fault(`a second engine ended with ${error.message}`);
    else report.count("second engines refused");
  }
}
