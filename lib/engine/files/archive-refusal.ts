import { ArchiveError, InputStreamError } from "../../errors/usage-errors.js";
import { EngineError, notFound } from "../engine-error.js";
import { archiveFault } from "./archive-fault.js";
import { FileError } from "./file-error.js";

/**
 * Converts the error of packing a path of a container, or of unpacking into it, into what the server answers.
 *
 * @param error - what was thrown.
 * @param path - the path as the request has it.
 * @param container - the container as the request names it.
 * @returns undefined for an error that is a fault of the engine.
 */
export function archiveRefusal(error: unknown, path: string, container: string): EngineError | undefined {
  if (error instanceof EngineError) return error;
  if (error instanceof ArchiveError || error instanceof InputStreamError) return archiveFault(500, "", error);
  if (!(error instanceof FileError)) return undefined;
  if (error.code === "ENOENT") return notFound(`Could not find the file ${path} in container ${container}`);
  const message =
    error.code === "ELOOP"
      ? `evalSymlinksInScope: too many links in ${error.path}`
      : `lstat ${error.path}: ${error.reason.toLowerCase()}`;
  return new EngineError(500, message, { cause: error });
}
