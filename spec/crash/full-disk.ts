import { execFileSync } from "node:child_process";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BOX } from "../support/box-archive.js";
import { Ledger } from "./ledger.js";
import { leftovers } from "./leftovers.js";
import { mixedLoad, type Scene } from "./load.js";
import { observe } from "./observe.js";
import { EngineProcess, StartFailure } from "./process.js";
import { Random } from "./random.js";
import { baseArchive, startRegistry } from "./registry.js";
import type { Report } from "./report.js";

/** The size of the disk, in bytes. */
const DISK = 48 * 1024 * 1024;

/** The number of steps of the load while the disk is full, and after it. */
const STEPS = 60;

/** What an engine answers when the disk is full. */
const noSpace = /no space left on device/i;

/** Fills the disk of an engine again and again: it says so, loses nothing, and continues when there is space. */
export async function fullDisk(mountpoint: string, rounds: number, seed: number, report: Report): Promise<void> {
  await mkdir(mountpoint);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", mountpoint], { stdio: "pipe" });
  } catch {
    report.note("left out: only root mounts a disk of its own");
    return;
  }
  try {
    await onDisk(mountpoint, rounds, seed, report);
  } finally {
    execFileSync("umount", ["-l", mountpoint]);
  }
}

async function onDisk(mountpoint: string, rounds: number, seed: number, report: Report): Promise<void> {
  const random = new Random(seed);
  const ledger = new Ledger();
  const { registry, repositories } = await startRegistry(["one"]);
  const dataRoot = join(mountpoint, "root");
  const filler = join(mountpoint, "filler");
  let engine = await EngineProcess.start(dataRoot);
  await ledger.learn([`tag ${BOX}`], async () => {
    await engine.client.loadImage({ inputStream: await baseArchive() });
    return { [`tag ${BOX}`]: (await engine.client.inspectImage({ name: BOX })).Id };
  });
  const load = async (isFull: boolean): Promise<void> => {
    const scene: Scene = {
      ...{ client: engine.client, ledger, random, name: "one", registry: registry.address, repositories, base: BOX },
      // what a container does on a full disk is reported, but not kept
      without: isFull ? ["run"] : [],
    };
    await mixedLoad(scene, STEPS, (step, { message, status }) => {
      if (noSpace.test(message)) report.count(isFull ? "refused for want of space" : "refused although there is space");
      else if (status >= 500 || status === 200) report.fault(`${step} refused with ${message}`);
    });
    if (!engine.isRunning) report.fault(`the engine ended: ${engine.stderr}`);
  };
  for (let round = 1; round <= rounds; round += 1) {
    const { bavail, bsize } = await statfs(mountpoint);
    await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - random.below(40) * bsize)));
    await load(true);
    const isKilled = round % 2 === 0;
    if (isKilled) {
      await engine.kill();
      const started = await startedOnFullDisk(dataRoot, report);
      await rm(filler);
      engine = started ?? (await EngineProcess.start(dataRoot));
    } else await rm(filler);
    const left = isKilled ? await leftovers(engine.client, dataRoot) : [];
    const { states, faults } = await observe(engine.client, ledger);
    for (const fault of [...left, ...faults, ...ledger.settle(states)]) report.fault(`round ${round}: ${fault}`);
    await load(false);
    report.progress(`round ${round}: ${ledger.acknowledged} acknowledged, ${ledger.refused} refused`);
  }
  report.note(`${ledger.acknowledged} changes acknowledged, ${ledger.refused} refused`);
  await engine.kill("SIGTERM");
  await registry.close();
}

/** Starts an engine on a full disk. Where its lock finds no room, it says so. */
async function startedOnFullDisk(dataRoot: string, report: Report): Promise<EngineProcess | undefined> {
  try {
    return await EngineProcess.start(dataRoot);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    const isClear = error.message.startsWith(`cannot use data root ${dataRoot}: `) && noSpace.test(error.message);
    if (isClear) report.count("starts refused for want of space");
    else report.fault(`an engine does not start on a full disk: ${error.message}`);
    return undefined;
  }
}
