/* eslint max-lines: "off" -- generated */
// Generated from the schemas of the methods: npx vitest run --config .config/vitest.config.ts spec/agent/client/types.spec.ts -u

import type { ContainerInspect, SystemInfo } from "../../index.js";
import type { AgentCallOptions } from "./call-options.js";

/**
 * Which containers are listed.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ListOptions".
 *
 * @category Agent
 */
export interface ListOptions {
  /**
   * Whether stopped guests are listed as well. false by default.
   */
  all?: boolean;
  /**
   * Whether the inspections contain the sizes of the containers' file systems.
   */
  size?: boolean;
  /**
   * The most containers, newest first. 0 by default: all.
   */
  limit?: number;
  /**
   * Lists only containers that were created after this one.
   */
  since?: string;
  /**
   * Lists only containers that were created before this one.
   */
  before?: string;
  /**
   * Filters of the engine, such as label or status.
   */
  filters?: {
    [k: string]: string[];
  };
}
/**
 * The answer of methods about containers.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ContainerResponse".
 *
 * @category Agent
 */
export interface ContainerResponse {
  /**
   * What the engine returns for an inspection of each container.
   */
  containers: ContainerInspect[];
}
/**
 * How a container becomes an image.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "CommitOptions".
 *
 * @category Agent
 */
export interface CommitOptions {
  /**
   * ID or name of the container, if id is empty.
   */
  container?: string;
  /**
   * Repository of the image. Without one, the image has no name.
   */
  repository?: string;
  /**
   * Tag of the image. latest by default.
   */
  tag?: string;
  /**
   * Comment of the image.
   */
  message?: string;
  /**
   * Author of the image.
   */
  author?: string;
  /**
   * Configuration of containers of the image, in the engine's form.
   */
  run?: {
    [k: string]: unknown;
  };
}
/**
 * The answer of methods about images.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ImageResponse".
 *
 * @category Agent
 */
export interface ImageResponse {
  /**
   * The images.
   */
  images: Image[];
}
/**
 * An image of the agent's host.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "Image".
 *
 * @category Agent
 */
export interface Image {
  /**
   * ID or name of the image.
   */
  id: string;
  /**
   * Always container.
   */
  type: string;
  /**
   * Volume of images of virtual machines. Never sent.
   */
  volume?: string;
  /**
   * Snapshot of images of virtual machines. Never sent.
   */
  snapshot?: string;
  /**
   * Size in whole MB, rounded down.
   */
  size: number;
  /**
   * A remark of the engine about the image.
   */
  status?: string;
}
/**
 * A network interface of a guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "Nic".
 *
 * @category Agent
 */
export interface Nic {
  /**
   * Name of the interface within the guest, for callers; engines choose the real one.
   */
  name?: string;
  /**
   * Network that the interface belongs to. The engine's default network if omitted.
   */
  network?: string;
  /**
   * Hardware model of virtual machines. Stored, not used.
   */
  model?: string;
  /**
   * MAC address, such as 02:42:ac:11:00:02. Chosen by the engine if omitted.
   */
  mac?: string;
  /**
   * IPv4 or IPv6 address within the network's subnet. Chosen by the engine if omitted.
   */
  address?: string;
  /**
   * Netmask of the address, in results.
   */
  netmask?: string;
  /**
   * Gateway of the network, in results.
   */
  gateway?: string;
  /**
   * Name of a device of virtual machines. Stored, not used.
   */
  device?: string;
  /**
   * VLANs of the interface. Stored, not used.
   */
  vlans?: number[];
}
/**
 * A disk of a guest: a volume, a folder of the host, or memory.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "Disk".
 *
 * @category Agent
 */
export interface Disk {
  /**
   * Bus of virtual machines. Stored, not used.
   */
  bus?: string;
  /**
   * Absolute path within the guest where the disk is mounted.
   */
  device?: string;
  /**
   * Size in MB: the limit of a disk without volume and source, which is kept in memory.
   */
  size?: number;
  /**
   * Name of the volume that the disk is. It is created if it does not exist.
   */
  volume?: string;
  /**
   * Image of a disk of virtual machines. Refused: containers have none.
   */
  image?: string;
  /**
   * Absolute path on the host that the disk shows. The policy must allow it.
   */
  source?: string;
  /**
   * Whether the guest can only read the disk. false by default.
   */
  readOnly?: boolean;
}
/**
 * Settings of a guest as a container.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GuestContainer".
 *
 * @category Agent
 */
export interface GuestContainer {
  /**
   * Command and its arguments. That of the image by default.
   */
  command?: string[];
  /**
   * Entry point. That of the image by default.
   */
  entrypoint?: string[];
  /**
   * Environment variables.
   */
  env?: {
    [k: string]: string;
  };
  /**
   * User and group, such as 1000:1000. Those of the image by default.
   */
  user?: string;
  /**
   * Working directory. That of the image by default.
   */
  workingDirectory?: string;
  /**
   * Host name. The ID of the guest by default.
   */
  hostname?: string;
  /**
   * Whether the guest has a terminal. false by default.
   */
  tty?: boolean;
  /**
   * Whether standard input stays open. The agent's setting by default.
   */
  stdin?: boolean;
  /**
   * Whether an init process reaps the guest's processes. The engine's setting by default.
   */
  init?: boolean;
  /**
   * Whether the root file system is read-only. false by default.
   */
  readOnly?: boolean;
  /**
   * When the engine restarts the guest after its end.
   */
  restart?: "no" | "always" | "unless-stopped" | "on-failure";
  /**
   * Ports that the host publishes.
   */
  ports?: GuestPort[];
  /**
   * Whether the host publishes every exposed port. The agent's setting by default.
   */
  publishAll?: boolean;
  /**
   * Seconds between the stop signal and SIGKILL. 10 by default.
   */
  stopTimeout?: number;
  /**
   * Whether the guest has all rights of the host. The policy must allow it.
   */
  privileged?: boolean;
  /**
   * Devices of the host. The policy must allow each.
   */
  devices?: GuestDevice[];
  /**
   * Capabilities beyond the default ones. The policy must allow each.
   */
  capabilitiesAdded?: string[];
  /**
   * Capabilities that the guest does not have.
   */
  capabilitiesDropped?: string[];
  /**
   * Security options, such as seccomp=FILE. The policy must allow each.
   */
  securityOptions?: string[];
  /**
   * OCI runtime. The policy must allow it.
   */
  runtime?: string;
  /**
   * Parent control group. The policy must allow it.
   */
  cgroupParent?: string;
  /**
   * Network mode, such as none, in place of nics. The policy must allow host and container:.
   */
  networkMode?: string;
  /**
   * PID namespace. The policy must allow host and container:.
   */
  pidMode?: string;
  /**
   * IPC namespace. The policy must allow host and container:.
   */
  ipcMode?: string;
}
/**
 * A port of a guest that the host publishes.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GuestPort".
 *
 * @category Agent
 */
export interface GuestPort {
  /**
   * Port in the guest.
   */
  guest: number;
  /**
   * Port on the host. Chosen by the engine if omitted or 0.
   */
  host?: number;
  /**
   * Address of the host. All addresses by default.
   */
  address?: string;
  /**
   * tcp by default.
   */
  protocol?: "tcp" | "udp" | "sctp";
}
/**
 * A device of the host in a guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GuestDevice".
 *
 * @category Agent
 */
export interface GuestDevice {
  /**
   * Path of the device on the host.
   */
  host: string;
  /**
   * Path of the device in the guest. That on the host by default.
   */
  guest?: string;
  /**
   * Any of r, w and m. rwm by default.
   */
  permissions?: string;
}
/**
 * A container of the agent's host.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "Guest".
 *
 * @category Agent
 */
export interface Guest {
  /**
   * ID of the guest: the name and the host name of its container.
   */
  id: string;
  /**
   * Type of the guest. The agent's guests are of type container.
   */
  type?: string;
  /**
   * Image of the guest.
   */
  image?: string;
  /**
   * Network interfaces.
   */
  nics?: Nic[];
  /**
   * Disks.
   */
  disks?: Disk[];
  /**
   * What an inspection of the container says: running, paused or stopped; deleted after a deletion.
   */
  state?: string;
  /**
   * Memory limit in MB. 0 or omitted: no limit.
   */
  memory?: number;
  /**
   * CPU limit, in whole CPUs. 0 or omitted: no limit.
   */
  cpu?: number;
  /**
   * VNC port of virtual machines. Stored, not used.
   */
  vnc?: number;
  /**
   * Strings of the caller, kept as labels of the container.
   */
  metadata?: {
    [k: string]: string;
  };
  /**
   * Settings of the guest as a container.
   */
  container?: GuestContainer;
}
/**
 * The answer of methods about one guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GuestResponse".
 *
 * @category Agent
 */
export interface GuestResponse {
  /**
   * The guest with its state after the call.
   */
  guest: Guest;
  /**
   * Always empty. Sent by JSON-RPC 1.0, where some methods had it.
   */
  action?: string;
  /**
   * A remark, such as that the guest was running before.
   */
  message?: string;
}
/**
 * Credentials for a registry. Never logged or returned.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "RegistryCredentials".
 *
 * @category Agent
 */
export interface RegistryCredentials {
  /**
   * User name.
   */
  username?: string;
  /**
   * Password or access token.
   */
  password?: string;
  /**
   * Registry.
   */
  serveraddress?: string;
  /**
   * Identity token, in place of a password.
   */
  identitytoken?: string;
  /**
   * Bearer token for the registry.
   */
  registrytoken?: string;
}
/**
 * A pushed image.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PushResponse".
 *
 * @category Agent
 */
export interface PushResponse {
  /**
   * The image.
   */
  images: Image[];
  /**
   * Digest of the pushed manifest.
   */
  digest?: string;
}
/**
 * The output of a guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "LogsResponse".
 *
 * @category Agent
 */
export interface LogsResponse {
  /**
   * The lines. Empty with follow.
   */
  lines: LogLine[];
  /**
   * Whether earlier lines were left out.
   */
  truncated: boolean;
}
/**
 * A line of a guest's output.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "LogLine".
 *
 * @category Agent
 */
export interface LogLine {
  /**
   * The stream of the line.
   */
  stream: "stdin" | "stdout" | "stderr";
  /**
   * The line as UTF-8, without its end.
   */
  line: string;
}
/**
 * Measurements of a guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GuestMetricsResponse".
 *
 * @category Agent
 */
export interface GuestMetricsResponse {
  /**
   * The guest.
   */
  guest: {
    /**
     * ID of the guest.
     */
    id: string;
  };
  /**
   * The asked type: cpu, disk, nic, memory, or empty for all.
   */
  type: string;
  /**
   * Block devices. Engines on control groups v2 report no times: they are 0. Times are in nanoseconds.
   */
  disk?: {
    /**
     * Major and minor number of the device, such as 8:0.
     */
    disk: string;
    /**
     * Since the start of the guest.
     */
    read_ops: number;
    /**
     * Since the start of the guest.
     */
    read_bytes: number;
    /**
     * Since the start of the guest.
     */
    read_time: number;
    /**
     * Since the start of the guest.
     */
    write_ops: number;
    /**
     * Since the start of the guest.
     */
    write_bytes: number;
    /**
     * Since the start of the guest.
     */
    write_time: number;
    /**
     * Since the start of the guest.
     */
    flush_ops: number;
    /**
     * Since the start of the guest.
     */
    flush_time: number;
  }[];
  /**
   * Network interfaces.
   */
  nic?: {
    /**
     * Name of the interface in the guest.
     */
    name: string;
    /**
     * Since the start of the guest.
     */
    rx_bytes: number;
    /**
     * Since the start of the guest.
     */
    rx_packets: number;
    /**
     * Since the start of the guest.
     */
    rx_errors: number;
    /**
     * Since the start of the guest.
     */
    rx_drops: number;
    /**
     * Since the start of the guest.
     */
    tx_bytes: number;
    /**
     * Since the start of the guest.
     */
    tx_packets: number;
    /**
     * Since the start of the guest.
     */
    tx_errors: number;
    /**
     * Since the start of the guest.
     */
    tx_drops: number;
  }[];
  /**
   * CPUs: one entry for each where the engine reports them, otherwise one for all.
   */
  cpu?: {
    /**
     * CPU time of the guest, in nanoseconds.
     */
    cpu_time: number;
    /**
     * Of it, the time in user mode, in nanoseconds.
     */
    vcpu_time: number;
  }[];
  /**
   * Memory.
   */
  memory?: {
    /**
     * Bytes in use.
     */
    usage: number;
    /**
     * The most bytes.
     */
    limit: number;
  };
}
/**
 * The end of a command.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ExecResponse".
 *
 * @category Agent
 */
export interface ExecResponse {
  /**
   * Exit code. 127 if the executable does not exist, 126 if it cannot be started.
   */
  exitCode: number;
  /**
   * Standard output.
   */
  stdout: string;
  /**
   * Standard error.
   */
  stderr: string;
}
/**
 * The end of a guest.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "WaitResponse".
 *
 * @category Agent
 */
export interface WaitResponse {
  /**
   * Exit code of the guest.
   */
  exitCode: number;
}
/**
 * The end of a stream.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "EventsResponse".
 *
 * @category Agent
 */
export interface EventsResponse {
  /**
   * The number of events.
   */
  count: number;
}
/**
 * The state of the agent.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PingResponse".
 *
 * @category Agent
 */
export interface PingResponse {
  /**
   * Whether the engine answers.
   */
  engine: boolean;
  /**
   * The engine's highest API version, if it answers.
   */
  apiVersion?: string;
}
/**
 * A job.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "JobResponse".
 *
 * @category Agent
 */
export interface JobResponse {
  /**
   * The job.
   */
  job: Job;
}
/**
 * A call that continues without its caller.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "Job".
 *
 * @category Agent
 */
export interface Job {
  /**
   * ID of the job.
   */
  id: string;
  /**
   * The method that it runs.
   */
  method: string;
  /**
   * Its state.
   */
  state: "queued" | "running" | "done" | "failed" | "canceled";
  /**
   * The guest that it is about.
   */
  guest?: string;
  /**
   * When it was created, as RFC 3339.
   */
  created: string;
  /**
   * When it ended, as RFC 3339.
   */
  ended?: string;
  /**
   * The last record of its progress.
   */
  progress?: {
    [k: string]: unknown;
  };
  /**
   * The result of the method, once it is done.
   */
  result?: {
    [k: string]: unknown;
  };
  /**
   * The error of the method, once it has failed or was canceled.
   */
  error?: {
    /**
     * Code of JSON-RPC 2.0.
     */
    code: number;
    /**
     * What went wrong.
     */
    message: string;
    /**
     * Facts about it, such as its kind.
     */
    data?: {
      [k: string]: unknown;
    };
  };
}
/**
 * Jobs.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "JobsResponse".
 *
 * @category Agent
 */
export interface JobsResponse {
  /**
   * The jobs.
   */
  jobs: Job[];
}
/**
 * What callers of an agent may do.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PolicySettings".
 *
 * @category Agent
 */
export interface PolicySettings {
  /**
   * Patterns of the methods that may be called. All by default.
   */
  methods?: string[];
  /**
   * Patterns of the images that may be used, as docker.io/library/busybox:latest or busybox:latest. All by default.
   */
  images?: string[];
  /**
   * Patterns of the networks that guests may join; without one, a guest joins bridge. All but host and container: by default.
   */
  networks?: string[];
  /**
   * Patterns of the users that guests and commands in them may run as; that of the image counts, or root. All by default.
   */
  users?: string[];
  /**
   * Folders of the host that guests may mount, with everything below. None by default.
   */
  bindRoots?: string[];
  /**
   * Patterns of devices of the host. None by default.
   */
  devices?: string[];
  /**
   * Patterns of capabilities that may be added. None by default.
   */
  capabilities?: string[];
  /**
   * Patterns of security options. None by default.
   */
  securityOptions?: string[];
  /**
   * Patterns of OCI runtimes. None but the engine's default by default.
   */
  runtimes?: string[];
  /**
   * Patterns of parent control groups. None by default.
   */
  cgroupParents?: string[];
  /**
   * Whether guests may share the network, PID or IPC namespace of the host or of other containers. false by default.
   */
  hostNamespaces?: boolean;
  /**
   * Whether guests and commands may be privileged. false by default.
   */
  privileged?: boolean;
  /**
   * Whether only guests that an agent has created may be changed or read. false by default.
   */
  ownedOnly?: boolean;
}
/**
 * Parameters of {@link AgentMethods.listContainers}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ListContainersParams".
 *
 * @category Agent
 */
export interface ListContainersParams {
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  id?: string;
  /**
   * Which containers. The running ones by default.
   */
  opts?: ListOptions;
}
/**
 * Parameters of {@link AgentMethods.getContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GetContainerParams".
 *
 * @category Agent
 */
export interface GetContainerParams {
  /**
   * ID or name of the container.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  opts?: {
    [k: string]: unknown;
  };
}
/**
 * Parameters of {@link AgentMethods.saveContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "SaveContainerParams".
 *
 * @category Agent
 */
export interface SaveContainerParams {
  /**
   * ID or name of the container. It wins over that of the options.
   */
  id?: string;
  /**
   * How the image is created.
   */
  opts?: CommitOptions;
}
/**
 * Parameters of {@link AgentMethods.createContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "CreateContainerParams".
 *
 * @category Agent
 */
export interface CreateContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
}
/**
 * Parameters of {@link AgentMethods.deleteContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "DeleteContainerParams".
 *
 * @category Agent
 */
export interface DeleteContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
  /**
   * Whether a running guest is killed first. false by default: it is a conflict.
   */
  force?: boolean;
  /**
   * Whether its anonymous volumes are removed as well. false by default.
   */
  removeVolumes?: boolean;
}
/**
 * Parameters of {@link AgentMethods.startContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "StartContainerParams".
 *
 * @category Agent
 */
export interface StartContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
}
/**
 * Parameters of {@link AgentMethods.stopContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "StopContainerParams".
 *
 * @category Agent
 */
export interface StopContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
  /**
   * Seconds between the stop signal and SIGKILL. 10 by default, 60 for a restart.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.restartContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "RestartContainerParams".
 *
 * @category Agent
 */
export interface RestartContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
  /**
   * Seconds between the stop signal and SIGKILL. 10 by default, 60 for a restart.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.rebootContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "RebootContainerParams".
 *
 * @category Agent
 */
export interface RebootContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
  /**
   * Seconds between the stop signal and SIGKILL. 10 by default, 60 for a restart.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.pauseContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PauseContainerParams".
 *
 * @category Agent
 */
export interface PauseContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
}
/**
 * Parameters of {@link AgentMethods.unpauseContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "UnpauseContainerParams".
 *
 * @category Agent
 */
export interface UnpauseContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
}
/**
 * Parameters of {@link AgentMethods.killContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "KillContainerParams".
 *
 * @category Agent
 */
export interface KillContainerParams {
  /**
   * The guest.
   */
  guest: Guest;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  action?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
  /**
   * The signal, by name or number. SIGKILL by default.
   */
  signal?: string;
}
/**
 * Parameters of {@link AgentMethods.listImages}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ListImagesParams".
 *
 * @category Agent
 */
export interface ListImagesParams {
  /**
   * ID or name of the image.
   */
  id?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
  /**
   * Whether all images of the engine are listed. false by default.
   */
  all?: boolean;
}
/**
 * Parameters of {@link AgentMethods.getImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GetImageParams".
 *
 * @category Agent
 */
export interface GetImageParams {
  /**
   * ID or name of the image.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
}
/**
 * Parameters of {@link AgentMethods.importImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ImportImageParams".
 *
 * @category Agent
 */
export interface ImportImageParams {
  /**
   * ID of the image: lower-case letters and digits, separated by . _ - or /.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
  /**
   * Digest of the downloaded archive. A download with another one is refused.
   */
  digest?: string;
}
/**
 * Parameters of {@link AgentMethods.loadImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "LoadImageParams".
 *
 * @category Agent
 */
export interface LoadImageParams {
  /**
   * ID of the image: lower-case letters and digits, separated by . _ - or /.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
  /**
   * Digest of the downloaded archive. A download with another one is refused.
   */
  digest?: string;
}
/**
 * Parameters of {@link AgentMethods.pullImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PullImageParams".
 *
 * @category Agent
 */
export interface PullImageParams {
  /**
   * ID or name of the image.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * The image to pull, if it differs from id: it is then tagged as id as well.
   */
  source?: string;
  /**
   * Platform, such as linux/arm64. That of the engine by default.
   */
  platform?: string;
  /**
   * Credentials. Those of the agent's Docker configuration by default.
   */
  auth?: RegistryCredentials;
}
/**
 * Parameters of {@link AgentMethods.pushImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "PushImageParams".
 *
 * @category Agent
 */
export interface PushImageParams {
  /**
   * ID or name of the image.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
  /**
   * Credentials. Those of the agent's Docker configuration by default.
   */
  auth?: RegistryCredentials;
}
/**
 * Parameters of {@link AgentMethods.deleteImage}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "DeleteImageParams".
 *
 * @category Agent
 */
export interface DeleteImageParams {
  /**
   * ID or name of the image.
   */
  id: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  type?: string;
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  dest?: string;
  /**
   * Ignored except by PullImage.
   */
  source?: string;
  /**
   * Whether an image that stopped guests use is removed as well. false by default.
   */
  force?: boolean;
}
/**
 * Parameters of {@link AgentMethods.getLogs}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GetLogsParams".
 *
 * @category Agent
 */
export interface GetLogsParams {
  /**
   * ID of the guest.
   */
  id: string;
  /**
   * The number of lines from the end. All by default.
   */
  tail?: number;
  /**
   * Seconds since 1970, RFC 3339, or a duration before now such as 10m.
   */
  since?: string;
  /**
   * Seconds since 1970, RFC 3339, or a duration before now such as 10m.
   */
  until?: string;
  /**
   * Whether each line begins with its time. false by default.
   */
  timestamps?: boolean;
  /**
   * Whether standard output is returned. true by default.
   */
  stdout?: boolean;
  /**
   * Whether standard error is returned. true by default.
   */
  stderr?: boolean;
  /**
   * Whether new lines are reported as progress. false by default.
   */
  follow?: boolean;
}
/**
 * Parameters of {@link AgentMethods.getMetrics}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GetMetricsParams".
 *
 * @category Agent
 */
export interface GetMetricsParams {
  /**
   * The guest.
   */
  guest: {
    /**
     * ID of the guest.
     */
    id: string;
    [k: string]: unknown;
  };
  /**
   * Which measurements. All by default.
   */
  type?: "" | "disk" | "nic" | "cpu" | "memory";
  /**
   * Ignored. Callers of JSON-RPC 1.0 send it.
   */
  args?: {
    [k: string]: string;
  };
}
/**
 * Parameters of {@link AgentMethods.execContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ExecContainerParams".
 *
 * @category Agent
 */
export interface ExecContainerParams {
  /**
   * ID of the guest.
   */
  id: string;
  /**
   * The command and its arguments.
   *
   */
  command: [string, ...string[]];
  /**
   * Environment variables beyond those of the guest.
   */
  env?: {
    [k: string]: string;
  };
  /**
   * User and group. Those of the guest by default.
   */
  user?: string;
  /**
   * Working directory. That of the guest by default.
   */
  workingDirectory?: string;
  /**
   * Standard input. Empty by default.
   */
  input?: string;
  /**
   * How input and output are encoded. utf8 by default.
   */
  encoding?: "utf8" | "base64";
  /**
   * Whether the command has a terminal. false by default.
   */
  tty?: boolean;
  /**
   * Whether the command has all rights of the host. The policy must allow it.
   */
  privileged?: boolean;
  /**
   * Seconds after which the command is killed. 600 by default.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.waitContainer}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "WaitContainerParams".
 *
 * @category Agent
 */
export interface WaitContainerParams {
  /**
   * ID of the guest.
   */
  id: string;
  /**
   * Seconds after which the wait fails. No limit by default: ask for a stream or a job.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.streamEvents}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "StreamEventsParams".
 *
 * @category Agent
 */
export interface StreamEventsParams {
  /**
   * Filters of the engine, such as type, event or container.
   */
  filters?: {
    [k: string]: string[];
  };
  /**
   * Seconds since 1970, RFC 3339, or a duration before now such as 10m.
   */
  since?: string;
  /**
   * Seconds since 1970, RFC 3339, or a duration before now such as 10m.
   */
  until?: string;
}
/**
 * Parameters of {@link AgentMethods.getJob}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "GetJobParams".
 *
 * @category Agent
 */
export interface GetJobParams {
  /**
   * ID of the job.
   */
  id: string;
}
/**
 * Parameters of {@link AgentMethods.waitJob}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "WaitJobParams".
 *
 * @category Agent
 */
export interface WaitJobParams {
  /**
   * ID of the job.
   */
  id: string;
  /**
   * Seconds after which the job is returned as it is. 60 by default.
   */
  timeout?: number;
}
/**
 * Parameters of {@link AgentMethods.cancelJob}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "CancelJobParams".
 *
 * @category Agent
 */
export interface CancelJobParams {
  /**
   * ID of the job.
   */
  id: string;
}
/**
 * Parameters of {@link AgentMethods.listJobs}.
 *
 * This interface was referenced by `Unused`'s JSON-Schema
 * via the `definition` "ListJobsParams".
 *
 * @category Agent
 */
export interface ListJobsParams {
  /**
   * Only jobs in this state.
   */
  state?: "queued" | "running" | "done" | "failed" | "canceled";
  /**
   * Only jobs about this guest.
   */
  guest?: string;
}

/** The methods of an agent. @category Agent */
export interface AgentMethods {
  /** Returns what the engine says about itself.
   */
  getInfo(params?: Record<string, never>, options?: AgentCallOptions): Promise<SystemInfo>;

  /** Lists containers, each as an inspection shows it.
   *
   * A container that disappears meanwhile is left out.
   */
  listContainers(params?: ListContainersParams, options?: AgentCallOptions): Promise<ContainerResponse>;

  /** Returns what an inspection of one container says.
   */
  getContainer(params: GetContainerParams, options?: AgentCallOptions): Promise<ContainerResponse>;

  /** Creates an image from a container.
   *
   * The size of the result is 0: the engine returns only an ID.
   */
  saveContainer(params?: SaveContainerParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Creates the container of a guest. It is not started.
   *
   * The policy is checked before anything reaches the engine. A creation that fails half-way is undone. With an idempotency key, a creation that was cut off is found again by its label.
   */
  createContainer(params: CreateContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Removes the container of a guest.
   */
  deleteContainer(params: DeleteContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Starts a guest. A guest that runs already is no failure.
   */
  startContainer(params: StartContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Stops a guest. A guest that does not run is no failure.
   */
  stopContainer(params: StopContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Stops a guest, if it runs, and starts it.
   */
  restartContainer(params: RestartContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Does what RestartContainer does, under another name of mdocker's.
   */
  rebootContainer(params: RebootContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Pauses all processes of a guest.
   */
  pauseContainer(params: PauseContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Resumes all processes of a paused guest.
   */
  unpauseContainer(params: UnpauseContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Sends a signal to a guest. It does not wait for other calls about the guest, since it may be what ends them.
   *
   * The guest of the answer is what an inspection right after the signal says: it may still be running.
   */
  killContainer(params: KillContainerParams, options?: AgentCallOptions): Promise<GuestResponse>;

  /** Lists the images that an agent has imported or loaded.
   */
  listImages(params?: ListImagesParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Returns one image.
   */
  getImage(params: GetImageParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Downloads an image from the image service, as mistify-imports/ID, unless it is there.
   *
   * The download is complete, within the limits and verified before the engine gets any of it.
   */
  importImage(params: ImportImageParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Downloads an image from the image service, under its ID as its name, unless it is there.
   *
   * The download is complete, within the limits and verified before the engine gets any of it. Images of other names stay as they are.
   */
  loadImage(params: LoadImageParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Pulls an image from a registry.
   */
  pullImage(params: PullImageParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Pushes an image to a registry.
   */
  pushImage(params: PushImageParams, options?: AgentCallOptions): Promise<PushResponse>;

  /** Removes an image and returns it as it was.
   */
  deleteImage(params: DeleteImageParams, options?: AgentCallOptions): Promise<ImageResponse>;

  /** Returns the output of a guest.
   *
   * With follow, each line is progress, until the guest ends or the caller leaves: ask for a stream or a job. Otherwise the lines are in the result, the last ones if they exceed 1 MiB.
   */
  getLogs(params: GetLogsParams, options?: AgentCallOptions): Promise<LogsResponse>;

  /** Returns measurements of a running guest.
   */
  getMetrics(params: GetMetricsParams, options?: AgentCallOptions): Promise<GuestMetricsResponse>;

  /** Runs a command in a running guest and returns its exit code and output.
   */
  execContainer(params: ExecContainerParams, options?: AgentCallOptions): Promise<ExecResponse>;

  /** Waits for the end of a guest.
   */
  waitContainer(params: WaitContainerParams, options?: AgentCallOptions): Promise<WaitResponse>;

  /** Reports the engine's events as progress until the caller leaves: ask for a stream or a job.
   */
  streamEvents(params?: StreamEventsParams, options?: AgentCallOptions): Promise<EventsResponse>;

  /** Returns the version of the agent, and whether its engine answers.
   */
  ping(params?: Record<string, never>, options?: AgentCallOptions): Promise<PingResponse>;

  /** Returns a job. Jobs are kept for an hour after their end, the last 1,000 of them.
   */
  getJob(params: GetJobParams, options?: AgentCallOptions): Promise<JobResponse>;

  /** Waits for the end of a job and returns it.
   */
  waitJob(params: WaitJobParams, options?: AgentCallOptions): Promise<JobResponse>;

  /** Cancels a job and returns it once it has ended.
   */
  cancelJob(params: CancelJobParams, options?: AgentCallOptions): Promise<JobResponse>;

  /** Lists the jobs, the newest first.
   */
  listJobs(params?: ListJobsParams, options?: AgentCallOptions): Promise<JobsResponse>;

  /** Returns the description of all methods, as an OpenRPC document.
   */
  discover(params?: Record<string, never>, options?: AgentCallOptions): Promise<Record<string, unknown>>;
}

/** The names of the methods on the wire. @internal */
export const METHOD_NAMES = {
  getInfo: "GetInfo",
  listContainers: "ListContainers",
  getContainer: "GetContainer",
  saveContainer: "SaveContainer",
  createContainer: "CreateContainer",
  deleteContainer: "DeleteContainer",
  startContainer: "StartContainer",
  stopContainer: "StopContainer",
  restartContainer: "RestartContainer",
  rebootContainer: "RebootContainer",
  pauseContainer: "PauseContainer",
  unpauseContainer: "UnpauseContainer",
  killContainer: "KillContainer",
  listImages: "ListImages",
  getImage: "GetImage",
  importImage: "ImportImage",
  loadImage: "LoadImage",
  pullImage: "PullImage",
  pushImage: "PushImage",
  deleteImage: "DeleteImage",
  getLogs: "GetLogs",
  getMetrics: "GetMetrics",
  execContainer: "ExecContainer",
  waitContainer: "WaitContainer",
  streamEvents: "StreamEvents",
  ping: "Agent.Ping",
  getJob: "Agent.GetJob",
  waitJob: "Agent.WaitJob",
  cancelJob: "Agent.CancelJob",
  listJobs: "Agent.ListJobs",
  discover: "rpc.discover",
} as const satisfies Record<keyof AgentMethods, string>;
