import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { credentials, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { StreamError } from "../../errors/stream-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import type { PushedManifest } from "../../types/progress.js";
import { pluginTransferErrors, pluginTransferFailure } from "./errors.js";

/** Options for {@link Client.pushPlugin}. */
export interface PushPluginOptions extends ProgressOptions {
  /** Name of the plugin, which includes the registry, such as `registry:5000/volumes:1.2`. The tag defaults to `latest`. */
  name: string;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

/** Result of {@link Client.pushPlugin}. */
export interface PushPluginResult {
  /** Digest of the pushed manifest, such as `sha256:…`, if the engine reports it. */
  digest: string | undefined;
  /** Tag of the plugin. */
  tag: string | undefined;
  /** Size of the manifest in bytes. */
  size: number | undefined;
}

const pushPlugin = operation<PushPluginOptions>({
  name: "pushPlugin",
  method: "POST",
  path: "/plugins/{name}/push",
  longRunning: true,
  fields: { name: referenceParam, auth: credentials("X-Registry-Auth"), ...progressFields },
  errors: ({ name }) => pluginTransferErrors({ plugin: name, remote: name }),
});

/** Mixed into {@link Client}. */
export default abstract class PluginPushMixin extends Connection {
  /**
   * Pushes a plugin to the registry specified in its name.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginPush | PluginPush}
   * @throws {@link NoSuchPluginError} when the engine does not have the plugin.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link StreamError} when the push fails for another reason after it has started.
   */
  pushPlugin(options: PushPluginOptions, call?: CallOptions): Progress<PushPluginResult> {
    const { name, auth } = options;
    let pushed: Partial<PushedManifest> = {};
    const open = async (inner: CallOptions) => {
      const secretHeaders = name ? await this.credentials.header(name, auth, inner.signal) : undefined;
      return this.open(pushPlugin, options, inner, { secretHeaders });
    };
    return progress({ client: this, method: pushPlugin, options, call }, open, {
      read({ aux }) {
        if (typeof aux === "object" && "Digest" in aux) pushed = aux;
      },
      result: () => ({ digest: pushed.Digest, tag: pushed.Tag, size: pushed.Size }),
      error: (details, code) =>
        pluginTransferFailure({ plugin: name, remote: name }, details, () => new StreamError(details, code)),
    });
  }
}
