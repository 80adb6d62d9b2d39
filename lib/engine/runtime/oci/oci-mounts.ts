import type { HostConfig } from "../../../types/host-config.js";
import { notSupported } from "../../engine-error.js";
import type { ContainerMount } from "../executor.js";

/** A mount as runtimes take it. */
export interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** The file systems of the kernel that every container has. */
function kernelMounts({ Privileged = false, ShmSize = 0, IpcMode = "" }: HostConfig, shared?: number): OciMount[] {
  const secure = ["nosuid", "noexec", "nodev"];
  const access = Privileged ? "rw" : "ro";
  const memory: OciMount =
    IpcMode === "host" || shared !== undefined
      ? {
          destination: "/dev/shm",
          type: "bind",
          source: shared === undefined ? "/dev/shm" : `/proc/${shared}/root/dev/shm`,
          options: ["rbind", "rw"],
        }
      : { destination: "/dev/shm", type: "tmpfs", source: "shm", options: [...secure, "mode=1777", `size=${ShmSize}`] };
  return [
    { destination: "/proc", type: "proc", source: "proc", options: secure },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: [...secure, access] },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: [...secure, access] },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: secure },
    ...(IpcMode === "none" ? [] : [memory]),
  ];
}

/** Returns the options of a file system in memory: those that contradict an option of the container are left out. */
function memoryOptions(options: readonly string[]): string[] {
  const usual = ["nosuid", "nodev", "noexec"].filter((name) => !options.includes(name.slice(2)));
  return [...usual, ...options.filter((option) => option !== "" && !["suid", "dev", "exec"].includes(option))];
}

function ofContainer({ destination, source, memory, flags = [], readOnly }: ContainerMount): OciMount {
  const access = readOnly ? "ro" : "rw";
  // crun drops the options that are not named again
  if (source !== undefined) return { destination, type: "bind", source, options: ["rbind", "rprivate", ...flags, access] };
  if (memory) return { destination, type: "tmpfs", source: "tmpfs", options: [...memoryOptions(memory), access] };
  throw notSupported(`the oci executor does not mount ${destination}: its files are in memory, not in a folder of the machine`);
}

/**
 * Returns the mounts of a container. Those that it asks for replace those that every container has.
 *
 * @param shared - the process whose shared memory it uses.
 */
export function ociMounts(mounts: readonly ContainerMount[], host: HostConfig, shared?: number): OciMount[] {
  // a mount within another one comes after it
  const depth = ({ destination }: OciMount): number => destination.split("/").length;
  const own = mounts.map(ofContainer).sort((one, other) => depth(one) - depth(other));
  const replaced = new Set(own.map(({ destination }) => destination));
  return [...kernelMounts(host, shared).filter(({ destination }) => !replaced.has(destination)), ...own];
}
