import type { CreateContainerOptions } from "../../index.js";
import { type Definition, labelsOf } from "../containers/definition.js";
import { healthOf } from "../containers/health.js";
import { ISOLATED_PIDS, SLICE_MEMORY } from "../containers/limits.js";
import { mountsOf } from "../containers/mounts.js";
import type { EnvironmentVariable } from "../values/environment.js";
import type { ReservedPair } from "../values/ports.js";

/**
 * Returns the container for a definition.
 *
 * @param volumes - the paths whose content outlives the container.
 */
export function containerFor(
  name: string,
  request: string,
  definition: Definition,
  variables: readonly EnvironmentVariable[],
  volumes: readonly string[],
): CreateContainerOptions {
  const { options, ports } = definition;
  const { image, command, simple = false, isolate = false, started = false, systemdSlice } = options;
  const health = healthOf(options);
  return {
    name,
    config: {
      Image: image,
      Labels: labelsOf(request, definition),
      Env: variables.map(({ name: variable, value }) => `${variable}=${value}`),
      ExposedPorts: Object.fromEntries(ports.map(({ internal }) => [`${internal}/tcp`, {}])),
      ...(command && { Cmd: command }),
      ...(health && { Healthcheck: health }),
    },
    hostConfig: {
      PortBindings: bindingsOf(ports),
      PublishAllPorts: simple && ports.length === 0,
      RestartPolicy: { Name: started ? "unless-stopped" : "no" },
      Mounts: mountsOf(options, volumes),
      ...(systemdSlice && { Memory: SLICE_MEMORY[systemdSlice] }),
      ...(isolate && { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], PidsLimit: ISOLATED_PIDS }),
    },
  };
}

function bindingsOf(ports: readonly ReservedPair[]): Record<string, { HostIp: string; HostPort: string }[]> {
  return Object.fromEntries(
    ports.map(({ internal, external }) => [`${internal}/tcp`, [{ HostIp: "", HostPort: String(external) }]]),
  );
}
