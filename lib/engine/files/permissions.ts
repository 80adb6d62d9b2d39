import type { FileChanges, FileStatus } from "./tree.js";

/** Whom permissions are checked for. */
export interface Credentials {
  /** ID of the user. */
  readonly uid: number;
  /** ID of the group. */
  readonly gid: number;
  /** IDs of further groups. */
  readonly groups?: readonly number[];
}

/** The bits of a permission, as in the mode of others. Directories that a user may execute can be searched. */
export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

/** The bit of directories in which only owners remove and rename files. */
const STICKY = 0o1000;

const isInGroup = ({ gid, groups = [] }: Credentials, group: number): boolean => gid === group || groups.includes(group);

/** Whether a user may do something with a file. Root may do everything, but execute only what somebody may execute. */
export function isAllowed({ mode, uid, gid, kind }: FileStatus, who: Credentials, wanted: number): boolean {
  if (who.uid === 0) return (wanted & EXECUTE) === 0 || kind === "directory" || (mode & 0o111) !== 0;
  const shift = who.uid === uid ? 6 : isInGroup(who, gid) ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

/** Whether a user may remove or rename a file of a directory that the user may write to. */
export function isRemovable(directory: FileStatus, file: FileStatus, { uid }: Credentials): boolean {
  return (directory.mode & STICKY) === 0 || uid === 0 || uid === file.uid || uid === directory.uid;
}

/** Whether a user may give a file to another user or group: only to one of the user's own groups, unless it is root. */
export function mayGive(file: FileStatus, who: Credentials, { uid, gid }: FileChanges): boolean {
  if (who.uid === 0 || (uid === undefined && gid === undefined)) return true;
  const keepsUser = uid === undefined || uid === file.uid;
  const keepsGroup = gid === undefined || gid === file.gid || isInGroup(who, gid);
  return who.uid === file.uid && keepsUser && keepsGroup;
}
