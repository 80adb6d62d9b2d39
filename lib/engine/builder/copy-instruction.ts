import { posix } from "node:path";
import { Readable } from "node:stream";
import { digest } from "../../wire/digest.js";
import { errorMessage } from "../../wire/realm.js";
import { badRequest, EngineError } from "../engine-error.js";
import type { MountedFiles } from "../files/mounted-files.js";
import { childPath, lastPart } from "../files/tree-path.js";
import { unpackInto } from "../files/unpack.js";
import { findOwner } from "../runtime/program/users.js";
import { decompress, sniff } from "../store/decompress.js";
import type { ReportProgress } from "../store/progress.js";
import { downloadSource, isUrl } from "./add-url.js";
import { flagsOf, listArguments } from "./arguments.js";
import { needsBuildKit } from "./buildkit-options.js";
import { findSources } from "./context.js";
import { type CopyAttributes, copyFiles, digestFiles } from "./copy-files.js";
import type { Instruction } from "./dockerfile.js";

/** A parsed `COPY` or `ADD`. */
export interface CopyRequest {
  /** `COPY` or `ADD`. */
  readonly name: string;
  /** Where the sources come from: a stage, by name or number, or an image; empty for the context. */
  readonly from: string;
  /** The owner as written; empty for root. */
  readonly owner: string;
  /** The sources, with wildcards. */
  readonly sources: readonly string[];
  /** The destination as written. */
  readonly destination: string;
}

/** A source that was found. */
interface FoundSource {
  /** The files that hold it. */
  readonly files: MountedFiles;
  /** Its absolute path. */
  readonly path: string;
  /** Whether it was downloaded: then it is copied as it is. */
  readonly isDownloaded: boolean;
}

/** Sources that were found, with a digest of their content. */
export interface FoundSources {
  /** The sources in order. */
  readonly sources: readonly FoundSource[];
  /** What stands for them in the history: `file:`, `dir:` or `multi:` and a digest. */
  readonly digest: string;
}

/** What finding sources needs. */
export interface SourcesContext {
  /** The files of the context, or those of the stage that the sources come from. */
  readonly files: MountedFiles;
  /** Receives the progress of downloads. */
  readonly report: ReportProgress;
  /** Ends downloads. */
  readonly signal: AbortSignal;
}

/**
 * Parses `COPY` and `ADD`.
 *
 * @param expand - replaces variables.
 * @throws {@link EngineError} with status 400 for malformed instructions, and for what only BuildKit does.
 */
export function parseCopy(instruction: Instruction, expand: (text: string) => string): CopyRequest {
  const { name, flags, rest } = instruction;
  for (const flag of flags) {
    const [key = ""] = flag.slice(2).split("=", 1);
    if (["chmod", "link", "parents", "exclude", "checksum", "keep-git-dir", "unpack"].includes(key)) throw needsBuildKit(key);
  }
  if (/^<<|\s<<-?["']?\w/.test(rest)) throw badRequest(`${name} with a here-document needs BuildKit`);
  const values = flagsOf(instruction, name === "COPY" ? ["from", "chown"] : ["chown"]);
  const words = listArguments(instruction).map(expand);
  const destination = words.pop();
  if (destination === undefined || words.length === 0)
    throw badRequest(`${name} requires at least two arguments, but only one was provided. Destination could not be determined`);
  return {
    name,
    from: values.get("from") ?? "",
    owner: expand(values.get("chown") ?? ""),
    sources: words,
    destination,
  };
}

/**
 * Finds the sources of a request, and computes the digest of their content.
 *
 * @throws {@link EngineError} when there are none, or they cannot be downloaded.
 */
export async function locateSources(context: SourcesContext, request: CopyRequest): Promise<FoundSources> {
  const { name, destination } = request;
  const found: FoundSource[] = [];
  for (const source of request.sources) {
    try {
      found.push(...(await locateSource(context, request, source)));
    } catch (error) {
      if (context.signal.aborted) throw error;
      throw new EngineError(500, `${name} failed: ${errorMessage(error)}`, { cause: error });
    }
  }
  const [only] = found;
  if (only === undefined) throw new EngineError(500, `${name} failed: no source files were specified`);
  if (found.length > 1 && !destination.endsWith("/")) {
    throw badRequest(`When using ${name} with more than one source file, the destination must be a directory and end with a /`);
  }
  const digests = await Promise.all(found.map(({ files, path }) => digestFiles(files, path)));
  const isDirectory = (await only.files.stat(only.path)).kind === "directory";
  const kind = found.length > 1 ? "multi:" : isDirectory ? "dir:" : only.isDownloaded ? "" : "file:";
  return {
    sources: found,
    digest: `${kind}${found.length > 1 ? digest("sha256", digests.join("\n"), "hex") : (digests[0] ?? "")}`,
  };
}

async function locateSource(context: SourcesContext, request: CopyRequest, source: string): Promise<FoundSource[]> {
  const { files } = context;
  if (isUrl(source)) {
    if (request.name === "COPY") throw badRequest("source can't be a URL for COPY");
    const needsName = request.destination.endsWith("/");
    return [{ ...(await downloadSource(source, needsName, context)), isDownloaded: true }];
  }
  if (/^(git|ssh):\/\/|^git@/.test(source)) throw badRequest(`a repository requires BuildKit: ${source}`);
  return (await findSources(files, source)).map((path) => ({ files, path, isDownloaded: false }));
}

/**
 * Carries out `COPY` or `ADD`.
 *
 * @param options - `unpackedLimit` is the most bytes that an archive may have when it is decompressed.
 */
export async function copySources(
  target: MountedFiles,
  found: FoundSources,
  request: CopyRequest,
  { workingDirectory, unpackedLimit }: { readonly workingDirectory: string; readonly unpackedLimit: number },
): Promise<void> {
  const { uid, gid } = await findOwner(target, request.owner).catch((error: unknown) => {
    throw new EngineError(500, `unable to convert uid/gid chown string to host mapping: ${errorMessage(error)}`, {
      cause: error,
    });
  });
  const attributes = { uid, gid };
  const resolved = posix.resolve("/", workingDirectory, request.destination);
  const isExisting = (await target.exists(resolved)) && (await target.stat(resolved)).kind === "directory";
  const isDirectory = /(^|\/)\.?$/.test(request.destination) || isExisting || found.sources.length > 1;
  for (const source of found.sources) {
    const { files, path, isDownloaded } = source;
    const status = await files.stat(path);
    const mayUnpack = request.name === "ADD" && !isDownloaded;
    if (status.kind === "directory") await copyContent(files, path, target, resolved, attributes);
    else if (mayUnpack && (await unpackArchive(source, target, resolved, unpackedLimit))) continue;
    else {
      const place = isDirectory ? childPath(resolved, lastPart(path)) : resolved;
      await makeParents(target, posix.dirname(place), attributes);
      await copyFiles({ files, path: await files.realPath(path) }, { files: target, path: place }, attributes);
    }
  }
}

/** Copies what is in a directory, not the directory itself. */
async function copyContent(
  from: MountedFiles,
  path: string,
  target: MountedFiles,
  destination: string,
  attributes: CopyAttributes,
): Promise<void> {
  await makeParents(target, destination, attributes);
  for (const name of await from.list(path)) {
    const place = { files: target, path: childPath(await target.realPath(destination), name) };
    await copyFiles({ files: from, path: childPath(path, name) }, place, attributes);
  }
}

async function makeParents(files: MountedFiles, path: string, { uid, gid }: CopyAttributes): Promise<void> {
  if (await files.exists(path)) return;
  await makeParents(files, posix.dirname(path), { uid, gid });
  const { tree, path: place } = await files.locate(path);
  await tree.makeDirectory(place, { mode: 0o755, uid, gid });
}

/** Unpacks a file if it is a tar archive. Returns whether it is one. */
async function unpackArchive(
  { files: from, path }: FoundSource,
  target: MountedFiles,
  destination: string,
  limit: number,
): Promise<boolean> {
  const open = async () => {
    const { compression, content } = await sniff((await from.read(path)) as AsyncIterable<Buffer>);
    return Readable.from(decompress(content, compression, limit), { objectMode: false });
  };
  if (!(await isTar(await open()))) return false;
  await makeParents(target, destination, { uid: 0, gid: 0 });
  await unpackInto(target, destination, await open());
  return true;
}

/** Returns whether an archive begins with the header of an entry. */
async function isTar(content: Readable): Promise<boolean> {
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= 512) break;
    }
  } catch {
    return false; // what cannot be decompressed is copied as it is
  }
  return head.length >= 512 && head.toString("latin1", 257, 262) === "ustar";
}
