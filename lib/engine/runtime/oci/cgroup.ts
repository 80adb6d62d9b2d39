import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../../../wire/clock.js";

/** Where Linux shows control groups. */
const ROOT = "/sys/fs/cgroup";

/** The group of all containers of embedded engines. */
export const PARENT = "/ts-dockerclient";

/** How often it is tried to stop the processes of a container, which takes 2 ms each time. */
const FREEZE_TRIES = 2_500;

/** Whether all controllers are in one hierarchy, as since version 2. */
export const isUnified = (): boolean => existsSync(join(ROOT, "cgroup.controllers"));

/** A controller of version 1 that measures or limits. */
type Controller = "freezer" | "memory" | "cpu" | "cpuacct" | "pids" | "blkio";

/** The control group of a container. */
export class Cgroup {
  /** Its path below the root of each controller. */
  readonly path: string;
  /** Whether it is of version 2. */
  readonly isUnified = isUnified();

  constructor(path: string) {
    this.path = path;
  }

  /** Returns the path of a file, which a controller of version 1 has. */
  file(controller: Controller, name: string): string {
    return this.isUnified ? join(ROOT, this.path, name) : join(ROOT, controller, this.path, name);
  }

  /** Reads a file; an empty string if it does not exist. */
  read(controller: Controller, name: string): string {
    try {
      return readFileSync(this.file(controller, name), "latin1").trim();
    } catch {
      return ""; // the controller is missing, or the group has ended
    }
  }

  /** Reads a number. Undefined if it is missing, or means no limit. */
  number(controller: Controller, name: string): number | undefined {
    const text = this.read(controller, name);
    return /^\d+$/.test(text) ? Number(text) : undefined;
  }

  /** Reads a file of names and numbers. */
  table(controller: Controller, name: string): Record<string, number> {
    const lines = this.read(controller, name).split("\n");
    return Object.fromEntries(
      lines.flatMap((line) => {
        const [key, value] = line.split(" ");
        return key && value !== undefined ? [[key, Number(value)]] : [];
      }),
    );
  }

  /** Returns the IDs of its processes. */
  processes(): number[] {
    return this.read("freezer", "cgroup.procs")
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  }

  /** Stops its processes, or lets them continue, and waits until that has happened. If they do not stop, they continue. */
  async freeze(frozen: boolean): Promise<void> {
    for (let tries = 1; tries <= FREEZE_TRIES; tries += 1) {
      // a freezer of version 1 gets stuck at processes that start others: it must let them go at times, and try again
      if (frozen && !this.isUnified && tries % 50 === 0) {
        this.#setFrozen(false);
        await sleep(10);
      }
      this.#setFrozen(frozen);
      if (this.#isFrozen === frozen) return;
      await sleep(2);
    }
    if (frozen) this.#setFrozen(false);
    throw new Error("the processes of the container did not stop in time");
  }

  #setFrozen(frozen: boolean): void {
    if (this.isUnified) writeFileSync(this.file("freezer", "cgroup.freeze"), frozen ? "1" : "0");
    else writeFileSync(this.file("freezer", "freezer.state"), frozen ? "FROZEN" : "THAWED");
  }

  /** Undefined while it changes. */
  get #isFrozen(): boolean | undefined {
    if (this.isUnified) return this.read("freezer", "cgroup.events").includes("frozen 1");
    const state = this.read("freezer", "freezer.state");
    return state === "FREEZING" ? undefined : state === "FROZEN";
  }

  /** The file that says whether the kernel has killed a process for lack of memory. */
  get memoryEvents(): string {
    return this.file("memory", this.isUnified ? "memory.events" : "memory.oom_control");
  }
}

/** Removes the group of all containers, unless another engine uses it. */
export function removeParent(): void {
  const places = isUnified() ? [ROOT] : readdirSync(ROOT).map((name) => join(ROOT, name));
  for (const place of places) {
    try {
      rmdirSync(join(place, PARENT));
    } catch {
      // it does not exist, or another engine has containers in it
    }
  }
}
