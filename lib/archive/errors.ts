import { DockerError } from "../errors/docker-error.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { errorCode, errorMessage } from "../wire/realm.js";

/** Creates the error for a path whose type has changed since its directory was listed. */
export const changedKind = (path: string, cause?: unknown): ArchiveError =>
  new ArchiveError(`cannot pack ${path}: it was replaced while it was being packed`, { cause });

/** Converts the error from a system call on a packed file into an error that names the file. */
export function packError(path: string, cause: unknown): ArchiveError {
  if (cause instanceof ArchiveError) return cause;
  const code = errorCode(cause);
  if (code === "ENOENT") {
    const why = path.includes("\ufffd") ? "its name is not valid UTF-8" : "it was removed while it was being packed";
    return new ArchiveError(`cannot pack ${path}: ${why}`, { cause });
  }
  if (code === "ELOOP" || code === "ENXIO") return changedKind(path, cause);
  const why = code === "EACCES" || code === "EPERM" ? "permission denied" : errorMessage(cause);
  return new ArchiveError(`cannot pack ${path}: ${why}`, { cause });
}

/** Converts the error from a system call into an error that names the entry. */
export function extractError(name: string, cause: unknown): DockerError {
  if (cause instanceof DockerError) return cause;
  // the system call and its path, the path of an open directory, add nothing to the name
  const reason = errorMessage(cause).replace(/, \w+ '.*$/s, "");
  return new ArchiveError(`cannot extract ${name}: ${reason}`, { cause });
}
