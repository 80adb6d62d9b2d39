/** The codes of {@link FileError}: those of `errno.h`. */
export type FileErrorCode =
  | "EACCES"
  | "EBADF"
  | "EBUSY"
  | "EEXIST"
  | "EINVAL"
  | "EIO"
  | "EISDIR"
  | "ELOOP"
  | "ENAMETOOLONG"
  | "ENOENT"
  | "ENOSPC"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "ENOTSUP"
  | "EPERM"
  | "EPIPE"
  | "EROFS"
  | "EXDEV";

const texts: Readonly<Record<FileErrorCode, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  ENOTSUP: "Operation not supported",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  EXDEV: "Invalid cross-device link",
};

/** Returns whether a value is a code of {@link FileError}. */
export const isFileErrorCode = (code: unknown): code is FileErrorCode => typeof code === "string" && Object.hasOwn(texts, code);

/** A failed operation on a file of a container. */
export class FileError extends Error {
  /** The code, as the C library names it. */
  readonly code: FileErrorCode;
  /** The file. */
  readonly path: string;
  /** What the C library says about the code, such as `No such file or directory`. */
  readonly reason: string;

  constructor(code: FileErrorCode, path: string, options?: ErrorOptions) {
    super(`${path}: ${texts[code]}`, options);
    this.name = "FileError";
    this.code = code;
    this.path = path;
    this.reason = texts[code];
  }
}

/** Returns whether an error says that there is no file of the expected kind, such as one that was removed since it was listed. */
export const isGone = (error: unknown): boolean =>
  error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EINVAL");
