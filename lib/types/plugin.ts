/** A privilege on the host that a plugin requests. @category Plugins */
export interface PluginPrivilege {
  /**
   * Name of the privilege: `network`, `host ipc namespace`, `host pid namespace`, `mount`, `device`,
   * `allow-all-devices` or `capabilities`.
   */
  Name: string;
  /** Description of the privilege. Optional when granting it. */
  Description?: string;
  /**
   * Values of the privilege: the network type, a host path, capability names, or `true` for an all-or-nothing
   * privilege.
   */
  Value: string[];
}

/** A host directory or device mounted into a plugin. @category Plugins */
export interface PluginMount {
  /** Name used to configure the mount. */
  Name: string;
  /** Description of the mount. */
  Description: string;
  /** Configurable fields: `source`. Empty if there are none. */
  Settable: string[];
  /** Path on the host. Null if not set. */
  Source: string | null;
  /** Path in the plugin. */
  Destination: string;
  /** Type of the mount, such as `bind`. */
  Type: string;
  /** Mount options, such as `rbind`. */
  Options: string[];
}

/** A host device exposed to a plugin. @category Plugins */
export interface PluginDevice {
  /** Name used to configure the device. */
  Name: string;
  /** Description of the device. */
  Description: string;
  /** Configurable fields: `path`. Empty if there are none. */
  Settable: string[];
  /** Path of the device on the host. Null if not set. */
  Path: string | null;
}

/** An environment variable of a plugin. @category Plugins */
export interface PluginEnv {
  /** Name of the variable. */
  Name: string;
  /** Description of the variable. */
  Description: string;
  /** Configurable fields: `value`. Empty if there are none. */
  Settable: string[];
  /** Default value. Null if there is none. */
  Value: string | null;
}

/** Command-line arguments of a plugin. @category Plugins */
export interface PluginArgs {
  /** Name used to configure the arguments. */
  Name: string;
  /** Description of the arguments. */
  Description: string;
  /** Configurable fields: `value`. Empty if there are none. */
  Settable: string[];
  /** Default arguments. */
  Value: string[];
}

/** Interface between the engine and a plugin. @category Plugins */
export interface PluginInterface {
  /**
   * Plugin types, such as `docker.volumedriver/1.0`. Engines always send strings, although the API reference
   * before 1.52 describes objects.
   */
  Types: string[];
  /** Name of the plugin's socket in its `/run/docker/plugins` directory. */
  Socket: string;
  /** Protocol of the plugin. Empty or absent for the default protocol. Added in API 1.38. */
  ProtocolScheme?: "" | "moby.plugins.http/v1" | (string & {});
}

/** User that a plugin runs as. @category Plugins */
export interface PluginUser {
  /** User ID. Defaults to 0. */
  UID?: number;
  /** Group ID. Defaults to 0. */
  GID?: number;
}

/** Network settings of a plugin. @category Plugins */
export interface PluginNetwork {
  /** Network type: `none`, `bridge` or `host`. */
  Type: string;
}

/** Linux settings of a plugin. @category Plugins */
export interface PluginLinux {
  /** Additional capabilities, such as `CAP_SYS_ADMIN`. */
  Capabilities: string[];
  /** Whether the plugin can access all host devices. */
  AllowAllDevices: boolean;
  /** Devices exposed to the plugin. */
  Devices: PluginDevice[];
}

/** Root file system of a plugin. @category Plugins */
export interface PluginRootFS {
  /** Always `layers`. */
  type?: string;
  /** Digests of the layers. */
  diff_ids?: string[];
}

/** Configuration of a plugin, as defined in `config.json` by its author. @category Plugins */
export interface PluginConfig {
  /** Version of the engine that created the plugin. Added in API 1.29. Removed in API 1.52. */
  DockerVersion?: string;
  /** Description of the plugin. */
  Description: string;
  /** URL of the documentation. */
  Documentation: string;
  /** Interface between the engine and the plugin. */
  Interface: PluginInterface;
  /** Command of the plugin. */
  Entrypoint: string[];
  /** Working directory of the command. */
  WorkDir: string;
  /** User that runs the command. */
  User?: PluginUser;
  /** Network settings. */
  Network: PluginNetwork;
  /** Linux settings. */
  Linux: PluginLinux;
  /** Path in the plugin whose mounts are propagated to the host. Empty if there is none. */
  PropagatedMount: string;
  /** Whether the plugin shares the IPC namespace of the host. Added in API 1.29. */
  IpcHost?: boolean;
  /** Whether the plugin shares the PID namespace of the host. Added in API 1.29. */
  PidHost?: boolean;
  /** Mounts of the plugin. */
  Mounts: PluginMount[];
  /** Environment variables. */
  Env: PluginEnv[];
  /** Command-line arguments. */
  Args: PluginArgs;
  /** Root file system. */
  rootfs?: PluginRootFS;
}

/** Current settings of a plugin. Unset values come from its configuration. @category Plugins */
export interface PluginSettings {
  /** Mounts of the plugin. */
  Mounts: PluginMount[];
  /** Environment variables, as `NAME=value`. */
  Env: string[];
  /** Command-line arguments. */
  Args: string[];
  /** Devices exposed to the plugin. */
  Devices: PluginDevice[];
}

/** A managed plugin, such as a volume or network driver. @category Plugins */
export interface Plugin {
  /** ID of the plugin. */
  Id?: string;
  /** Name of the plugin, including the tag. */
  Name: string;
  /** Whether the plugin is enabled. */
  Enabled: boolean;
  /** Current settings. */
  Settings: PluginSettings;
  /** Configuration from the author. */
  Config: PluginConfig;
  /** Reference that the plugin was installed from. Added in API 1.26. */
  PluginReference?: string;
}
