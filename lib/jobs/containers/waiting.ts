import { hostname } from "node:os";
import { hasEnded, type Owner, thisOwner } from "../owner.js";
import { JOB_LABEL } from "./definition.js";

/** The label with the process that waits for the end of a job. */
const OWNER_LABEL = "ts-dockerclient.jobs.owner";

/** Returns the labels of what runs once, and is removed by this process at its end. */
export async function jobLabels(name: string): Promise<Record<string, string>> {
  return { [JOB_LABEL]: name, [OWNER_LABEL]: JSON.stringify(await thisOwner()) };
}

/** Whether nobody waits for a job any more: it was begun by a process of this machine that has ended. */
export async function isForgotten(labels: Readonly<Record<string, string>> | null | undefined): Promise<boolean> {
  const owner = ownerOf(labels?.[OWNER_LABEL]);
  // of processes of other machines nobody knows, and jobs may take days
  return owner?.host === hostname() && hasEnded(owner, 0);
}

function ownerOf(text: string | undefined): Owner | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined; // somebody else's label
  }
}
