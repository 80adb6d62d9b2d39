import type { FileSystem } from "../../../files/file-system.js";
import type { FileStatus } from "../../../files/tree.js";
import type { ProgramContext } from "../program.js";

/** A line of `/etc/passwd`. */
export interface Account {
  /** The user's name. */
  readonly name: string;
  /** The user's ID. */
  readonly uid: number;
  /** The ID of the user's group. */
  readonly gid: number;
}

/** A line of `/etc/group`. */
export interface Group {
  /** The group's name. */
  readonly name: string;
  /** The group's ID. */
  readonly gid: number;
  /** Names of the users in it. */
  readonly members: readonly string[];
}

async function rowsOf(files: FileSystem, path: string): Promise<string[][]> {
  if (!(await files.exists(path))) return [];
  const text = (await files.readFile(path)).toString();
  return text.split("\n").flatMap((line) => (line === "" || line.startsWith("#") ? [] : [line.split(":")]));
}

/** The users and groups of a container. */
export class Accounts {
  /** The users. */
  readonly users: readonly Account[];
  /** The groups. */
  readonly groups: readonly Group[];

  private constructor(users: readonly Account[], groups: readonly Group[]) {
    this.users = users;
    this.groups = groups;
  }

  /** Reads `/etc/passwd` and `/etc/group`. Files that are missing count as empty. */
  static async read(files: FileSystem): Promise<Accounts> {
    const users = await rowsOf(files, "/etc/passwd");
    const groups = await rowsOf(files, "/etc/group");
    return new Accounts(
      users.map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) })),
      groups.map(([name = "", , gid, members]) => ({ name, gid: Number(gid), members: (members ?? "").split(",") })),
    );
  }

  /** Returns the name of a user, if there is one. */
  userName(uid: number): string | undefined {
    return this.users.find((user) => user.uid === uid)?.name;
  }

  /** Returns the name of a group, if there is one. */
  groupName(gid: number): string | undefined {
    return this.groups.find((group) => group.gid === gid)?.name;
  }
}

/** The bits of an access check. */
export const access = { read: 4, write: 2, execute: 1 } as const;

/** Returns whether a user may read, write or execute a file. Root may do all but execute a file that nobody may. */
export function mayAccess({ uid, gid, groups }: ProgramContext["user"], status: FileStatus, bit: 1 | 2 | 4): boolean {
  if (uid === 0) return bit !== access.execute || status.kind === "directory" || (status.mode & 0o111) !== 0;
  if (uid === status.uid) return (status.mode & (bit << 6)) !== 0;
  if (gid === status.gid || groups.includes(status.gid)) return (status.mode & (bit << 3)) !== 0;
  return (status.mode & bit) !== 0;
}
