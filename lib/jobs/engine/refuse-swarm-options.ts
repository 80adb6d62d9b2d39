import { InvalidJobError } from "../errors.js";
import type { InstallContainerOptions } from "../models.js";

/** What only a swarm does. */
export type SwarmOnly = Pick<InstallContainerOptions, "replicas" | "global" | "constraints" | "publish" | "secretEnvironment">;

/** Refuses options that need a swarm. @throws {@link InvalidJobError} that names the option. */
export function refuseSwarmOptions({ replicas = 1, global, constraints = [], publish, secretEnvironment }: SwarmOnly): void {
  const option = [
    replicas > 1 && "replicas",
    global === true && "global",
    constraints.length > 0 && "constraints",
    publish === "ingress" && "publish",
    secretEnvironment === true && "secretEnvironment",
  ].find((name) => name !== false);
  if (option !== undefined)
    throw new InvalidJobError(`the option ${option} is not supported on one engine: it needs a swarm`, { data: { option } });
}
