import type { ContainerSpec, NetworkAttachmentConfig, ServiceSpec, TaskSpec } from "../../index.js";
import { labelsOf } from "../containers/definition.js";
import { healthOf } from "../containers/health.js";
import { ISOLATED_PIDS, SLICE_MEMORY } from "../containers/limits.js";
import { mountsOf } from "../containers/mounts.js";
import type { InstallContainerOptions, PublishMode } from "../models.js";
import type { EnvironmentVariable } from "../values/environment.js";
import { serviceName } from "./names.js";
import { NOWHERE, type SwarmDefinition } from "./owned-service.js";

/** How services are found: under a virtual address each, or under the addresses of their tasks. @category Jobs */
export type EndpointMode = "vip" | "dnsrr";

/** What all services of a back end have in common. */
export interface ServiceSettings {
  readonly endpointMode: EndpointMode;
  /** How long new tasks are watched, in milliseconds. */
  readonly monitor: number;
  /** How long a request waits for the tasks of its service, in milliseconds. */
  readonly patience: number;
}

/** What a service consists of. */
export interface ServiceParts {
  readonly request: string;
  readonly definition: SwarmDefinition;
  readonly isUp: boolean;
  readonly variables: readonly EnvironmentVariable[];
  /** The secret with the variables, if they are to be one. */
  readonly secret?: { readonly id: string; readonly name: string } | undefined;
  readonly networks: readonly NetworkAttachmentConfig[];
}

/** Nanoseconds of a millisecond, Docker's unit of time. */
const MILLISECOND = 1_000_000;

/** Returns how the ports of a container are published. */
export function publishModeOf({ publish }: InstallContainerOptions, endpointMode: EndpointMode): PublishMode {
  return publish ?? (endpointMode === "vip" ? "ingress" : "host");
}

/** Returns the service for a definition. */
export function serviceSpec(parts: ServiceParts, settings: ServiceSettings): ServiceSpec {
  const { request, definition, isUp, networks } = parts;
  const { options, ports } = definition;
  const mode = publishModeOf(options, settings.endpointMode);
  return {
    Name: serviceName(options.id),
    Labels: labelsOf(request, definition),
    Mode: modeOf(options, isUp),
    TaskTemplate: {
      ContainerSpec: containerOf(parts),
      Resources: resourcesOf(options),
      RestartPolicy: { Condition: "any" },
      Placement: placementOf(definition, isUp),
      Networks: [...networks],
    },
    EndpointSpec: {
      Mode: settings.endpointMode,
      Ports: ports.map(({ internal, external }) => ({
        Protocol: "tcp",
        TargetPort: internal,
        PublishedPort: external,
        PublishMode: mode,
      })),
    },
    UpdateConfig: { ...rolloutOf(definition, mode, settings), FailureAction: "rollback" },
    RollbackConfig: rolloutOf(definition, mode, settings),
  };
}

/** Returns how many tasks a service has. One that runs on each node is stopped by its placement. */
export function modeOf({ replicas = 1, global = false }: InstallContainerOptions, isUp: boolean): ServiceSpec["Mode"] {
  return global ? { Global: {} } : { Replicated: { Replicas: isUp ? replicas : 0 } };
}

/** Returns where the tasks of a service may run. */
export function placementOf({ options, node }: SwarmDefinition, isUp: boolean): NonNullable<TaskSpec["Placement"]> {
  const { constraints = [], global = false } = options;
  return {
    Constraints: [...constraints, ...(node === undefined ? [] : [`node.id == ${node}`]), ...(global && !isUp ? [NOWHERE] : [])],
  };
}

function containerOf({ definition, variables, secret }: ServiceParts): ContainerSpec {
  const { options, volumes } = definition;
  const { image, command, isolate = false } = options;
  const health = healthOf(options);
  return {
    Image: image,
    Mounts: mountsOf(options, volumes),
    ...(command && { Args: [...command] }),
    ...(health && { Healthcheck: health }),
    ...(isolate && { CapabilityDrop: ["ALL"], Privileges: { NoNewPrivileges: true } }),
    ...(secret
      ? {
          Secrets: [
            { SecretID: secret.id, SecretName: secret.name, File: { Name: "environment", UID: "0", GID: "0", Mode: 0o444 } },
          ],
        }
      : { Env: variables.map(({ name, value }) => `${name}=${value}`) }),
  };
}

function resourcesOf({ systemdSlice, isolate = false }: InstallContainerOptions): TaskSpec["Resources"] {
  return {
    Limits: {
      ...(systemdSlice && { MemoryBytes: SLICE_MEMORY[systemdSlice] }),
      ...(isolate && { Pids: ISOLATED_PIDS }),
    },
  };
}

/**
 * Returns how tasks are replaced. New ones start before old ones stop, unless both would need the same: a port of their node, or
 * a volume that only one of them may write to.
 */
function rolloutOf(
  { ports, volumes }: SwarmDefinition,
  mode: PublishMode,
  { monitor }: ServiceSettings,
): ServiceSpec["UpdateConfig"] {
  const isShared = volumes.length > 0 || (ports.length > 0 && mode === "host");
  return {
    Parallelism: 1,
    Order: isShared ? "stop-first" : "start-first",
    Monitor: monitor * MILLISECOND,
  };
}
