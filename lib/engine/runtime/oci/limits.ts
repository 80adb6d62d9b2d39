import { readFileSync, statSync } from "node:fs";
import { deviceNumbers } from "../../../archive/file-source.js";
import type { HostConfig } from "../../../types/host-config.js";
import type { Resources, ThrottleDevice, WeightDevice } from "../../../types/resources.js";

/** The period in which a share of processors is measured, in microseconds. */
const PERIOD = 100_000;

const set = (value: number | null | undefined): number | undefined => (value ? value : undefined);

/** Leaves out members that are undefined; an object without any is left out itself. */
function compact<T extends object>(value: T): Partial<T> | undefined {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<T>);
}

function numbersOf(path: string): { major: number; minor: number } {
  const [major, minor] = deviceNumbers(statSync(path).rdev);
  return { major, minor };
}

const throttled = (devices: readonly ThrottleDevice[] | null | undefined): object[] | undefined =>
  devices?.length ? devices.map(({ Path, Rate }) => ({ ...numbersOf(Path), rate: Rate })) : undefined;

const weighted = (devices: readonly WeightDevice[] | null | undefined): object[] | undefined =>
  devices?.length ? devices.map(({ Path, Weight }) => ({ ...numbersOf(Path), weight: Weight })) : undefined;

/** Returns limits as runtimes take them. */
export function ociResources(host: Resources): object {
  const { Memory, MemorySwap, MemoryReservation, MemorySwappiness, OomKillDisable, NanoCpus, PidsLimit } = host;
  const quota = NanoCpus ? Math.round((NanoCpus * PERIOD) / 1e9) : set(host.CpuQuota);
  return {
    memory: compact({
      limit: set(Memory),
      // without a setting, Docker allows as much swap as memory
      swap: set(MemorySwap) ?? (Memory ? Memory * 2 : undefined),
      reservation: set(MemoryReservation),
      swappiness: MemorySwappiness === null || MemorySwappiness === -1 ? undefined : MemorySwappiness,
      disableOOMKiller: OomKillDisable || undefined,
    }),
    cpu: compact({
      shares: set(host.CpuShares),
      quota,
      period: NanoCpus ? PERIOD : set(host.CpuPeriod),
      realtimePeriod: set(host.CpuRealtimePeriod),
      realtimeRuntime: set(host.CpuRealtimeRuntime),
      cpus: host.CpusetCpus || undefined,
      mems: host.CpusetMems || undefined,
    }),
    pids: PidsLimit ? { limit: PidsLimit } : undefined,
    blockIO: compact({
      weight: set(host.BlkioWeight),
      weightDevice: weighted(host.BlkioWeightDevice),
      throttleReadBpsDevice: throttled(host.BlkioDeviceReadBps),
      throttleWriteBpsDevice: throttled(host.BlkioDeviceWriteBps),
      throttleReadIOPSDevice: throttled(host.BlkioDeviceReadIOps),
      throttleWriteIOPSDevice: throttled(host.BlkioDeviceWriteIOps),
    }),
  };
}

/** The names of limits in `/proc/self/limits`. */
const kernelNames: Readonly<Record<string, string>> = {
  core: "core file size",
  cpu: "cpu time",
  data: "data size",
  fsize: "file size",
  locks: "file locks",
  memlock: "locked memory",
  msgqueue: "msgqueue size",
  nice: "nice priority",
  nofile: "open files",
  nproc: "processes",
  rss: "resident set",
  rtprio: "realtime priority",
  rttime: "realtime timeout",
  sigpending: "pending signals",
  stack: "stack size",
};

/** Returns the highest value of a limit that the engine can pass on. */
function highest(name: string): number {
  const text = readFileSync("/proc/self/limits", "latin1");
  const [, hard = "unlimited"] = new RegExp(`^Max ${kernelNames[name] ?? "?"}\\s+\\S+\\s+(\\S+)`, "m").exec(text) ?? [];
  return hard === "unlimited" ? Infinity : Number(hard);
}

/** Stands for no limit in a configuration: the number of the kernel is too large for JavaScript. */
export const UNLIMITED = "no limit";

/** A limit of a process. */
interface ProcessLimit {
  readonly type: string;
  readonly soft: number | typeof UNLIMITED;
  readonly hard: number | typeof UNLIMITED;
}

/**
 * Returns the limits of a container's processes. Those above what the engine itself may use are lowered, because the machine refuses
 * them.
 *
 * @param report - is told of those that are lowered.
 */
export function ulimitsOf({ Ulimits }: HostConfig, report: (message: string) => void): ProcessLimit[] {
  return (Ulimits ?? []).map(({ Name, Soft, Hard }) => {
    const limit = highest(Name);
    const lowered = (value: number): number | typeof UNLIMITED => {
      const least = value < 0 ? limit : Math.min(value, limit);
      return least === Infinity ? UNLIMITED : least;
    };
    if (Hard > limit) report(`the ulimit ${Name}=${Hard} is above that of the engine: it is lowered to ${limit}`);
    return { type: `RLIMIT_${Name.toUpperCase()}`, soft: lowered(Soft), hard: lowered(Hard) };
  });
}
