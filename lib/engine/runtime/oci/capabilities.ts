import { readFileSync } from "node:fs";
import type { HostConfig } from "../../../types/host-config.js";

/** The capabilities of Linux by their number. */
export const capabilityNames: readonly string[] = [
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "IPC_OWNER",
  "SYS_MODULE",
  "SYS_RAWIO",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_PACCT",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_NICE",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "MKNOD",
  "LEASE",
  "AUDIT_WRITE",
  "AUDIT_CONTROL",
  "SETFCAP",
  "MAC_OVERRIDE",
  "MAC_ADMIN",
  "SYSLOG",
  "WAKE_ALARM",
  "BLOCK_SUSPEND",
  "AUDIT_READ",
  "PERFMON",
  "BPF",
  "CHECKPOINT_RESTORE",
].map((name) => `CAP_${name}`);

/** Those that Docker gives to containers. */
const usual = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
].map((name) => `CAP_${name}`);

/** Returns the capabilities that the engine can pass on. */
function held(): string[] {
  const [, digits = "0"] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
  const bits = BigInt(`0x${digits}`);
  return capabilityNames.filter((_, number) => (bits >> BigInt(number)) & 1n);
}

/** Returns a name, which may be written in small letters and without its beginning, in full. */
export function capabilityName(name: string): string {
  const upper = name.toUpperCase();
  return upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

/** Returns the capabilities of a container's processes. Their names were checked when it was created. */
export function capabilitiesOf({ CapAdd, CapDrop, Privileged }: HostConfig): string[] {
  const isAll = (name: string): boolean => capabilityName(name) === "CAP_ALL";
  const available = held();
  if (Privileged) return available;
  const added = CapAdd ?? [];
  const dropped = CapDrop ?? [];
  const base = added.some(isAll) ? available : dropped.some(isAll) ? [] : usual.filter((name) => available.includes(name));
  const wanted = new Set([...base, ...added.filter((name) => !isAll(name)).map(capabilityName)]);
  for (const name of dropped) if (!isAll(name)) wanted.delete(capabilityName(name));
  return capabilityNames.filter((name) => wanted.has(name));
}

/** Returns the sets of capabilities that a process starts with: those of users other than root are only limits, as `execve` has it. */
export function capabilitySets(names: readonly string[], uid: number): object {
  return uid === 0 ? { bounding: names, effective: names, permitted: names } : { bounding: names };
}
