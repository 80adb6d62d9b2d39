/// <reference types="node" preserve="true" />

/**
 * Reading and writing tar archives: build contexts, folders, single entries, and extraction that stays within its target.
 *
 * @category Entry points
 * @module ts-dockerclient/archive
 */
export { extractTo, type ExtractOptions, type ExtractSummary } from "./extract.js";
export { IgnoreMatcher, type IgnoreVerdict, parseIgnoreFile } from "./ignore-file.js";
export { packContext, type PackContextOptions, type PackedContext } from "./pack-context.js";
export { packDirectory, type PackDirectoryOptions, type PackOptions } from "./pack-directory.js";
export {
  type ContentEntry,
  type DirectoryEntry,
  type EntryAttributes,
  type HostEntry,
  packEntries,
  type PackEntry,
  type SymlinkEntry,
} from "./pack-entries.js";
export type { ArchiveEntry, ArchiveEntryHeader } from "./open-entry.js";
export { readArchive, readSingleFile, type ReadSingleFileOptions } from "./read-archive.js";
export type { EntryType } from "./tar-header.js";
