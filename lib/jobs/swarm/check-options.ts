import { InvalidJobError } from "../errors.js";
import type { InstallContainerOptions } from "../models.js";
import { type EndpointMode, publishModeOf } from "./service-spec.js";

/** Refuses options that a swarm does not support. @throws {@link InvalidJobError} that names the option. */
export function checkOptions(options: InstallContainerOptions, endpointMode: EndpointMode): void {
  const { socketActivation, simple, ports = [], global, replicas = 1 } = options;
  if (socketActivation) throw unsupported("socketActivation", "services are started, not activated");
  if (simple && ports.length === 0) throw unsupported("simple", "a service publishes the ports that are named");
  const isIngress = publishModeOf(options, endpointMode) === "ingress";
  if (isIngress && endpointMode === "dnsrr")
    throw unsupported("publish", "ports can be published by the ingress network only if services have virtual addresses");
  const { volumes = [] } = options.volumeConfig ?? {};
  if (volumes.length > 0 && replicas > 1 && !global && options.constraints === undefined)
    throw unsupported("volumeConfig", "several containers with volumes need constraints that say which node has them");
}

function unsupported(option: string, why: string): InvalidJobError {
  return new InvalidJobError(`the option ${option} is not supported on a swarm: ${why}`, { data: { option } });
}
