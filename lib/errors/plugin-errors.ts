import {
  type ApiError,
  type ApiErrorDetails,
  type ApiErrorFactory,
  type ApiErrors,
  apiErrorOf,
  BadRequestError,
  ConflictError,
  NotFoundError,
} from "./api-error.js";
import { DockerError, type DockerErrorDetails } from "./docker-error.js";
import { isMissingInRegistry } from "./image-errors.js";
import { isRegistryRefusal, RegistryAuthenticationError } from "./stream-errors.js";

/** What engines say of a plugin that they do not have. */
const notHere = /^plugin ".*" not found$/;

/** There is no such plugin. Thrown before anything is sent when the name is empty. @category Errors */
export class NoSuchPluginError extends NotFoundError {
  override name = "NoSuchPluginError";
  override readonly code = "ERR_NO_SUCH_PLUGIN";
  /** The name, ID or reference that was asked for. */
  readonly plugin: string;

  /**
   * @param plugin - the name, ID or reference that was asked for.
   * @param details - the engine's answer.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    const told = `no such plugin: ${plugin}`;
    // that it was not found says no more; what a registry answers may say why
    const more = details.message !== "" && !notHere.test(details.message);
    super(details, more ? `${told} (${details.message})` : told);
    this.plugin = plugin;
  }
}

/** Another plugin has that name. @category Errors */
export class PluginAlreadyExistsError extends ConflictError {
  override name = "PluginAlreadyExistsError";
  override readonly code = "ERR_PLUGIN_ALREADY_EXISTS";
  /** The name that is taken. */
  readonly plugin: string;

  /**
   * @param plugin - the name that is taken.
   * @param details - the engine's answer.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, `plugin already exists: ${plugin}`);
    this.plugin = plugin;
  }
}

/** A volume or network needs the plugin. @category Errors */
export class PluginInUseError extends ConflictError {
  override name = "PluginInUseError";
  override readonly code = "ERR_PLUGIN_IN_USE";
  /** The name or ID that was asked for. */
  readonly plugin: string;

  /**
   * @param plugin - the name or ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, `plugin is in use: ${plugin}`);
    this.plugin = plugin;
  }
}

/** The plugin is enabled, and the operation needs it not to be. @category Errors */
export class PluginEnabledError extends ConflictError {
  override name = "PluginEnabledError";
  override readonly code = "ERR_PLUGIN_ENABLED";
  /** The name or ID that was asked for. */
  readonly plugin: string;

  /**
   * @param plugin - the name or ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, `plugin is enabled: ${plugin}`);
    this.plugin = plugin;
  }
}

/** The plugin is disabled, and the operation needs it not to be. @category Errors */
export class PluginDisabledError extends ConflictError {
  override name = "PluginDisabledError";
  override readonly code = "ERR_PLUGIN_DISABLED";
  /** The name or ID that was asked for. */
  readonly plugin: string;

  /**
   * @param plugin - the name or ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(plugin: string, details: ApiErrorDetails) {
    super(details, `plugin is disabled: ${plugin}`);
    this.plugin = plugin;
  }
}

/** A privilege that a plugin wants, and what of it was not granted. @category Plugins */
export interface UngrantedPrivilege {
  /** What it is, such as `network` or `capabilities`. */
  Name: string;
  /** What it is for, in the engine's words. */
  Description?: string;
  /** What of it was not granted. */
  Value: string[];
}

/** A plugin wants privileges that the caller did not grant. Nothing was installed. @category Errors */
export class PluginPrivilegesError extends DockerError {
  override name = "PluginPrivilegesError";
  override readonly code = "ERR_PLUGIN_PRIVILEGES";
  /** The reference of the plugin. */
  readonly plugin: string;
  /** The privileges that were not granted: together with those that were, they are all that the plugin wants. */
  readonly privileges: readonly UngrantedPrivilege[];

  /**
   * @param plugin - the reference of the plugin.
   * @param privileges - the privileges that were not granted.
   * @param details - where it happened.
   */
  constructor(plugin: string, privileges: readonly UngrantedPrivilege[], details?: DockerErrorDetails) {
    const list = privileges.map(({ Name, Value }) => `${Name} (${Value.join(", ")})`);
    super(`plugin ${plugin} wants privileges that were not granted: ${list.join("; ")}`, details);
    this.plugin = plugin;
    this.privileges = privileges;
  }
}

/** Makes the error of an operation that was given an empty reference; nothing has been sent. */
export const noPluginName = ({ name, method, path }: { name: string; method: string; path: string }): NoSuchPluginError =>
  new NoSuchPluginError("", { status: 404, method, path, message: "the plugin's name is empty", operation: name, sent: false });

/** What engines say of options that cannot be, and report as a failure of their own. */
const badOption =
  /\binvalid reference format\b|^canonical references are not permitted|^invalid format, must be |\bis not settable$|\bnot found in the plugin configuration$|^failed to parse config|^config not found|^no rootfs found|^failed to read from tar/;

/** Makes the error of the state, or of the bad option, that the engine's message speaks of; undefined when it speaks of none. */
function toldError(plugin: string, details: ApiErrorDetails): ApiError | undefined {
  const { message } = details;
  if (/\balready exists$/.test(message)) return new PluginAlreadyExistsError(plugin, details);
  if (/\bis in use$/.test(message)) return new PluginInUseError(plugin, details);
  if (/\bis (?:already )?enabled$|\bset on an active plugin\b/.test(message)) return new PluginEnabledError(plugin, details);
  if (/\b(?:found but|is already) disabled$/.test(message)) return new PluginDisabledError(plugin, details);
  return badOption.test(message) ? new BadRequestError(details) : undefined;
}

/** The errors of an operation on one plugin. Some engines report its state, and bad options, as a failure of their own. */
export function pluginErrors(plugin: string): ApiErrors {
  const told: ApiErrorFactory = (details) => toldError(plugin, details) ?? apiErrorOf(details);
  return { 400: told, 404: (details) => new NoSuchPluginError(plugin, details), 409: told, 500: told };
}

/** A plugin on the engine, and what it is in a registry. */
interface PluginTransfer {
  /** The plugin's name on the engine. */
  readonly plugin: string;
  /** The plugin's reference in the registry. */
  readonly remote: string;
}

/**
 * Tells by the engine's message what a failure to pull or push a plugin means: refused credentials, a plugin that is not
 * there, a state or an option that does not allow it, or something else, which `other` makes the error of.
 */
export function pluginTransferFailure(
  { plugin, remote }: PluginTransfer,
  details: ApiErrorDetails,
  other: (details: ApiErrorDetails) => ApiError,
): ApiError {
  if (isRegistryRefusal(details.message)) return new RegistryAuthenticationError(remote, details);
  const told = toldError(plugin, details);
  if (told) return told;
  if (notHere.test(details.message)) return new NoSuchPluginError(plugin, details);
  const missing = details.status === 404 || isMissingInRegistry(details.message);
  return missing ? new NoSuchPluginError(remote, details) : other(details);
}

/** The errors of pulling or pushing a plugin, as statuses. */
export function pluginTransferErrors(transfer: PluginTransfer): ApiErrors {
  const failed: ApiErrorFactory = (details) => pluginTransferFailure(transfer, details, apiErrorOf);
  return { 400: failed, 401: failed, 403: failed, 404: failed, 409: failed, 500: failed };
}
