import { createHash } from "node:crypto";
import { nameOf } from "../values/identifier.js";

/**
 * Returns the name of the service that has an identifier. A swarm takes fewer names than an engine: those with dots, or with
 * hyphens at the end, are replaced by others that no identifier leads to.
 */
export function serviceName(id: string): string {
  const name = nameOf(id);
  if (/^[a-zA-Z0-9][\w-]*[a-zA-Z0-9]$/.test(name)) return name;
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 12);
  return `ctrx-${id.replace(/[^a-zA-Z0-9]/g, "-")}-${digest}`;
}

/** Returns the name of the network in which a container reaches those that it is linked to. */
export function networkName(id: string): string {
  return `links-${serviceName(id)}`;
}

/** Returns the name of the secret with the variables of a container. */
export function secretName(id: string, revision: string): string {
  return `${serviceName(id)}-${revision}`;
}
