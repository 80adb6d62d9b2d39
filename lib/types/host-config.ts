import type { Mount } from "./mounts.js";
import type { PortMap } from "./network-endpoint.js";
import type { Resources } from "./resources.js";

/**
 * When a container that has ended starts again.
 *
 * @enum
 * @category Containers
 */
export const RestartPolicyName = {
  /** Not set, which is as good as {@link RestartPolicyName.No}. */
  Unset: "",
  /** Never. */
  No: "no",
  /** Always, also when the engine starts. */
  Always: "always",
  /** Always, but when the engine starts only if it was not stopped by a user. */
  UnlessStopped: "unless-stopped",
  /** When it ended with an exit code other than zero. */
  OnFailure: "on-failure",
} as const;

/** When a container that has ended starts again. @category Containers */
export type RestartPolicyName = (typeof RestartPolicyName)[keyof typeof RestartPolicyName];

/**
 * What happens when a container ends. Each restart waits twice as long as the one before, from 100 milliseconds on.
 *
 * @category Containers
 */
export interface RestartPolicy {
  /** When it starts again. By default never. */
  Name?: RestartPolicyName;
  /** After how many restarts the engine gives up. With `on-failure` only; `0` for never. */
  MaximumRetryCount?: number;
}

/**
 * The engine's own drivers for what containers print. Plugins add others.
 *
 * @enum
 * @category Containers
 */
export const LogDriver = {
  /** A file of JSON lines. The default. */
  JsonFile: "json-file",
  /** A compact file of the engine's own format. */
  Local: "local",
  /** Nothing is kept. */
  None: "none",
  /** The host's syslog, or another's. */
  Syslog: "syslog",
  /** The journal of systemd. */
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

/** The engine's own drivers for what containers print. @category Containers */
export type LogDriver = (typeof LogDriver)[keyof typeof LogDriver];

/** Where what a container prints goes. @category Containers */
export interface LogConfig {
  /** Name of the driver. Empty, or left out, for the engine's default. */
  Type?: LogDriver | (string & {});
  /** Settings that the driver understands, such as `max-size`. */
  Config?: Record<string, string> | null;
}

/**
 * How a Windows container is kept apart from its host.
 *
 * @enum
 * @category Containers
 */
export const IsolationMode = {
  /** Not set, which is as good as {@link IsolationMode.Default}; what Linux engines send. */
  Unset: "",
  /** As the engine is set up. */
  Default: "default",
  /** By namespaces, on the host's kernel. */
  Process: "process",
  /** By a virtual machine. */
  HyperV: "hyperv",
} as const;

/** How a Windows container is kept apart from its host. @category Containers */
export type IsolationMode = (typeof IsolationMode)[keyof typeof IsolationMode];

/**
 * Whose control groups a container sees. API 1.41+.
 *
 * @enum
 * @category Containers
 */
export const CgroupnsMode = {
  /** Not set: as the engine is set up. */
  Unset: "",
  /** Its own only. */
  Private: "private",
  /** The host's. */
  Host: "host",
} as const;

/** Whose control groups a container sees. @category Containers */
export type CgroupnsMode = (typeof CgroupnsMode)[keyof typeof CgroupnsMode];

/** A setting of the LXC driver that engines once had. @category Containers */
export interface KeyValuePair {
  /** Name of the setting. */
  Key: string;
  /** Its value. */
  Value: string;
}

/** How a container sits on its host. In a request, whatever is left out has the engine's default. @category Containers */
export interface HostConfig extends Resources {
  /** Volumes and paths of the host to mount, as `source:target[:options]`. */
  Binds?: string[] | null;
  /** File of the client into which the docker CLI wrote the ID; engines only keep it. */
  ContainerIDFile?: string;
  /** Where what the container prints goes. */
  LogConfig?: LogConfig;
  /** Network: `default`, `bridge`, `host`, `none`, `container:<name or ID>`, or the name of a network. */
  NetworkMode?: string;
  /** What the container's ports are published as. */
  PortBindings?: PortMap | null;
  /** What happens when the container ends. */
  RestartPolicy?: RestartPolicy;
  /** Whether the engine removes the container when it has ended. API 1.25+. */
  AutoRemove?: boolean;
  /** Driver of the volumes that `Binds` and the image make. */
  VolumeDriver?: string;
  /** Containers whose volumes are mounted too, as `container[:ro|:rw]`. */
  VolumesFrom?: string[] | null;
  /** What to mount, in full form. API 1.25+. */
  Mounts?: Mount[] | null;
  /** Size of the terminal: rows, columns. Heeded by Windows engines, and by Linux engines from API 1.42 on. */
  ConsoleSize?: [height: number, width: number] | null;
  /** Further data for the runtime, such as OCI annotations. API 1.43+. */
  Annotations?: Record<string, string> | null;
  /** Kernel capabilities beyond the default ones, such as `NET_ADMIN`, or `ALL`. */
  CapAdd?: string[] | null;
  /** Kernel capabilities to take away, or `ALL`. */
  CapDrop?: string[] | null;
  /** Kernel capabilities, all of them. API 1.40+. Gone from API 1.41. */
  Capabilities?: string[] | null;
  /** Whose control groups the container sees. API 1.41+. */
  CgroupnsMode?: CgroupnsMode;
  /** Name servers. */
  Dns?: string[] | null;
  /** Options of the resolver, such as `ndots:2`. */
  DnsOptions?: string[] | null;
  /** Domains in which the resolver searches. */
  DnsSearch?: string[] | null;
  /** Further lines of the hosts file, as `name:address`; `host-gateway` stands for the host's address. */
  ExtraHosts?: string[] | null;
  /** Further groups of the command's user, by name or number. */
  GroupAdd?: string[] | null;
  /**
   * Shared memory and semaphores: `private`, `shareable`, `none`, `host` or `container:<name or ID>`. Empty for the engine's
   * default. `private`, `shareable` and `none` from API 1.32 on.
   */
  IpcMode?: string;
  /** Control group of another container, as `container:<name or ID>`. */
  Cgroup?: string;
  /** Containers of the default network that are found by an alias, as `container:alias`. */
  Links?: string[] | null;
  /** Preference of the kernel for killing the container when memory runs out, from -1000 (never) to 1000. */
  OomScoreAdj?: number;
  /** Processes that the container sees: `host` or `container:<name or ID>`. Empty for its own. */
  PidMode?: string;
  /** Whether the container may do all that the host's root may. */
  Privileged?: boolean;
  /** Whether every exposed port is published at a free port of the host. */
  PublishAllPorts?: boolean;
  /** Whether the container's root file system is read-only. */
  ReadonlyRootfs?: boolean;
  /** Settings of SELinux, AppArmor, seccomp and the like, such as `no-new-privileges`. */
  SecurityOpt?: string[] | null;
  /** Settings of the storage driver for this container, such as `{ size: "20G" }`. */
  StorageOpt?: Record<string, string> | null;
  /** File systems in memory: mount options by path in the container. */
  Tmpfs?: Record<string, string> | null;
  /** Host name: `host` to share the host's. Empty for the container's own. */
  UTSMode?: string;
  /** User IDs: `host` to have none remapped. Empty for the engine's setting. */
  UsernsMode?: string;
  /** Size of `/dev/shm`, in bytes. By default 64 MiB. */
  ShmSize?: number;
  /** Kernel parameters of the container's namespaces, such as `{ "net.ipv4.ip_forward": "1" }`. */
  Sysctls?: Record<string, string> | null;
  /** Name of the OCI runtime. Empty for the engine's default. */
  Runtime?: string | null;
  /** How a Windows container is kept apart from its host. */
  Isolation?: IsolationMode;
  /** Paths that the container does not see, in place of the default ones. `null` for none, in answers. API 1.38+. */
  MaskedPaths?: string[] | null;
  /** Paths that the container cannot write to, in place of the default ones. `null` for none, in answers. API 1.38+. */
  ReadonlyPaths?: string[] | null;
  /** Settings of the LXC driver. Gone from API 1.22. */
  LxcConf?: KeyValuePair[] | null;
}
