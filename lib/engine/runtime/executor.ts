import type { Readable, Writable } from "node:stream";
import type { HostConfig } from "../../types/host-config.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import type { Resources } from "../../types/resources.js";
import type { ContainerStats } from "../../types/stats.js";
import type { Tree } from "../files/tree.js";

/** A process to start in a container. */
export interface ProcessSpec {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** Environment variables by name. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly cwd: string;
  /** User and group as in the container's configuration, such as `1000:1000` or `www-data`. Empty for root. */
  readonly user: string;
  /** Whether the process has a terminal. Then its standard error is its standard output. */
  readonly tty: boolean;
  /** Size of the terminal. */
  readonly size?: TerminalSize;
  /** Whether the process gets the privileges of the host. */
  readonly privileged?: boolean;
}

/** The size of a terminal in characters. */
export interface TerminalSize {
  /** Number of lines. */
  readonly rows: number;
  /** Number of characters per line. */
  readonly columns: number;
}

/** How a process ended. */
export interface ProcessExit {
  /** Exit code; 128 plus the number of the signal for a process that a signal ended. */
  readonly code: number;
  /** Whether the process was killed because the container had no memory left. */
  readonly oomKilled?: boolean;
}

/** A running process of a container. */
export interface ContainerProcess {
  /** Process ID, as `inspect` shows it. */
  readonly pid: number;
  /** Standard input. Its end is the end of input. */
  readonly stdin: Writable;
  /** Standard output; of a process with a terminal, all output. It ends after the last byte. */
  readonly stdout: Readable;
  /** Standard error; undefined for a process with a terminal. */
  readonly stderr: Readable | undefined;
  /** Resolves when the process has ended. Its output may still have bytes to be read. */
  readonly exited: Promise<ProcessExit>;
  /** Sends a signal by number. Has no effect on a process that has ended. */
  kill(signal: number): void;
  /** Changes the size of the terminal. */
  resize(size: TerminalSize): Promise<void>;
}

/** A row of `top`: the columns that `ps -ef` prints. */
export interface ProcessRow {
  /** User name or ID. */
  readonly user: string;
  /** Process ID. */
  readonly pid: number;
  /** Process ID of the parent. */
  readonly parent: number;
  /** Start time in nanoseconds since 1970. */
  readonly started: bigint;
  /** Used processor time in milliseconds. */
  readonly cpu: number;
  /** Name of the terminal, or `?`. */
  readonly terminal: string;
  /** The command with its arguments. */
  readonly command: string;
}

/** A mount of a container. */
export interface ContainerMount {
  /** Path in the container. */
  readonly destination: string;
  /** Its files, for executors that do not mount folders of the host. */
  readonly tree: Tree;
  /** Folder of the host, if it is one. */
  readonly source?: string;
  /** Options of a file system in memory, if it is one. */
  readonly memory?: readonly string[];
  /** Options with which the file system at the source is mounted, which the container must have too. */
  readonly flags?: readonly string[];
  /** Whether the container may not write. */
  readonly readOnly: boolean;
  /** Whether its files are in memory only. */
  readonly isTmpfs?: boolean;
}

/** A container to start. */
export interface SandboxSpec {
  /** ID of the container. */
  readonly id: string;
  /** The reference of its image, for executors that run programs of their own for an image. */
  readonly image?: string;
  /** Its first process. */
  readonly process: ProcessSpec;
  /** Its layers and what it wrote. */
  readonly root: Tree;
  /** Whether it may not write to its root. */
  readonly readOnly: boolean;
  /** Its mounts, in the order in which they are mounted. */
  readonly mounts: readonly ContainerMount[];
  /** Host name. */
  readonly hostname: string;
  /** Lines of `/etc/hosts`. */
  readonly hosts: string;
  /** Domain name. */
  readonly domainname?: string;
  /** Limits, privileges and what it shares with the host or with other containers. */
  readonly host: HostConfig;
  /** Its networks, for executors that have real ones. */
  readonly network: SandboxNetwork;
  /** Whether its standard input is open. */
  readonly hasInput?: boolean;
  /** Finds the ID of another container by its name. @throws when there is none. */
  readonly idOf?: (reference: string) => string;
}

/** An address of a container in a network. */
export interface SandboxEndpoint {
  /** ID of the network. */
  readonly network: string;
  /** Addresses of the host in the network, with the lengths of their prefixes. */
  readonly gateways: readonly string[];
  /** Addresses of the container. */
  readonly settings: EndpointSettings;
}

/** The network of a container: that of the host, that of another container by its ID, or its own. */
export type SandboxNetwork =
  | { readonly kind: "host" }
  | { readonly kind: "shared"; readonly container: string }
  | {
      readonly kind: "own";
      readonly endpoints: readonly SandboxEndpoint[];
      /** ID of the network with the default route; undefined if none leads outside. */
      readonly outside: string | undefined;
    };

/** A started container. */
export interface Sandbox {
  /** Its first process. When it ends, all others are killed. */
  readonly main: ContainerProcess;
  /**
   * Starts a further process.
   *
   * @throws {@link StartError} when the process cannot be started.
   */
  execute(process: ProcessSpec): Promise<ContainerProcess>;
  /** Freezes all processes. */
  pause(): Promise<void>;
  /** Continues all processes. */
  resume(): Promise<void>;
  /** Returns the running processes. */
  processes(): Promise<ProcessRow[]>;
  /** Returns the current use of resources; fields that the executor does not measure are absent. */
  stats(): Promise<Partial<ContainerStats>>;
  /** Changes limits. */
  update(resources: Resources): Promise<void>;
  /**
   * Connects it to a further network. Executors without real networks have nothing to do.
   *
   * @param outside - ID of the network that has the default route afterwards.
   */
  attach?(endpoint: SandboxEndpoint, outside: string | undefined): Promise<void>;
  /**
   * Disconnects it from a network, by its ID.
   *
   * @param outside - ID of the network that has the default route afterwards.
   */
  detach?(network: string, outside: string | undefined): Promise<void>;
  /** Connects to a port that a program of the container listens on. Rejects with `ECONNREFUSED` if there is none. */
  connect(port: number): Promise<import("node:stream").Duplex>;
  /** Opens a stream of the datagrams to and from a UDP port, one for each chunk. Executors without UDP do not have it. */
  datagrams?(port: number): Promise<import("node:stream").Duplex>;
}

/** A container that an earlier engine has left. */
export interface AdoptedSpec extends Pick<SandboxSpec, "id" | "root" | "host" | "network" | "hasInput"> {
  /** Whether its first process has a terminal. */
  readonly tty: boolean;
}

/** Runs the processes of containers. */
export interface Executor {
  /** Its name: that of the runtime in `info` and in `HostConfig.Runtime`. */
  readonly name: string;
  /** Whether it enforces the limits of containers on memory and processors. */
  readonly enforcesLimits: boolean;
  /** The version of the control groups in which containers are; undefined if they are in none. */
  readonly cgroupVersion: "1" | "2" | undefined;
  /** What `info` says about it: names and texts. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** Starts a container. @throws {@link StartError} when its first process cannot be started. */
  start(spec: SandboxSpec): Promise<Sandbox>;
  /**
   * Takes over a container that an earlier engine has left, also one that has ended meanwhile. Executors whose containers end with the
   * engine do not have it.
   *
   * @returns undefined if it never started.
   */
  adopt?(spec: AdoptedSpec): Promise<Sandbox | undefined>;
  /** Ends what an earlier engine has left and nobody has adopted. */
  endStrays?(): Promise<void>;
  /** Frees what the executor holds. Containers that still run are killed. */
  close(): Promise<void>;
}

/** A process could not be started. */
export class StartError extends Error {
  /** The exit code that the container gets: 127 if the program was not found, 126 if it cannot be executed, or 128. */
  readonly exitCode: 126 | 127 | 128;

  constructor(message: string, exitCode: 126 | 127 | 128, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
    this.exitCode = exitCode;
  }
}

/** What Docker says where a runtime met a file in place of a directory. */
export const NOT_A_DIRECTORY =
  "not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type";

/** A process was not started because a setting is wrong, such as an unknown user. Docker finds this before a runtime is asked. */
export class SettingError extends StartError {
  constructor(message: string) {
    super(message, 128);
  }
}
