import type { HealthConfig } from "./health.js";
import type { IsolationMode } from "./host-config.js";
import type { Mount } from "./mounts.js";
import type { Ulimit } from "./resources.js";

/** How the containers of a service resolve names. @category Services */
export interface TaskDNSConfig {
  /** IP addresses of name servers. */
  Nameservers?: string[] | null;
  /** Domains in which names without a dot are looked for. */
  Search?: string[] | null;
  /** Options of the resolver, such as `ndots:2`. */
  Options?: string[] | null;
}

/** Credentials of a managed service account, one of the three sources. Windows only. API 1.30+. @category Services */
export interface CredentialSpec {
  /** ID of a config that holds them; list it in `Configs`, with `Runtime`. API 1.40+. */
  Config?: string;
  /** File that holds them, below `CredentialSpecs` in the engine's data directory. */
  File?: string;
  /** Value of the Windows registry that holds them. */
  Registry?: string;
}

/** SELinux labels of a container. API 1.30+. @category Services */
export interface SELinuxContext {
  /** Switches SELinux off for the container. */
  Disable?: boolean;
  /** User label. */
  User?: string;
  /** Role label. */
  Role?: string;
  /** Type label. */
  Type?: string;
  /** Level label. */
  Level?: string;
}

/**
 * What decides which system calls a container may make. API 1.44+.
 *
 * @enum
 * @category Services
 */
export const SeccompMode = {
  /** The engine's own profile. */
  Default: "default",
  /** Nothing: all are allowed. */
  Unconfined: "unconfined",
  /** A profile that the service brings along. */
  Custom: "custom",
} as const;

/** What decides which system calls a container may make. API 1.44+. @category Services */
export type SeccompMode = (typeof SeccompMode)[keyof typeof SeccompMode];

/** Which system calls a container may make. API 1.44+. @category Services */
export interface SeccompOptions {
  /** What decides that. */
  Mode?: SeccompMode;
  /** The profile: its JSON, in base64. With `custom` only. */
  Profile?: string | null;
}

/**
 * Whether AppArmor confines a container. API 1.44+.
 *
 * @enum
 * @category Services
 */
export const AppArmorMode = {
  /** By the engine's own profile. */
  Default: "default",
  /** Not at all. */
  Disabled: "disabled",
} as const;

/** Whether AppArmor confines a container. API 1.44+. @category Services */
export type AppArmorMode = (typeof AppArmorMode)[keyof typeof AppArmorMode];

/** How AppArmor confines a container. API 1.44+. @category Services */
export interface AppArmorOptions {
  /** Whether it does. */
  Mode?: AppArmorMode;
}

/** What the containers of a service may do. API 1.30+. @category Services */
export interface Privileges {
  /** Credentials of a managed service account. Windows only. */
  CredentialSpec?: CredentialSpec | null;
  /** SELinux labels. */
  SELinuxContext?: SELinuxContext | null;
  /** Which system calls are allowed. API 1.44+. */
  Seccomp?: SeccompOptions | null;
  /** How AppArmor confines them. API 1.44+. */
  AppArmor?: AppArmorOptions | null;
  /** Whether programs can never gain privileges that their parent lacks. API 1.44+. */
  NoNewPrivileges?: boolean;
}

/** The file as which a container sees a secret or a config. @category Services */
export interface ReferenceFileTarget {
  /** Path in the container. A relative one of a secret is below `/run/secrets`, that of a config below `/`. */
  Name?: string;
  /** Number of the user who owns the file, as text. */
  UID?: string;
  /** Number of the group that owns the file, as text. */
  GID?: string;
  /** Permissions, as the bits of a file mode, such as `0o444`. */
  Mode?: number;
}

/** A secret that containers of a service see. API 1.27+. @category Services */
export interface ServiceSecretReference {
  /** The file as which they see it. */
  File?: ReferenceFileTarget;
  /** ID of the secret. */
  SecretID?: string;
  /** Its name, for display: the ID decides. */
  SecretName?: string;
}

/** A config that containers of a service see. API 1.30+. @category Services */
export interface ServiceConfigReference {
  /** The file as which they see it. Not with `Runtime`. */
  File?: ReferenceFileTarget;
  /** Set for a config that is not mounted but used by the task, such as one with a `CredentialSpec`. API 1.40+. */
  Runtime?: Record<string, never>;
  /** ID of the config. */
  ConfigID?: string;
  /** Its name, for display: the ID decides. */
  ConfigName?: string;
}

/** What runs in the containers of a service. What is left out comes from the image. @category Services */
export interface ContainerSpec {
  /** Image that the containers are made from. */
  Image?: string;
  /** Labels of the containers. Those of the service are in its own `Labels`. */
  Labels?: Record<string, string> | null;
  /** Program, in place of the image's entrypoint. */
  Command?: string[] | null;
  /** Arguments, in place of the image's command. */
  Args?: string[] | null;
  /** Host name in the containers. It may hold templates such as `{{.Task.Slot}}`. API 1.27+. */
  Hostname?: string;
  /** Environment, as `NAME=value`. Values may hold templates such as `{{.Node.Hostname}}`. */
  Env?: string[] | null;
  /** Directory in which the program starts. */
  Dir?: string;
  /** Who runs the program: `user`, `user:group`, or their numbers. */
  User?: string;
  /** Further groups of that user. API 1.27+. */
  Groups?: string[] | null;
  /** What the containers may do. API 1.30+. */
  Privileges?: Privileges | null;
  /** Whether the program has a terminal. Its output is then one raw stream. */
  TTY?: boolean;
  /** Whether standard input stays open. API 1.27+. */
  OpenStdin?: boolean;
  /** Whether the containers' own file system is read-only. API 1.27+. */
  ReadOnly?: boolean;
  /** What is mounted. Sources of bind mounts must exist on every node that runs a task. */
  Mounts?: Mount[] | null;
  /** Signal that asks a container to stop, by name or number. API 1.28+. */
  StopSignal?: string;
  /** Time from that signal to the kill, in nanoseconds. By default 10 seconds. */
  StopGracePeriod?: number | null;
  /** How the containers' health is checked, spelt as engines send it. An unhealthy container's task fails. API 1.27+. */
  Healthcheck?: HealthConfig | null;
  /** `Healthcheck` as the API's documents spell it. Engines read it, and send the other. API 1.27+. */
  HealthCheck?: HealthConfig | null;
  /** Lines for `/etc/hosts`, as `address name [alias…]`. API 1.27+. */
  Hosts?: string[] | null;
  /** How names are resolved. */
  DNSConfig?: TaskDNSConfig | null;
  /** Secrets that the containers see. API 1.27+. */
  Secrets?: ServiceSecretReference[] | null;
  /** Configs that the containers see. API 1.30+. */
  Configs?: ServiceConfigReference[] | null;
  /** How the containers are kept apart from their host. Windows only. API 1.35+. */
  Isolation?: IsolationMode;
  /** Whether the engine's own small init runs as the first process. By default as each node's engine is set up. API 1.38+. */
  Init?: boolean | null;
  /** Kernel settings of the containers' namespaces, by name. API 1.40+. */
  Sysctls?: Record<string, string> | null;
  /** Capabilities beyond the default ones, such as `CAP_NET_ADMIN`. API 1.41+. */
  CapabilityAdd?: string[] | null;
  /** Default capabilities that are taken away. API 1.41+. */
  CapabilityDrop?: string[] | null;
  /** Resource limits of the containers' processes. API 1.41+. */
  Ulimits?: Ulimit[] | null;
  /** How readily the kernel ends the containers' processes when memory runs out, from -1000 to 1000. API 1.46+. */
  OomScoreAdj?: number;
}
