import type { FileSystem } from "../../files/file-system.js";
import { SettingError } from "../executor.js";

/** The user of a process. */
export interface User {
  /** User ID. */
  readonly uid: number;
  /** ID of the primary group. */
  readonly gid: number;
  /** IDs of further groups. */
  readonly groups: readonly number[];
  /** Name in the container's `/etc/passwd`; undefined for an ID without an entry. */
  readonly name: string | undefined;
  /** Home directory: `/` for an ID without an entry. */
  readonly home: string;
}

/** The largest ID. */
const largest = 2 ** 31 - 1;

async function rows(files: FileSystem, path: string): Promise<string[][]> {
  const content = await files.readFile(path).then(String, () => "");
  return content
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));
}

const numeric = (value: string): number | undefined => (/^\d{1,10}$/.test(value) ? Number(value) : undefined);

function checkRange(id: number | undefined): void {
  if (id !== undefined && id > largest) throw new SettingError("uids and gids must be in range 0-2147483647");
}

/**
 * Finds a user in the container's `/etc/passwd` and `/etc/group`.
 *
 * @param spec - name or ID of the user, and of the group after a colon. Empty for root.
 * @throws {@link SettingError} with the text of Docker when there is no such user or group.
 */
export async function findUser(files: FileSystem, spec: string): Promise<User> {
  const [wantedUser = "", wantedGroup = ""] = spec.split(":", 2);
  const users = await rows(files, "/etc/passwd");
  const groups = await rows(files, "/etc/group");
  const uid = numeric(wantedUser === "" ? "0" : wantedUser);
  checkRange(uid);
  // a name that looks like an ID is looked up as a name first, as runc does
  const entry = users.find(([name]) => name === wantedUser) ?? users.find(([, , id]) => uid !== undefined && Number(id) === uid);
  if (!entry && uid === undefined)
    throw new SettingError(`unable to find user ${wantedUser}: no matching entries in passwd file`);
  const name = entry?.[0];
  const user = { uid: entry ? Number(entry[2]) : (uid ?? 0), name, home: entry?.[5] || "/" };
  if (wantedGroup !== "") {
    const gid = numeric(wantedGroup);
    checkRange(gid);
    const group = groups.find(([group]) => group === wantedGroup);
    if (!group && gid === undefined)
      throw new SettingError(`unable to find group ${wantedGroup}: no matching entries in group file`);
    return { ...user, gid: group ? Number(group[2]) : (gid ?? 0), groups: [] };
  }
  const further = groups.filter(([, , , members]) => name !== undefined && (members ?? "").split(",").includes(name));
  return { ...user, gid: Number(entry?.[3] ?? 0), groups: further.map(([, , id]) => Number(id)) };
}

/**
 * Finds the owner of files in the container's `/etc/passwd` and `/etc/group`.
 *
 * @param spec - name or ID of the user, and of the group after a colon: without one, that of the user is the group, too. Empty for root.
 * @throws {@link SettingError} with the text of Docker when there is no such user or group.
 */
export async function findOwner(files: FileSystem, spec: string): Promise<Pick<User, "uid" | "gid">> {
  const [user = "", group = user] = (spec === "" ? "0" : spec).split(":", 2);
  const id = async (name: string, path: string): Promise<number | undefined> => {
    const known = numeric(name);
    if (known !== undefined) return known;
    const row = (await rows(files, path)).find(([own]) => own === name);
    return row && Number(row[2]);
  };
  const uid = await id(user, "/etc/passwd");
  if (uid === undefined) throw new SettingError(`can't find uid for user ${user}: no such user: ${user}`);
  const gid = await id(group, "/etc/group");
  if (gid === undefined) throw new SettingError(`can't find gid for group ${group}: no such group: ${group}`);
  return { uid, gid };
}

/**
 * Finds groups in the container's `/etc/group`.
 *
 * @param names - names or IDs.
 * @throws {@link SettingError} when there is no such group.
 */
export async function groupIds(files: FileSystem, names: readonly string[]): Promise<number[]> {
  const unknown = names.filter((name) => !/^\d+$/.test(name));
  const text = unknown.length === 0 ? "" : await files.readFile("/etc/group").then(String, () => "");
  const ids = new Map(text.split("\n").map((line) => [line.split(":")[0], Number(line.split(":")[2])]));
  return names.map((name) => {
    const id = /^\d+$/.test(name) ? Number(name) : ids.get(name);
    if (id === undefined) throw new SettingError(`unable to find group ${name}: no matching entries in group file`);
    return id;
  });
}
