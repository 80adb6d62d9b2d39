import { cpus } from "node:os";
import type { ContainerCPUStats } from "../../../types/stats.js";

/** Used processor time in microseconds. */
export interface ProcessorTime {
  /** In user mode. */
  readonly user: number;
  /** In the kernel. */
  readonly system: number;
}

/** The shares of all programs that run in this process. */
const shares = new Set<Share>();
let settled = process.cpuUsage();

/**
 * What a program has used of the processor. Programs share that of the engine, whose use is divided among them in proportion to
 * their operations.
 */
export class Share {
  #operations = 0;
  #user = 0;
  #system = 0;

  constructor() {
    shares.add(this);
  }

  /** Counts an operation of the program. */
  count(): void {
    this.#operations += 1;
  }

  /** The processor time that it has used. */
  get time(): ProcessorTime {
    Share.settle();
    return { user: this.#user, system: this.#system };
  }

  /** The program has ended. */
  end(): void {
    Share.settle();
    shares.delete(this);
  }

  /** Divides what was used since the last time. */
  static settle(): void {
    const { user, system } = process.cpuUsage(settled);
    settled = process.cpuUsage();
    let operations = 0;
    for (const share of shares) operations += share.#operations;
    if (operations === 0) return; // the engine has used it for itself
    for (const share of shares) {
      const part = share.#operations / operations;
      share.#user += user * part;
      share.#system += system * part;
      share.#operations = 0;
    }
  }
}

/** Returns the memory that a number of programs uses, in bytes: programs share that of the engine, each an equal part. */
export function memoryOf(programs: number): number {
  return Math.round((process.memoryUsage().heapUsed * programs) / Math.max(shares.size, 1));
}

/** Returns processor time as `stats` shows it, in nanoseconds, beside that of the machine. */
export function processorStats({ user, system }: ProcessorTime): ContainerCPUStats {
  const processors = cpus();
  const all = processors.reduce((sum, { times }) => sum + Object.values(times).reduce((one, other) => one + other, 0), 0);
  return {
    cpu_usage: {
      total_usage: Math.round((user + system) * 1000),
      usage_in_kernelmode: Math.round(system * 1000),
      usage_in_usermode: Math.round(user * 1000),
    },
    system_cpu_usage: all * 1_000_000,
    online_cpus: processors.length,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
}
