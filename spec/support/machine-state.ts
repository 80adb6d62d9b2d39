import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Returns the control groups of this name below those of embedded engines, in every hierarchy. */
export function controlGroups(name = ""): string[] {
  const roots = existsSync("/sys/fs/cgroup")
    ? ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((hierarchy) => `/sys/fs/cgroup/${hierarchy}`)]
    : [];
  return roots.map((root) => `${root}/ts-dockerclient/${name}`).filter(existsSync);
}

/** What an engine must leave as it was: mounts and interfaces. */
export function machineState(): { mounts: string; interfaces: string[] } {
  return { mounts: readFileSync("/proc/self/mounts", "utf8"), interfaces: readdirSync("/sys/class/net") };
}
