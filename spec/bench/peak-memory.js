import { readFileSync } from "node:fs";

/** The most memory that this process has had, in MB. */
export function peakMemory() {
  // what getrusage tells on Linux is no less than what the parent had when it started this process
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1"))[1]) / 1024;
}
