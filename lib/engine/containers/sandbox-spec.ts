import type { SandboxSpec, TerminalSize } from "../runtime/executor.js";
import type { ConnectedContainer, ContainerFiles } from "./container-host.js";
import { mainProcess } from "./process-spec.js";
import type { ContainerRecord } from "./record.js";

/** What a container has when it starts. */
export interface StartingContainer extends ConnectedContainer, ContainerFiles {
  /** The size of its terminal. */
  readonly size: TerminalSize | undefined;
  /** The variables that describe the containers to which it has links. */
  readonly linked: readonly string[];
  /** Finds the ID of another container by its name. */
  readonly idOf: (reference: string) => string;
}

/** Returns what an executor needs to start a container, and creates its working directory. */
export async function sandboxSpec(record: ContainerRecord, starting: StartingContainer): Promise<SandboxSpec> {
  const { id, config, hostConfig } = record;
  const { root, mounts, files, hosts, network, idOf } = starting;
  return {
    id,
    image: config.Image ?? "",
    process: await mainProcess(record, files, starting),
    root,
    readOnly: hostConfig.ReadonlyRootfs ?? false,
    mounts,
    hostname: config.Hostname ?? "",
    domainname: config.Domainname ?? "",
    hosts,
    host: hostConfig,
    network,
    hasInput: config.OpenStdin ?? false,
    idOf,
  };
}
