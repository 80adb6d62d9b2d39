import type { HostConfig } from "../../../types/host-config.js";
import type { FileSystem } from "../../files/file-system.js";
import type { ProcessSpec } from "../executor.js";
import { findUser, groupIds } from "../program/users.js";
import { capabilitiesOf, capabilitySets } from "./capabilities.js";
import { ulimitsOf } from "./limits.js";

/**
 * Returns a process as runtimes take it.
 *
 * @param files - the files of the container, in which users and groups are found.
 * @param report - is told of limits that are lowered.
 * @throws {@link SettingError} when the user or a group does not exist.
 */
export async function processConfig(
  spec: ProcessSpec,
  host: HostConfig,
  files: FileSystem,
  report: (message: string) => void,
): Promise<object> {
  const { argv, env, cwd, tty, size, privileged = false } = spec;
  const user = await findUser(files, spec.user);
  const groups = await groupIds(files, host.GroupAdd ?? []);
  const further = [...new Set([user.gid, ...user.groups, ...groups])];
  const capabilities = capabilitiesOf({ ...host, Privileged: privileged });
  const isSecure = (host.SecurityOpt ?? []).some((option) => /^no-new-privileges([:=]true)?$/.test(option));
  return {
    terminal: tty,
    ...(tty && size ? { consoleSize: { height: size.rows, width: size.columns } } : {}),
    user: { uid: user.uid, gid: user.gid, additionalGids: further },
    args: argv,
    env: Object.entries({ HOME: user.home, ...env }).map(([name, value]) => `${name}=${value}`),
    cwd: cwd || "/",
    capabilities: capabilitySets(capabilities, user.uid),
    rlimits: ulimitsOf(host, report),
    noNewPrivileges: isSecure,
    ...(host.OomScoreAdj ? { oomScoreAdj: host.OomScoreAdj } : {}),
  };
}
