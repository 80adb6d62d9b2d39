/** The parts of an image reference. */
export interface ImageReference {
  /** Registry and path, without tag and digest. */
  repository: string;
  /** The tag, if any. */
  tag: string | undefined;
  /** The digest, such as `sha256:…`, if any. */
  digest: string | undefined;
}

/** Splits an image reference into its parts: `registry:5000/path/name:tag@sha256:…`. */
export function parseReference(reference: string): ImageReference {
  const at = reference.indexOf("@");
  const name = at < 0 ? reference : reference.slice(0, at);
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  // a colon before the last slash belongs to the registry's port
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  if (colon < 0) return { repository: name, tag: undefined, digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}
