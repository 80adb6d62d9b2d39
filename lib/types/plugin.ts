/** Something on the engine's host that a plugin is not given unless it is granted. @category Plugins */
export interface PluginPrivilege {
  /**
   * What it is: `network`, `host ipc namespace`, `host pid namespace`, `mount`, `device`, `allow-all-devices` or
   * `capabilities`.
   */
  Name: string;
  /** What it is for, in the engine's words. Needs not be given where a privilege is granted. */
  Description?: string;
  /** What of it: the kind of network, a path on the host, names of capabilities, or `true` where it is all or nothing. */
  Value: string[];
}

/** A directory or device of the host that a plugin gets mounted. @category Plugins */
export interface PluginMount {
  /** Name under which it is set. */
  Name: string;
  /** What it is for. */
  Description: string;
  /** Which of its parts can be set: `source`. Null when none can. */
  Settable: string[] | null;
  /** Path on the host. Null until it is set. */
  Source: string | null;
  /** Path within the plugin. */
  Destination: string;
  /** Kind of the mount, such as `bind`. */
  Type: string;
  /** Options of the mount, such as `rbind`. */
  Options: string[] | null;
}

/** A device of the host that a plugin gets. @category Plugins */
export interface PluginDevice {
  /** Name under which it is set. */
  Name: string;
  /** What it is for. */
  Description: string;
  /** Which of its parts can be set: `path`. Null when none can. */
  Settable: string[] | null;
  /** Path of the device on the host. Null until it is set. */
  Path: string | null;
}

/** A variable of a plugin's environment. @category Plugins */
export interface PluginEnv {
  /** Name of the variable. */
  Name: string;
  /** What it is for. */
  Description: string;
  /** Which of its parts can be set: `value`. Null when none can. */
  Settable: string[] | null;
  /** Its value, unless it is set. Null when it has none. */
  Value: string | null;
}

/** The arguments of a plugin's command. @category Plugins */
export interface PluginArgs {
  /** Name under which they are set. */
  Name: string;
  /** What they are for. */
  Description: string;
  /** Which of their parts can be set: `value`. Null when none can. */
  Settable: string[] | null;
  /** The arguments, unless they are set. */
  Value: string[] | null;
}

/** How the engine talks to a plugin. @category Plugins */
export interface PluginInterface {
  /**
   * What the plugin is: texts such as `docker.volumedriver/1.0`. The documents before API 1.52 speak of objects, which no
   * engine has sent.
   */
  Types: string[] | null;
  /** Name of the socket at which the plugin listens, in its `/run/docker/plugins`. */
  Socket: string;
  /** The protocol that is spoken there; the engine's own when it is absent or empty. API 1.38+. */
  ProtocolScheme?: "" | "moby.plugins.http/v1" | (string & {});
}

/** The user that a plugin runs as. @category Plugins */
export interface PluginUser {
  /** User ID. By default 0. */
  UID?: number;
  /** Group ID. By default 0. */
  GID?: number;
}

/** The network of a plugin. @category Plugins */
export interface PluginNetwork {
  /** Kind of the network: `none`, `bridge` or `host`. */
  Type: string;
}

/** What a plugin may do on Linux. @category Plugins */
export interface PluginLinux {
  /** Capabilities beside the usual ones, such as `CAP_SYS_ADMIN`. */
  Capabilities: string[] | null;
  /** Whether it may use every device of the host. */
  AllowAllDevices: boolean;
  /** Devices that it gets. */
  Devices: PluginDevice[] | null;
}

/** What a plugin's file system is made of. @category Plugins */
export interface PluginRootFS {
  /** Always `layers`. */
  type?: string;
  /** Digests of the layers. */
  diff_ids?: string[];
}

/** What a plugin is, as its author wrote it in `config.json`. @category Plugins */
export interface PluginConfig {
  /** Version of the engine that made it. API 1.29+. Gone from API 1.52. */
  DockerVersion?: string;
  /** What the plugin is for. */
  Description: string;
  /** Where to read more, as a URL. */
  Documentation: string;
  /** How the engine talks to it. */
  Interface: PluginInterface;
  /** Its command. */
  Entrypoint: string[] | null;
  /** The directory in which the command runs. */
  WorkDir: string;
  /** The user that the command runs as. */
  User?: PluginUser;
  /** Its network. */
  Network: PluginNetwork;
  /** What it may do on Linux. */
  Linux: PluginLinux;
  /** The path in it below which its own mounts reach the host; empty when it has none. */
  PropagatedMount: string;
  /** Whether it shares the host's IPC namespace. API 1.29+. */
  IpcHost?: boolean;
  /** Whether it shares the host's process IDs. API 1.29+. */
  PidHost?: boolean;
  /** What it gets mounted. */
  Mounts: PluginMount[] | null;
  /** Variables of its environment. */
  Env: PluginEnv[] | null;
  /** Arguments of its command. */
  Args: PluginArgs;
  /** What its file system is made of. */
  rootfs?: PluginRootFS;
}

/** What has been set of a plugin; what has not is as its configuration says. @category Plugins */
export interface PluginSettings {
  /** What it gets mounted. */
  Mounts: PluginMount[] | null;
  /** Environment, each entry `NAME=value`. */
  Env: string[] | null;
  /** Arguments of its command. */
  Args: string[] | null;
  /** Devices that it gets. */
  Devices: PluginDevice[] | null;
}

/** A plugin that the engine runs for itself, such as a volume or network driver. @category Plugins */
export interface Plugin {
  /** ID of the plugin. */
  Id?: string;
  /** Name of the plugin, with its tag. */
  Name: string;
  /** Whether it runs. */
  Enabled: boolean;
  /** What has been set of it. */
  Settings: PluginSettings;
  /** What it is. */
  Config: PluginConfig;
  /** The reference that it was installed from. API 1.26+. */
  PluginReference?: string;
}
