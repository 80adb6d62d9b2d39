import type { Mount } from "./mounts.js";
import type { PortMap } from "./network-endpoint.js";
import type { Resources } from "./resources.js";

/**
 * When to restart a container that exited.
 *
 * @enum
 * @category Containers
 */
export const RestartPolicyName = {
  /** Not set; the same as {@link RestartPolicyName.No}. */
  Unset: "",
  /** Never. */
  No: "no",
  /** Always, including when the engine starts. */
  Always: "always",
  /** Always, except that a container stopped by a user is not restarted when the engine starts. */
  UnlessStopped: "unless-stopped",
  /** When the container exits with a non-zero exit code. */
  OnFailure: "on-failure",
} as const;

/** When to restart a container that exited. @category Containers */
export type RestartPolicyName = (typeof RestartPolicyName)[keyof typeof RestartPolicyName];

/**
 * Restart policy of a container. The delay doubles with each restart, starting at 100 milliseconds.
 *
 * @category Containers
 */
export interface RestartPolicy {
  /** When to restart the container. Defaults to never. */
  Name?: RestartPolicyName;
  /** Maximum number of restarts. Only with `on-failure`; `0` for no limit. */
  MaximumRetryCount?: number;
}

/**
 * Built-in logging drivers. Plugins can add drivers.
 *
 * @enum
 * @category Containers
 */
export const LogDriver = {
  /** JSON file. The default. */
  JsonFile: "json-file",
  /** Compact file format of the engine. */
  Local: "local",
  /** No logs are kept. */
  None: "none",
  /** Syslog, local or remote. */
  Syslog: "syslog",
  /** systemd journal. */
  Journald: "journald",
  /** Graylog Extended Log Format. */
  Gelf: "gelf",
  /** Fluentd. */
  Fluentd: "fluentd",
  /** Amazon CloudWatch Logs. */
  AwsLogs: "awslogs",
  /** Splunk's HTTP event collector. */
  Splunk: "splunk",
  /** Event Tracing for Windows. */
  EtwLogs: "etwlogs",
} as const;

/** Built-in logging drivers. @category Containers */
export type LogDriver = (typeof LogDriver)[keyof typeof LogDriver];

/** Logging settings of a container. @category Containers */
export interface LogConfig {
  /** Name of the logging driver. Empty or absent for the engine's default. */
  Type?: LogDriver | (string & {});
  /** Driver-specific options, such as `max-size`. */
  Config?: Record<string, string> | null;
}

/**
 * Isolation technology of a Windows container.
 *
 * @enum
 * @category Containers
 */
export const IsolationMode = {
  /** Not set; the same as {@link IsolationMode.Default}. Linux engines always send this. */
  Unset: "",
  /** The engine's default. */
  Default: "default",
  /** Process isolation: namespaces on the host kernel. */
  Process: "process",
  /** Hyper-V isolation: a virtual machine. */
  HyperV: "hyperv",
} as const;

/** Isolation technology. Windows only. @category Containers */
export type IsolationMode = (typeof IsolationMode)[keyof typeof IsolationMode];

/**
 * Cgroup namespace mode of a container. Added in API 1.41.
 *
 * @enum
 * @category Containers
 */
export const CgroupnsMode = {
  /** Not set; the engine's default applies. */
  Unset: "",
  /** Private cgroup namespace. */
  Private: "private",
  /** Cgroup namespace of the host. */
  Host: "host",
} as const;

/** Cgroup namespace mode of a container. @category Containers */
export type CgroupnsMode = (typeof CgroupnsMode)[keyof typeof CgroupnsMode];

/** An option of the LXC driver, which engines no longer support. @category Containers */
export interface KeyValuePair {
  /** Name of the option. */
  Key: string;
  /** Value of the option. */
  Value: string;
}

/**
 * Container settings that depend on the host. In requests, omitted settings default to the engine's.
 *
 * @category Containers
 */
export interface HostConfig extends Resources {
  /** Bind mounts and volumes, as `source:target[:options]`. */
  Binds?: string[] | null;
  /** File on the client to which the Docker CLI wrote the container ID. Engines only store the value. */
  ContainerIDFile?: string;
  /** Logging settings. */
  LogConfig?: LogConfig;
  /** Network mode: `default`, `bridge`, `host`, `none`, `container:<name or ID>`, or the name of a network. */
  NetworkMode?: string;
  /** Published ports. */
  PortBindings?: PortMap | null;
  /** Restart policy. */
  RestartPolicy?: RestartPolicy;
  /** Whether to remove the container when it exits. Added in API 1.25. */
  AutoRemove?: boolean;
  /** Driver for the volumes created from `Binds` and the image. */
  VolumeDriver?: string;
  /** Containers to mount volumes from, as `container[:ro|:rw]`. */
  VolumesFrom?: string[] | null;
  /** Mounts. Added in API 1.25. */
  Mounts?: Mount[] | null;
  /** Initial terminal size: rows, columns. Linux engines ignore it before API 1.42. */
  ConsoleSize?: [height: number, width: number] | null;
  /** Annotations for the runtime, such as OCI annotations. Added in API 1.43. */
  Annotations?: Record<string, string> | null;
  /** Kernel capabilities to add to the default set, such as `NET_ADMIN`, or `ALL`. */
  CapAdd?: string[] | null;
  /** Kernel capabilities to drop from the default set, or `ALL`. */
  CapDrop?: string[] | null;
  /** Complete list of kernel capabilities. Added in API 1.40. Removed in API 1.41. */
  Capabilities?: string[] | null;
  /** Cgroup namespace mode. Added in API 1.41. */
  CgroupnsMode?: CgroupnsMode;
  /** DNS servers. */
  Dns?: string[] | null;
  /** DNS resolver options, such as `ndots:2`. */
  DnsOptions?: string[] | null;
  /** DNS search domains. */
  DnsSearch?: string[] | null;
  /** Extra entries for the hosts file, as `name:address`; `host-gateway` resolves to the address of the host. */
  ExtraHosts?: string[] | null;
  /** Additional groups of the user that runs the command, by name or ID. */
  GroupAdd?: string[] | null;
  /**
   * IPC mode: `private`, `shareable`, `none`, `host` or `container:<name or ID>`. Empty for the engine's default. `private`,
   * `shareable` and `none` require API 1.32 or later.
   */
  IpcMode?: string;
  /** Cgroup of another container, as `container:<name or ID>`. */
  Cgroup?: string;
  /** Links to containers on the default network, as `container:alias`. */
  Links?: string[] | null;
  /** OOM score adjustment, from -1000 (never kill the container) to 1000. */
  OomScoreAdj?: number;
  /** PID namespace mode: `host` or `container:<name or ID>`. Empty for a private namespace. */
  PidMode?: string;
  /** Whether the container has all the privileges of root on the host. */
  Privileged?: boolean;
  /** Whether to publish every exposed port to a free host port. */
  PublishAllPorts?: boolean;
  /** Whether the root file system is read-only. */
  ReadonlyRootfs?: boolean;
  /** Security options for SELinux, AppArmor, seccomp and so on, such as `no-new-privileges`. */
  SecurityOpt?: string[] | null;
  /** Storage driver options, such as `{ size: "20G" }`. */
  StorageOpt?: Record<string, string> | null;
  /** Tmpfs mounts: mount options by path in the container. */
  Tmpfs?: Record<string, string> | null;
  /** UTS namespace mode: `host` to use the host name of the host. Empty for a private namespace. */
  UTSMode?: string;
  /** User namespace mode: `host` to disable user namespace remapping. Empty for the engine's default. */
  UsernsMode?: string;
  /** Size of `/dev/shm`, in bytes. Defaults to 64 MiB. */
  ShmSize?: number;
  /** Namespaced kernel parameters (sysctls), such as `{ "net.ipv4.ip_forward": "1" }`. */
  Sysctls?: Record<string, string> | null;
  /** Name of the OCI runtime. Empty for the engine's default. */
  Runtime?: string | null;
  /** Isolation technology. Windows only. */
  Isolation?: IsolationMode;
  /**
   * Paths to mask in the container, replacing the defaults. Null in responses if there are none.
   * Added in API 1.38.
   */
  MaskedPaths?: string[] | null;
  /**
   * Paths to make read-only in the container, replacing the defaults. Null in responses if there are none.
   * Added in API 1.38.
   */
  ReadonlyPaths?: string[] | null;
  /** LXC driver options. Removed in API 1.22. */
  LxcConf?: KeyValuePair[] | null;
}
