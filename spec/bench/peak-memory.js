import { readFileSync } from "node:fs";

/** Returns the peak memory of this process in MB. */
export function peakMemory() {
  // on Linux, the value of getrusage is at least the parent's memory when it started this process
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1"))[1]) / 1024;
}
