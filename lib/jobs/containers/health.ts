import type { HealthConfig } from "../../index.js";
import type { InstallContainerOptions } from "../models.js";

/** Nanoseconds of a millisecond, Docker's unit of time. */
const MILLISECOND = 1_000_000;

/** Returns the health check of a container in the words of an engine; undefined if it has that of its image. */
export function healthOf({ healthCheck }: InstallContainerOptions): HealthConfig | undefined {
  if (!healthCheck) return undefined;
  const { command, interval, timeout, retries, startPeriod } = healthCheck;
  return {
    Test: ["CMD", ...command],
    ...(interval !== undefined && { Interval: interval * MILLISECOND }),
    ...(timeout !== undefined && { Timeout: timeout * MILLISECOND }),
    ...(retries !== undefined && { Retries: retries }),
    ...(startPeriod !== undefined && { StartPeriod: startPeriod * MILLISECOND }),
  };
}
