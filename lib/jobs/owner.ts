import { hostname } from "node:os";
import { startOf } from "../store/process-start.js";

/** After how long an installation of another machine's process counts as abandoned, in milliseconds. */
const ABANDONED = 15 * 60_000;

/** A process that installs containers, as labels name it. */
export interface Owner {
  /** Name of its machine. */
  readonly host: string;
  /** Its process ID. */
  readonly pid: number;
  /** When it was started, in the words of its system. */
  readonly started: string;
}

/** Returns this process. */
export async function thisOwner(): Promise<Owner> {
  return { host: hostname(), pid: process.pid, started: (await startOf(process.pid)) ?? "" };
}

/**
 * Whether a process that is named in a label has ended. Of processes of other machines nobody knows: what they began counts as
 * abandoned after a while.
 *
 * @param created - when it began, in seconds since 1970.
 */
export async function hasEnded({ host, pid, started }: Owner, created: number): Promise<boolean> {
  if (host !== hostname()) return Date.now() - created * 1_000 > ABANDONED;
  return (await startOf(pid)) !== started;
}
