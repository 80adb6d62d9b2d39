import { PluginPrivilegesError } from "../../errors/plugin-errors.js";
import type { PluginPrivilege } from "../../types/plugin.js";

/** What a caller allows a plugin. */
export interface PluginGrantOptions {
  /**
   * The privileges that the plugin is granted, each with what of it: `{ Name: "capabilities", Value: ["CAP_SYS_ADMIN"] }`. It may be
   * more than the plugin wants. By default none.
   */
  privileges?: readonly PluginPrivilege[] | undefined;
  /** Whether the plugin is granted whatever it wants, which may be everything that the engine's host has. By default false. */
  grantAllPermissions?: boolean | undefined;
}

/**
 * Gives the privileges that a plugin gets: all that it wants, and none beside, as engines insist on.
 *
 * @param plugin - the plugin's reference.
 * @param wanted - what it wants.
 * @param options - what it is granted.
 * @param operation - name of the method, for the error.
 * @throws {@link PluginPrivilegesError} when it wants more than it is granted.
 */
export function grant(
  plugin: string,
  wanted: readonly PluginPrivilege[],
  { privileges = [], grantAllPermissions = false }: PluginGrantOptions,
  operation: string,
): readonly PluginPrivilege[] {
  if (grantAllPermissions) return wanted;
  const ungranted = wanted.flatMap((privilege) => {
    const granted = privileges.filter(({ Name }) => Name === privilege.Name);
    const Value = privilege.Value.filter((value) => !granted.some((own) => own.Value.includes(value)));
    return Value.length > 0 || granted.length === 0 ? [{ ...privilege, Value }] : [];
  });
  if (ungranted.length > 0) throw new PluginPrivilegesError(plugin, ungranted, { operation });
  return wanted;
}
