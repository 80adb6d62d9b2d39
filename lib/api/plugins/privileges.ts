import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { credentials, reference } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import type { PluginPrivilege } from "../../types/plugin.js";
import { noPluginName, pluginTransferErrors } from "./errors.js";

/** Options for {@link Client.getPluginPrivileges}. */
export interface GetPluginPrivilegesOptions {
  /** Reference of the plugin, such as `registry:5000/volumes:1.2`. The tag defaults to `latest`. */
  remote: string;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

const getPluginPrivileges = operation<GetPluginPrivilegesOptions>({
  name: "getPluginPrivileges",
  method: "GET",
  path: "/plugins/privileges",
  slow: true,
  since: "1.25",
  fields: {
    remote: reference("remote", { required: true }),
    auth: credentials("X-Registry-Auth"),
  },
  errors: ({ remote }) => pluginTransferErrors({ plugin: remote, remote }),
});

function isPrivilege(value: unknown): value is PluginPrivilege {
  const { Name, Value } = (value ?? {}) as Partial<PluginPrivilege>; // reading a missing member is safe
  return typeof Name === "string" && Array.isArray(Value);
}

/** Mixed into {@link Client}. */
export default abstract class PluginPrivilegesMixin extends Connection {
  /**
   * Returns the privileges on the engine's host that a plugin in a registry requests.
   *
   * Some engines return an empty list instead of an error if the registry does not have the plugin or rejects the credentials.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/GetPluginPrivileges | GetPluginPrivileges}
   * @throws {@link NoSuchPluginError} when the registry does not have the plugin, or `remote` is empty.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link ProtocolError} when the engine does not return a list of privileges.
   */
  async getPluginPrivileges(options: GetPluginPrivilegesOptions, call?: CallOptions): Promise<PluginPrivilege[]> {
    const { remote, auth } = options;
    if (remote === "") throw noPluginName(getPluginPrivileges);
    const secretHeaders = remote ? await this.credentials.header(remote, auth, call?.signal) : undefined;
    const answer = await this.json<unknown, GetPluginPrivilegesOptions>(getPluginPrivileges, options, call, { secretHeaders });
    if (Array.isArray(answer) && answer.every(isPrivilege)) return answer;
    // checked here, because the granted privileges depend on the list
    const message = `the engine did not return a list of the privileges of ${remote}`;
    throw new ProtocolError(message, { operation: getPluginPrivileges.name, endpoint: this.endpoint });
  }
}
