import { createHash } from "node:crypto";
import type { InstallContainerOptions } from "./models.js";

/** Returns a digest of what an installation asks for: two that ask for the same have the same, whatever the order of their members. */
export function digestOf(options: InstallContainerOptions): string {
  return createHash("sha256").update(JSON.stringify(options, sortMembers)).digest("hex").slice(0, 32);
}

function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
