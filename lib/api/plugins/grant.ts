import { ProtocolError } from "../../errors/connection-errors.js";
import { PluginPrivilegesError } from "../../errors/plugin-errors.js";
import type { PluginPrivilege } from "../../types/plugin.js";

/** The privileges that a caller grants to a plugin. */
export interface PluginGrantOptions {
  /**
   * The granted privileges, such as `{ Name: "capabilities", Value: ["CAP_SYS_ADMIN"] }`. They may include privileges that the
   * plugin does not request. Defaults to no privileges.
   */
  privileges?: readonly PluginPrivilege[] | undefined;
  /**
   * Whether to grant all privileges that the plugin requests, which may allow full access to the engine's host. Defaults to
   * false.
   */
  grantAllPermissions?: boolean | undefined;
}

/**
 * Returns the privileges to send. Engines require exactly the privileges that the plugin requests.
 *
 * @param plugin - the plugin's reference.
 * @param wanted - the privileges that the plugin requests.
 * @param options - the privileges that the caller grants.
 * @param operation - name of the method, for the error.
 * @throws {@link PluginPrivilegesError} when the plugin requests privileges that are not granted.
 * @throws {@link ProtocolError} when `wanted`, which the engine has sent, is not a list.
 */
export function grant(
  plugin: string,
  wanted: readonly PluginPrivilege[],
  { privileges = [], grantAllPermissions = false }: PluginGrantOptions,
  operation: string,
): readonly PluginPrivilege[] {
  const answer: unknown = wanted;
  if (!Array.isArray(answer))
    throw new ProtocolError("the engine did not return a list of the privileges that the plugin requests", { operation });
  if (grantAllPermissions) return wanted;
  const ungranted = wanted.flatMap((privilege) => {
    const granted = privileges.filter(({ Name }) => Name === privilege.Name);
    const Value = privilege.Value.filter((value) => !granted.some((own) => own.Value.includes(value)));
    return Value.length > 0 || granted.length === 0 ? [{ ...privilege, Value }] : [];
  });
  if (ungranted.length > 0) throw new PluginPrivilegesError(plugin, ungranted, { operation });
  return wanted;
}
