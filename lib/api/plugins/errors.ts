import { missingInRegistry, registryRefusal } from "../../core/errors/registry.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiError, type ApiErrorDetails, apiErrorOf, type ApiErrors, BadRequestError } from "../../errors/api-error.js";
import {
  NoSuchPluginError,
  PluginAlreadyExistsError,
  PluginDisabledError,
  PluginEnabledError,
  PluginInUseError,
} from "../../errors/plugin-errors.js";

const badRequest = (details: ApiErrorDetails): ApiError => new BadRequestError(details);

/** Messages for states of a plugin and for invalid options: 400, 409 or 500, depending on the version of Docker. */
export const pluginWordings: readonly Wording<[plugin: string]>[] = [
  [/\balready exists$/, "Docker 20+", (details, plugin) => new PluginAlreadyExistsError(plugin, details)],
  [/\bis in use$/, "Docker 20+", (details, plugin) => new PluginInUseError(plugin, details)],
  [/\bis enabled$/, "Docker 20+", (details, plugin) => new PluginEnabledError(plugin, details)],
  [/\bis already enabled$/, "Docker 1.13", (details, plugin) => new PluginEnabledError(plugin, details)],
  [/\bset on an active plugin\b/, "Docker 20+", (details, plugin) => new PluginEnabledError(plugin, details)],
  [/\bfound but disabled$/, "Docker 20+", (details, plugin) => new PluginDisabledError(plugin, details)],
  [/\bis already disabled$/, "Docker 1.13", (details, plugin) => new PluginDisabledError(plugin, details)],
  [/^plugin ".*" not found$/, "Docker 20+", (details, plugin) => new NoSuchPluginError(plugin, details)],
  [/\binvalid reference format\b/, "Docker 20+", badRequest],
  [/^canonical references are not permitted/, "Docker 20+", badRequest],
  [/^invalid format, must be /, "Docker 20+", badRequest],
  [/\bis not settable$/, "Docker 20+", badRequest],
  [/\bnot found in the plugin configuration$/, "Docker 20+", badRequest],
  [/^failed to parse config/, "Docker 20+", badRequest],
  [/^config not found/, "Docker 20+", badRequest],
  [/^no rootfs found/, "Docker 20+", badRequest],
  [/^failed to read from tar/, "Docker 20+", badRequest],
];

const failure = classifier(pluginWordings);

/** Creates the error for a call with an empty plugin name. The call is not sent to the engine. */
export const noPluginName = ({ name, method, path }: { name: string; method: string; path: string }): NoSuchPluginError =>
  new NoSuchPluginError("", { status: 404, method, path, message: "the plugin's name is empty", operation: name, sent: false });

/**
 * The errors that an operation on a plugin can cause.
 *
 * @param plugin - the requested name, ID or reference.
 */
export function pluginErrors(plugin: string): ApiErrors {
  const failed = failure(plugin);
  return { 400: failed, 404: (details) => new NoSuchPluginError(plugin, details), 409: failed, 500: failed };
}

/** The names of a plugin on the engine and in a registry. */
interface PluginTransfer {
  /** Name of the plugin on the engine. */
  readonly plugin: string;
  /** Reference of the plugin in the registry. */
  readonly remote: string;
}

/**
 * Converts a failed pull or push of a plugin to the error that the engine's message describes, such as rejected credentials,
 * the state of the plugin, an invalid option, or a missing plugin.
 *
 * @param transfer - the names of the plugin.
 * @param details - details of the engine's response, or of its report in a progress stream.
 * @param other - creates the error for other failures.
 */
export function pluginTransferFailure(
  { plugin, remote }: PluginTransfer,
  details: ApiErrorDetails,
  other: (details: ApiErrorDetails) => ApiError,
): ApiError {
  const missing = (failed: ApiErrorDetails): ApiError => new NoSuchPluginError(remote, failed);
  const failure = classifier(pluginWordings, (failed) => missingInRegistry(missing, other)(failed));
  return registryRefusal(remote, failure(plugin))(details);
}

/** The errors that pulling or pushing a plugin can cause, by status. */
export function pluginTransferErrors(transfer: PluginTransfer): ApiErrors {
  const failed = (details: ApiErrorDetails): ApiError => pluginTransferFailure(transfer, details, apiErrorOf);
  return { 400: failed, 401: failed, 403: failed, 404: failed, 409: failed, 500: failed };
}
