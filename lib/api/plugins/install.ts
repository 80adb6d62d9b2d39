import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { bodyList, credentials, notSent, reference } from "../../core/fields/fields.js";
import { pluginPrivilege } from "../../core/members/services.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { StreamError } from "../../errors/stream-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import { noPluginName, pluginTransferErrors, pluginTransferFailure } from "./errors.js";
import { grant, type PluginGrantOptions } from "./grant.js";
import PluginPrivilegesMixin from "./privileges.js";

/** Options for {@link Client.installPlugins}. */
export interface InstallPluginsOptions extends ProgressOptions, PluginGrantOptions {
  /** Reference of the plugin, such as `registry:5000/volumes:1.2`. The tag defaults to `latest`. */
  remote: string;
  /** Name of the plugin on the engine. Defaults to the reference. */
  name?: string | undefined;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

/** Result of {@link Client.installPlugins}. */
export interface InstallPluginsResult {
  /** Name of the plugin on the engine, including its tag. */
  name: string;
  /** The digest of the pulled plugin, such as `sha256:…`, if the engine reports it. */
  digest: string | undefined;
}

const installPlugins = operation<InstallPluginsOptions>({
  name: "installPlugins",
  method: "POST",
  path: "/plugins/pull",
  since: "1.25",
  longRunning: true,
  fields: {
    remote: reference("remote", { since: "1.25", required: true }),
    name: reference("name"),
    privileges: bodyList({ members: [pluginPrivilege] }),
    grantAllPermissions: notSent,
    auth: credentials("X-Registry-Auth"),
    ...progressFields,
  },
  errors: ({ remote, name = remote }) => pluginTransferErrors({ plugin: name, remote }),
});

/** Returns the digest, if a progress message of a pull reports it. */
export const pulledDigest = (status = ""): string | undefined => /^Digest: (\S+)/.exec(status)?.[1];

/** Mixed into {@link Client}. */
export default abstract class PluginInstallMixin extends PluginPrivilegesMixin {
  /**
   * Installs a plugin from a registry. The plugin is installed only if all privileges that it requests on the engine's host are
   * granted. It is not enabled: call {@link Client.enablePlugin}, after {@link Client.configurePlugin} if needed.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginPull | PluginPull}
   * @throws {@link PluginPrivilegesError} when the plugin requests privileges that are not granted. The error lists these
   * privileges.
   * @throws {@link NoSuchPluginError} when the registry does not have the plugin, or `remote` is empty.
   * @throws {@link PluginAlreadyExistsError} when a plugin with the same name exists.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link StreamError} when the installation fails for another reason after it has started. Before that, the error is
   * a `ServerError`.
   * @example
   * ```ts
   * await client.installPlugins({
   *   remote: "vieux/sshfs",
   *   privileges: [
   *     { Name: "network", Value: ["host"] },
   *     { Name: "capabilities", Value: ["CAP_SYS_ADMIN"] },
   *   ],
   * });
   * await client.enablePlugin({ name: "vieux/sshfs" });
   * ```
   */
  installPlugins(options: InstallPluginsOptions, call?: CallOptions): Progress<InstallPluginsResult> {
    const { remote, auth } = options;
    let name = options.name ?? remote;
    let digest: string | undefined;
    const open = async (inner: CallOptions) => {
      if (remote === "") throw noPluginName(installPlugins);
      await this.check(installPlugins, options, inner);
      const wanted = await this.getPluginPrivileges({ remote, auth }, inner);
      const privileges = grant(remote, wanted, options, installPlugins.name);
      const secretHeaders = await this.credentials.header(remote, auth, inner.signal);
      const answer = await this.open(installPlugins, { ...options, privileges }, inner, { secretHeaders });
      name = answer.headers["docker-plugin-name"] ?? name;
      return answer;
    };
    return progress({ client: this, method: installPlugins, options, call }, open, {
      read({ status }) {
        digest = pulledDigest(status) ?? digest;
      },
      result: () => ({ name, digest }),
      error: (details, code) => pluginTransferFailure({ plugin: name, remote }, details, () => new StreamError(details, code)),
    });
  }
}
