import { DockerError } from "../errors/docker-error.js";
import { ArchiveError } from "../errors/usage-errors.js";

/** Makes the error for a path that is no longer what it was when its directory was listed. */
export const changedKind = (path: string, cause?: unknown): ArchiveError =>
  new ArchiveError(`cannot pack ${path}: something else took its place while it was being packed`, { cause });

/** Turns a failed system call on a file that is being packed into the error that names the file. */
export function packError(path: string, cause: unknown): ArchiveError {
  if (cause instanceof ArchiveError) return cause;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") {
    const why = path.includes("\ufffd") ? "its name is not valid UTF-8" : "it was removed while it was being packed";
    return new ArchiveError(`cannot pack ${path}: ${why}`, { cause });
  }
  if (code === "ELOOP" || code === "ENXIO") return changedKind(path, cause);
  const why =
    code === "EACCES" || code === "EPERM" ? "permission denied" : cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError(`cannot pack ${path}: ${why}`, { cause });
}

/** Turns a failed system call into the error that names the entry. */
export function extractError(name: string, cause: unknown): DockerError {
  if (cause instanceof DockerError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError(`cannot extract ${name}: ${reason}`, { cause });
}
