import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../../../wire/clock.js";

/** Where Linux shows control groups. */
const ROOT = "/sys/fs/cgroup";

/** The group of all containers of embedded engines. */
export const PARENT = "/ts-dockerclient";

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

  /** Stops its processes, or lets them continue, and waits until that has happened. */
  async freeze(frozen: boolean): Promise<void> {
    const [name, value] = this.isUnified
      ? (["cgroup.freeze", frozen ? "1" : "0"] as const)
      : (["freezer.state", frozen ? "FROZEN" : "THAWED"] as const);
    writeFileSync(this.file("freezer", name), value);
    const isDone = (): boolean =>
      this.isUnified
        ? this.read("freezer", "cgroup.events").includes(`frozen ${value}`)
        : this.read("freezer", "freezer.state") === value;
    for (let waited = 0; !isDone() && waited < 2000; waited += 2) await sleep(2);
    if (!isDone()) throw new Error("the processes of the container did not stop in time");
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
