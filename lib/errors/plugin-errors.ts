import { type ApiErrorDetails, ConflictError, NotFoundError, withReason } from "./api-error.js";
import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** Docker's message for a missing plugin, which adds nothing to the error's own message. */
const plainMessage = /^plugin ".*" not found$/;

/** The plugin does not exist. For an empty name, this error is thrown before anything is sent. @category Errors */
export class NoSuchPluginError extends NotFoundError {
  override name = "NoSuchPluginError";
  override readonly code = "ERR_NO_SUCH_PLUGIN";
  /** The requested name, ID or reference. */
  readonly plugin: string;

  /**
   * @param plugin - the requested name, ID or reference.
   * @param details - the engine's response.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    const summary = `no such plugin: ${plugin}`;
    // the message of a registry may explain why
    const explains = details.message !== "" && !plainMessage.test(details.message);
    super(details, explains ? `${summary} (${details.message})` : summary);
    this.plugin = plugin;
  }
}

/** Another plugin already has the name. @category Errors */
export class PluginAlreadyExistsError extends ConflictError {
  override name = "PluginAlreadyExistsError";
  override readonly code = "ERR_PLUGIN_ALREADY_EXISTS";
  /** The name in use. */
  readonly plugin: string;

  /**
   * @param plugin - the name in use.
   * @param details - the engine's response.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, withReason(`plugin already exists: ${plugin}`, details));
    this.plugin = plugin;
  }
}

/** A volume or network uses the plugin. @category Errors */
export class PluginInUseError extends ConflictError {
  override name = "PluginInUseError";
  override readonly code = "ERR_PLUGIN_IN_USE";
  /** The requested name or ID. */
  readonly plugin: string;

  /**
   * @param plugin - the requested name or ID.
   * @param details - the engine's response.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, withReason(`plugin is in use: ${plugin}`, details));
    this.plugin = plugin;
  }
}

/** The plugin is enabled, and the operation requires a disabled one. @category Errors */
export class PluginEnabledError extends ConflictError {
  override name = "PluginEnabledError";
  override readonly code = "ERR_PLUGIN_ENABLED";
  /** The requested name or ID. */
  readonly plugin: string;

  /**
   * @param plugin - the requested name or ID.
   * @param details - the engine's response.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, withReason(`plugin is enabled: ${plugin}`, details));
    this.plugin = plugin;
  }
}

/** The plugin is disabled, and the operation requires an enabled one. @category Errors */
export class PluginDisabledError extends ConflictError {
  override name = "PluginDisabledError";
  override readonly code = "ERR_PLUGIN_DISABLED";
  /** The requested name or ID. */
  readonly plugin: string;

  /**
   * @param plugin - the requested name or ID.
   * @param details - the engine's response.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, withReason(`plugin is disabled: ${plugin}`, details));
    this.plugin = plugin;
  }
}

/** A privilege that a plugin requests, with the values that were not granted. @category Plugins */
export interface UngrantedPrivilege {
  /** Name of the privilege, such as `network` or `capabilities`. */
  Name: string;
  /** The engine's description of the privilege. */
  Description?: string;
  /** The values that were not granted. */
  Value: string[];
}

/** A plugin requests privileges that the caller did not grant. Nothing was installed. @category Errors */
export class PluginPrivilegesError extends DockerError {
  override name = "PluginPrivilegesError";
  override readonly code = "ERR_PLUGIN_PRIVILEGES";
  /** The reference of the plugin. */
  readonly plugin: string;
  /** The privileges that were not granted. Together with the granted ones, they are all that the plugin requests. */
  readonly privileges: readonly UngrantedPrivilege[];

  /**
   * @param plugin - the reference of the plugin.
   * @param privileges - the privileges that were not granted.
   * @param details - the operation.
   */
  constructor(plugin: string, privileges: readonly UngrantedPrivilege[], details?: DockerErrorDetails) {
    const list = privileges.map(({ Name, Value }) => `${Name} (${Value.join(", ")})`);
    super(
      `plugin ${plugin} requests privileges that were not granted: ${list.join("; ")}: add them to privileges, or set grantAllPermissions`,
      details,
    );
    this.plugin = plugin;
    this.privileges = privileges;
  }
}
