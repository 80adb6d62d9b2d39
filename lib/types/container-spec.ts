import type { HealthConfig } from "./health.js";
import type { IsolationMode } from "./host-config.js";
import type { Mount } from "./mounts.js";
import type { Ulimit } from "./resources.js";

/** DNS settings of a service's containers. @category Services */
export interface TaskDNSConfig {
  /** IP addresses of the DNS servers. */
  Nameservers?: string[] | null;
  /** Search domains for host names. */
  Search?: string[] | null;
  /** Resolver options, such as `ndots:2`. */
  Options?: string[] | null;
}

/**
 * Source of the credentials for a managed service account. Set exactly one. Windows only. Added in API 1.30.
 *
 * @category Services
 */
export interface CredentialSpec {
  /**
   * ID of the config with the credential spec. It must also be listed in `Configs` with `Runtime`. Added in
   * API 1.40.
   */
  Config?: string;
  /**
   * Name of the file with the credential spec, in the `CredentialSpecs` directory of the engine's data
   * directory.
   */
  File?: string;
  /** Name of the Windows registry value with the credential spec. */
  Registry?: string;
}

/** SELinux labels of a container. Added in API 1.30. @category Services */
export interface SELinuxContext {
  /** Whether to disable SELinux for the container. */
  Disable?: boolean;
  /** SELinux user label. */
  User?: string;
  /** SELinux role label. */
  Role?: string;
  /** SELinux type label. */
  Type?: string;
  /** SELinux level label. */
  Level?: string;
}

/**
 * Seccomp mode of a container. Added in API 1.44.
 *
 * @enum
 * @category Services
 */
export const SeccompMode = {
  /** The engine's default profile. */
  Default: "default",
  /** No seccomp profile: all system calls are allowed. */
  Unconfined: "unconfined",
  /** Custom profile from the service spec. */
  Custom: "custom",
} as const;

/** Seccomp mode of a container. Added in API 1.44. @category Services */
export type SeccompMode = (typeof SeccompMode)[keyof typeof SeccompMode];

/** Seccomp settings of a container. Added in API 1.44. @category Services */
export interface SeccompOptions {
  /** Seccomp mode. */
  Mode?: SeccompMode;
  /** JSON of the seccomp profile, encoded in base64. Only with `custom`. */
  Profile?: string | null;
}

/**
 * AppArmor mode of a container. Added in API 1.44.
 *
 * @enum
 * @category Services
 */
export const AppArmorMode = {
  /** The engine's default profile. */
  Default: "default",
  /** No AppArmor confinement. */
  Disabled: "disabled",
} as const;

/** AppArmor mode of a container. Added in API 1.44. @category Services */
export type AppArmorMode = (typeof AppArmorMode)[keyof typeof AppArmorMode];

/** AppArmor settings of a container. Added in API 1.44. @category Services */
export interface AppArmorOptions {
  /** AppArmor mode. */
  Mode?: AppArmorMode;
}

/** Security settings of a service's containers. Added in API 1.30. @category Services */
export interface Privileges {
  /** Source of the credentials for a managed service account. Windows only. */
  CredentialSpec?: CredentialSpec | null;
  /** SELinux labels. */
  SELinuxContext?: SELinuxContext | null;
  /** Seccomp settings. Added in API 1.44. */
  Seccomp?: SeccompOptions | null;
  /** AppArmor settings. Added in API 1.44. */
  AppArmor?: AppArmorOptions | null;
  /** Whether processes are prevented from gaining additional privileges. Added in API 1.44. */
  NoNewPrivileges?: boolean;
}

/** File in a container that holds a secret or a config. @category Services */
export interface ReferenceFileTarget {
  /** Path in the container. Relative to `/run/secrets` for secrets, and to `/` for configs. */
  Name?: string;
  /** Numeric user ID of the file owner, as a string. */
  UID?: string;
  /** Numeric group ID of the file owner, as a string. */
  GID?: string;
  /** File mode bits, such as `0o444`. */
  Mode?: number;
}

/** A secret that is exposed to a service. Added in API 1.27. @category Services */
export interface ServiceSecretReference {
  /** File that holds the secret. */
  File?: ReferenceFileTarget;
  /** ID of the secret. */
  SecretID?: string;
  /** Name of the secret, for display only; the ID is authoritative. */
  SecretName?: string;
}

/** A config that is exposed to a service. Added in API 1.30. @category Services */
export interface ServiceConfigReference {
  /** File that holds the config. Not allowed with `Runtime`. */
  File?: ReferenceFileTarget;
  /**
   * Set if the config is not mounted but used by the task itself, such as for a `CredentialSpec`. Added in
   * API 1.40.
   */
  Runtime?: Record<string, never>;
  /** ID of the config. */
  ConfigID?: string;
  /** Name of the config, for display only; the ID is authoritative. */
  ConfigName?: string;
}

/** Container settings of a service. Omitted settings come from the image. @category Services */
export interface ContainerSpec {
  /** Image of the containers. */
  Image?: string;
  /** Labels of the containers. Labels of the service are in `ServiceSpec.Labels`. */
  Labels?: Record<string, string> | null;
  /** Command that replaces the entrypoint of the image. */
  Command?: string[] | null;
  /** Arguments that replace the command of the image. */
  Args?: string[] | null;
  /** Host name of the containers. Supports templates such as `{{.Task.Slot}}`. Added in API 1.27. */
  Hostname?: string;
  /** Environment variables, as `NAME=value`. Values support templates such as `{{.Node.Hostname}}`. */
  Env?: string[] | null;
  /** Working directory of the command. */
  Dir?: string;
  /** User that runs the command: `user`, `user:group`, or numeric IDs. */
  User?: string;
  /** Additional groups of the user. Added in API 1.27. */
  Groups?: string[] | null;
  /** Security settings. Added in API 1.30. */
  Privileges?: Privileges | null;
  /** Whether the command runs in a terminal. If so, its output is a single raw stream. */
  TTY?: boolean;
  /** Whether standard input stays open. Added in API 1.27. */
  OpenStdin?: boolean;
  /** Whether the root file system is read-only. Added in API 1.27. */
  ReadOnly?: boolean;
  /** Mounts. Sources of bind mounts must exist on every node that runs a task. */
  Mounts?: Mount[] | null;
  /** Signal that stops a container, as a name or number. Added in API 1.28. */
  StopSignal?: string;
  /** Time to wait after the stop signal before killing the container, in nanoseconds. Defaults to 10 seconds. */
  StopGracePeriod?: number | null;
  /**
   * Health check, spelled as engines send it. A task fails when its container becomes unhealthy. Added in API
   * 1.27.
   */
  Healthcheck?: HealthConfig | null;
  /**
   * `Healthcheck` as the API reference spells it. Engines accept it, but send the other spelling. Added in
   * API 1.27.
   */
  HealthCheck?: HealthConfig | null;
  /** Extra entries for `/etc/hosts`, as `address name [alias…]`. Added in API 1.27. */
  Hosts?: string[] | null;
  /** DNS settings. */
  DNSConfig?: TaskDNSConfig | null;
  /** Secrets that are exposed to the containers. Added in API 1.27. */
  Secrets?: ServiceSecretReference[] | null;
  /** Configs that are exposed to the containers. Added in API 1.30. */
  Configs?: ServiceConfigReference[] | null;
  /** Isolation technology. Windows only. Added in API 1.35. */
  Isolation?: IsolationMode;
  /** Whether an init process runs as PID 1. Defaults to the setting of the engine on the node. Added in API 1.38. */
  Init?: boolean | null;
  /** Namespaced kernel parameters (sysctls), by name. Added in API 1.40. */
  Sysctls?: Record<string, string> | null;
  /** Capabilities to add to the default set, such as `CAP_NET_ADMIN`. Added in API 1.41. */
  CapabilityAdd?: string[] | null;
  /** Capabilities to drop from the default set. Added in API 1.41. */
  CapabilityDrop?: string[] | null;
  /** Resource limits (ulimits) of the processes. Added in API 1.41. */
  Ulimits?: Ulimit[] | null;
  /** OOM score adjustment, from -1000 to 1000. Added in API 1.46. */
  OomScoreAdj?: number;
}
