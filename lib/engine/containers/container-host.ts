import type { Clock } from "../clock.js";
import type { EventLog } from "../events/event-log.js";
import type { FileSystem } from "../files/file-system.js";
import type { RootTree } from "../files/root-tree.js";
import type { PortSource } from "../networks/published-ports.js";
import type { ContainerMount, Executor, SandboxNetwork } from "../runtime/executor.js";
import type { ContainerRecord } from "./record.js";

/** The files of a container. */
export interface ContainerFiles {
  /** The layers of its image and what it wrote. */
  readonly root: RootTree;
  /** Its volumes and binds. */
  readonly mounts: readonly ContainerMount[];
  /** All together, as its processes see them. */
  readonly files: FileSystem;
}

/** The networks of a container that is about to start. */
export interface ConnectedContainer {
  /** The lines of `/etc/hosts`. */
  readonly hosts: string;
  /** Its networks, for executors that have real ones. */
  readonly network: SandboxNetwork;
}

/** What containers need of their engine. */
export interface ContainerHost {
  /** The time. */
  readonly clock: Clock;
  /** The events. */
  readonly events: EventLog;
  /** Runs the processes. */
  readonly executor: Executor;
  /** Returns the files of a container. */
  files(record: ContainerRecord): Promise<ContainerFiles>;
  /** Keeps what a container wrote over a restart of the engine. `save` keeps the record, which names it. */
  keepFiles(record: ContainerRecord, save: () => Promise<void>): Promise<void>;
  /** Connects a container with its networks before it starts: fills the networks of its record. */
  connect(record: ContainerRecord): Promise<ConnectedContainer>;
  /** Connects a container that an earlier engine has left as it was. */
  reconnect(record: ContainerRecord): ConnectedContainer["network"];
  /** Publishes the ports of a container that an earlier engine has left on the same ports. */
  republish(record: ContainerRecord, source: PortSource): Promise<void>;
  /** Finds the ID of a container by its name. @throws an {@link EngineError} with status 404 if there is none. */
  idOf(reference: string): string;
  /** Publishes the ports of a container that runs: fills the ports of its record. */
  publish(record: ContainerRecord, source: PortSource): Promise<void>;
  /** Disconnects a container that has ended, and closes its ports. */
  disconnect(record: ContainerRecord): Promise<void>;
  /** Keeps a record over a restart of the engine. */
  save(record: ContainerRecord): Promise<void>;
  /** Removes a container that has `AutoRemove` and has ended. */
  autoRemove(id: string): Promise<void>;
  /** Returns the links of a container as `inspect` shows them; null if it has none. */
  linkTexts(record: ContainerRecord): string[] | null;
  /** Returns the variables of a container's processes that describe the containers to which it has links. */
  linkedEnvironment(record: ContainerRecord): string[];
  /** Returns all names of a container: its own, and those by which other containers link to it. */
  namesOf(record: ContainerRecord): string[];
  /** Reports a fault that no client learns of. */
  report(message: string): void;
}
