import type { FileSystem } from "../../../files/file-system.js";

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
