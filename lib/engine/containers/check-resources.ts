import { availableParallelism } from "node:os";
import type { Resources } from "../../types/resources.js";
import { badRequest } from "../engine-error.js";

/** The smallest memory limit, in bytes. */
const LEAST_MEMORY = 6 * 1024 * 1024;

/** The processors and memory nodes of the machine, as far as containers can ask for them. */
const machine = { cpus: availableParallelism(), mems: 1 };

/** Refuses a request with status 400 if a condition holds. */
function refuseIf(isWrong: boolean, message: string): void {
  if (isWrong) throw badRequest(message);
}

/**
 * Checks limits.
 *
 * @throws an {@link EngineError} with status 400, in the words of Docker.
 */
export function checkResources(resources: Resources): void {
  checkMemory(resources);
  checkProcessors(resources);
  checkSet("CPUs", "cpus", resources.CpusetCpus ?? "", machine.cpus);
  checkSet("memory nodes", "mems", resources.CpusetMems ?? "", machine.mems);
}

function checkMemory({ Memory = 0, MemorySwap = 0, MemoryReservation = 0, MemorySwappiness }: Resources): void {
  const swappiness = MemorySwappiness ?? -1;
  refuseIf(Memory !== 0 && Memory < LEAST_MEMORY, "Minimum memory limit allowed is 6MB");
  refuseIf(
    Memory > 0 && MemorySwap > 0 && MemorySwap < Memory,
    "Minimum memoryswap limit should be larger than memory limit, see usage",
  );
  refuseIf(Memory === 0 && MemorySwap > 0, "You should always set the Memory limit when using Memoryswap limit, see usage");
  refuseIf(swappiness < -1 || swappiness > 100, `Invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
  refuseIf(MemoryReservation > 0 && MemoryReservation < LEAST_MEMORY, "Minimum memory reservation allowed is 6MB");
  refuseIf(
    Memory > 0 && MemoryReservation > Memory,
    "Minimum memory limit can not be less than memory reservation limit, see usage",
  );
}

function checkProcessors({ NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpuShares = 0 }: Resources): void {
  const { cpus } = machine;
  refuseIf(NanoCpus > 0 && CpuPeriod > 0, "Conflicting options: Nano CPUs and CPU Period cannot both be set");
  refuseIf(NanoCpus > 0 && CpuQuota > 0, "Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  refuseIf(
    NanoCpus < 0 || NanoCpus > cpus * 1e9,
    `range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`,
  );
  refuseIf(CpuShares < 0, `invalid CPU shares (${CpuShares}): value must be a positive integer`);
  refuseIf(
    CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000),
    "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
  );
  refuseIf(CpuQuota > 0 && CpuQuota < 1000, "CPU cfs quota can not be less than 1ms (i.e. 1000)");
}

/** Checks a list such as `0-3,5`. */
function checkSet(what: string, name: string, list: string, count: number): void {
  if (list === "") return;
  for (const part of list.split(",")) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first))
      throw badRequest(`Invalid value ${list} for cpuset ${name}: invalid format: ${part}`);
    const available = count === 1 ? "0" : `0-${count - 1}`;
    refuseIf(Number(last) >= count, `Requested ${what} are not available - requested ${list}, available: ${available}`);
  }
}
