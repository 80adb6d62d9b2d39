import type { Guest } from "../schemas/guest.js";

/** The label of every container that an agent has created: the ID of its guest. */
export const OWNER_LABEL = "ts-dockerclient.agent.guest";

/** The label with the digest of the idempotency key of the call that created a container. */
export const KEY_LABEL = "ts-dockerclient.agent.key";

/** The label of images that an agent has imported or loaded: the ID that its caller asked for. */
export const IMAGE_LABEL = "ts-dockerclient.agent.image";

const METADATA = "ts-dockerclient.agent.metadata.";
const STORED = "ts-dockerclient.agent.stored";

/** The members of a guest that only its caller uses. */
type Stored = Pick<Guest, "type" | "vnc"> & { nics?: Guest["nics"]; disks?: Guest["disks"] };

/** Returns the labels of a guest's container. */
export function labelsOf(guest: Guest, key: string | undefined): Record<string, string> {
  const { id, type, vnc, nics, disks, metadata = {} } = guest;
  const stored: Stored = {
    ...(type !== undefined && { type }),
    ...(vnc !== undefined && { vnc }),
    ...(nics && { nics }),
    ...(disks && { disks }),
  };
  return {
    [OWNER_LABEL]: id,
    ...(key !== undefined && { [KEY_LABEL]: key }),
    ...(Object.keys(stored).length > 0 && { [STORED]: JSON.stringify(stored) }),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${METADATA}${name}`, value])),
  };
}

/** Returns the metadata of a guest from the labels of its container. */
export function metadataOf(labels: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const found = Object.entries(labels).filter(([name]) => name.startsWith(METADATA));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, value]) => [name.slice(METADATA.length), value]));
}

/** Returns what was stored of a guest in the labels of its container. */
export function storedOf(labels: Readonly<Record<string, string>>): Stored {
  const text = labels[STORED];
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Stored;
  } catch {
    return {}; // somebody else's label
  }
}
