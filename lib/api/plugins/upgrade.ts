import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { bodyList, credentials, notSent, reference, referenceParam } from "../../core/fields/fields.js";
import { pluginPrivilege } from "../../core/members/services.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { StreamError } from "../../errors/stream-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import type { Plugin } from "../../types/plugin.js";
import { pluginTransferErrors, pluginTransferFailure } from "./errors.js";
import { grant, type PluginGrantOptions } from "./grant.js";
import { inspectPlugins, type InspectPluginsOptions } from "./inspect.js";
import { pulledDigest } from "./install.js";
import PluginPrivilegesMixin from "./privileges.js";

/** Options for {@link Client.upgradePlugin}. */
export interface UpgradePluginOptions extends ProgressOptions, PluginGrantOptions {
  /** Name or ID of the plugin. */
  name: string;
  /** Reference of the new version. Defaults to the reference that the plugin was installed from. */
  remote?: string | undefined;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

/** Result of {@link Client.upgradePlugin}. */
export interface UpgradePluginResult {
  /** The pulled reference. */
  remote: string;
  /** The digest of the pulled plugin, such as `sha256:…`, if the engine reports it. */
  digest: string | undefined;
}

const upgradePlugin = operation<UpgradePluginOptions>({
  name: "upgradePlugin",
  method: "POST",
  path: "/plugins/{name}/upgrade",
  since: "1.26",
  longRunning: true,
  fields: {
    name: referenceParam,
    remote: reference("remote"),
    privileges: bodyList({ members: [pluginPrivilege] }),
    grantAllPermissions: notSent,
    auth: credentials("X-Registry-Auth"),
    ...progressFields,
  },
  errors: ({ name, remote = "" }) => pluginTransferErrors({ plugin: name, remote }),
});

/** Mixed into {@link Client}. */
export default abstract class PluginUpgradeMixin extends PluginPrivilegesMixin {
  /**
   * Replaces a plugin with a version that is pulled from a registry. The settings of the plugin and the data in its propagated
   * mount are kept; other changes to its file system are lost. The plugin must be disabled.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginUpgrade | PluginUpgrade}
   * @throws {@link NoSuchPluginError} when the engine or the registry does not have the plugin.
   * @throws {@link PluginEnabledError} when the plugin is enabled.
   * @throws {@link PluginPrivilegesError} when the new version requests privileges that are not granted.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link InvalidOptionError} when the plugin was not installed from a registry and `remote` is not set.
   * @throws {@link StreamError} when the upgrade fails for another reason after it has started.
   */
  upgradePlugin(options: UpgradePluginOptions, call?: CallOptions): Progress<UpgradePluginResult> {
    const { name, auth } = options;
    let remote = "";
    let digest: string | undefined;
    const open = async (inner: CallOptions) => {
      await this.check(upgradePlugin, options, inner);
      const plugin = await this.json<Plugin, InspectPluginsOptions>(inspectPlugins, { name }, inner);
      remote = options.remote ?? readAnswer(inspectPlugins.name, this.endpoint, () => plugin.PluginReference) ?? "";
      if (remote === "") {
        const operation = upgradePlugin.name;
        throw new InvalidOptionError("remote", `${operation} needs the option "remote" for plugin ${name}`, { operation });
      }
      const wanted = await this.getPluginPrivileges({ remote, auth }, inner);
      const privileges = grant(remote, wanted, options, upgradePlugin.name);
      const secretHeaders = await this.credentials.header(remote, auth, inner.signal);
      return this.open(upgradePlugin, { ...options, remote, privileges }, inner, { secretHeaders });
    };
    return progress({ client: this, method: upgradePlugin, options, call }, open, {
      read({ status }) {
        digest = pulledDigest(status) ?? digest;
      },
      result: () => ({ remote, digest }),
      error: (details, code) => pluginTransferFailure({ plugin: name, remote }, details, () => new StreamError(details, code)),
    });
  }
}
