import { basename, posix, resolve } from "node:path";
import { Readable, type Writable } from "node:stream";
import type { ExtractOptions, ExtractSummary } from "../../archive/extract.js";
import type { EntryAttributes, PackEntry } from "../../archive/pack-entries.js";
import type { CallOptions } from "../../core/call-options.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { pathParam, notSent, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { NoSuchPathError } from "../../errors/container-errors.js";
import { archiveRefusal, noSuchPath } from "./errors.js";
import { ArchiveError, InvalidOptionError } from "../../errors/usage-errors.js";

import { ignoreErrors } from "../../wire/quiet.js";
import { GoFileMode } from "../../types/container-results.js";
import ContainerArchiveMixin, { readPathStat, type UploadToContainerOptions } from "./archive.js";

/** Symbolic links that are followed one after the other at most, as on Linux. */
const MAX_LINKS = 40;

/** Options of {@link Client.copyToContainer}. Exactly one of `content`, `source` and `entries` says what is copied. */
export interface CopyToContainerOptions extends Omit<UploadToContainerOptions, "inputStream">, EntryAttributes {
  /** ID or name of the container, which need not run. */
  container: string;
  /**
   * Where it goes in the container. The file or directory that `content` or `source` becomes; with a slash at its end, the
   * directory into which `source` goes under its own name. With `entries`, the directory into which they go.
   */
  path: string;
  /** The content of a file. A stream is destroyed in the end. */
  content?: string | Uint8Array | Readable | undefined;
  /** Length of a `content` stream, in bytes. A stream whose length is not known is read to its end before anything is sent. */
  size?: number | undefined;
  /** Path of a file or directory on this machine. A symbolic link is copied as one. */
  source?: string | undefined;
  /** Patterns in the form of a `.dockerignore` file, from a directory `source` down: what they name is left out. */
  ignore?: readonly string[] | undefined;
  /** Several files, directories and links, each under its own name. */
  entries?: readonly PackEntry[] | undefined;
  /** Whether to make the directories above that are not there yet. By default false. */
  makeParents?: boolean | undefined;
}

/** Options of {@link Client.copyFromContainer}. */
export interface CopyFromContainerOptions extends DownloadOptions {
  /** ID or name of the container, which need not run. */
  container: string;
  /** Path in the container. Of a directory with `/.` at its end only the content is copied. */
  resource: string;
  /** Directory on this machine in which the files are made. It is made itself when it is not there. By default the call gives the archive. */
  target?: string | undefined;
  /** How the files are made in `target`. */
  extract?: ExtractOptions | undefined;
}

/** Options of {@link Client.readContainerFile}. */
export interface ReadContainerFileOptions {
  /** ID or name of the container, which need not run. */
  container: string;
  /** Path of the file in the container. A symbolic link is followed. */
  path: string;
  /** How many bytes the file may have. By default 64 MiB. */
  limit?: number | undefined;
}

const copyFromContainer = operation<CopyFromContainerOptions>({
  name: "copyFromContainer",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: {
    container: pathParam,
    resource: text("path", { required: true }),
    outputStream: notSent,
    target: notSent,
    extract: notSent,
  },
});

const readContainerFile = operation<ReadContainerFileOptions>({
  name: "readContainerFile",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: { container: pathParam, path: text("path", { required: true }), limit: notSent },
});

function refuse(option: string, problem: string): never {
  throw new InvalidOptionError(option, `copyToContainer: ${problem}`, { operation: "copyToContainer" });
}

/** The streams among what is copied. */
function streamsOf({ content, entries = [] }: CopyToContainerOptions): Readable[] {
  const contents = entries.map((entry) => ("content" in entry ? entry.content : undefined));
  return [content, ...contents].filter((one) => one instanceof Readable);
}

/** Where in the container an archive is extracted, and what is in it. */
interface Destination {
  directory: string;
  entries: readonly PackEntry[];
}

function parcelOf(options: CopyToContainerOptions): Destination {
  const { path, content, size, source, ignore, entries, mode, mtime, uid, gid } = options;
  if ([content, source, entries].filter((one) => one !== undefined).length !== 1) {
    refuse("content", 'give one of the options "content", "source" and "entries"');
  }
  if (!path) refuse("path", 'it needs the option "path"');
  if (entries !== undefined) return { directory: path, entries };
  const attributes = { mode, mtime, uid, gid };
  const isDirectory = /(?:^|\/)\.{0,2}$/.test(path);
  if (isDirectory && source !== undefined) return { directory: path, entries: [{ path: source, ignore, ...attributes }] };
  if (isDirectory) refuse("path", `${path} is not the path of a file`);
  const name = posix.basename(path);
  const entry = source === undefined ? { name, content: content ?? "", size } : { name, path: source, ignore };
  return { directory: posix.dirname(path), entries: [{ ...entry, ...attributes }] };
}

/** Puts an entry below a directory of the archive. */
function below(directory: string, entry: PackEntry): PackEntry {
  const name = entry.name ?? ("path" in entry ? basename(resolve(entry.path)) : "");
  return { ...entry, name: posix.join(directory, name) };
}

/** Has an archive extracted further up, in the first directory that is there, and make the others on the way. */
async function withParents(
  client: ContainerArchiveMixin,
  container: string,
  destination: Destination,
  call?: CallOptions,
): Promise<Destination> {
  for (let directory = destination.directory; ; directory = posix.dirname(directory)) {
    try {
      await client.statContainerPath({ container, path: directory }, call);
      const missing = posix.relative(directory, destination.directory);
      return { directory, entries: destination.entries.map((entry) => below(missing, entry)) };
    } catch (error) {
      if (!(error instanceof NoSuchPathError) || posix.dirname(directory) === directory) throw error;
    }
  }
}

/** Mixed into {@link Client}. */
export default abstract class ContainerCopyMixin extends ContainerArchiveMixin {
  /**
   * Copies a text, bytes, a stream, or files and directories of this machine into a container.
   *
   * Files on this machine are read as they are sent. What is in the way is replaced; a directory is merged into one that is
   * there.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PutContainerArchive | PutContainerArchive}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when the directory that it goes into does not exist.
   * @throws {@link ForbiddenError} when the container's file system cannot be written to.
   * @throws {@link BadRequestError} when a directory that it goes into is none.
   * @throws {@link ArchiveError} when something on this machine cannot be read.
   * @throws {@link InputStreamError} when a stream fails, or is not as long as was said.
   * @throws {@link InvalidOptionError} when there is nothing to copy, or nowhere to copy it to.
   * @example
   * ```ts
   * await client.copyToContainer({ container: "web", path: "/etc/app/settings.json", content: "{}", makeParents: true });
   * await client.copyToContainer({ container: "web", path: "/srv/", source: "public", ignore: ["*.map"] });
   * ```
   */
  async copyToContainer(options: CopyToContainerOptions, call?: CallOptions): Promise<void> {
    const { container, noOverwriteDirNonDir, copyUIDGID, makeParents = false } = options;
    const streams = streamsOf(options);
    for (const stream of streams) stream.on("error", ignoreErrors);
    try {
      const given = parcelOf(options);
      const { directory, entries } = makeParents ? await withParents(this, container, given, call) : given;
      const { packEntries } = await import("../../archive/pack-entries.js");
      const inputStream = packEntries(entries);
      try {
        await this.uploadToContainer({ container, path: directory, inputStream, noOverwriteDirNonDir, copyUIDGID }, call);
      } finally {
        inputStream.destroy();
      }
    } finally {
      for (const stream of streams) stream.destroy();
    }
  }

  /**
   * Copies a file or directory out of a container: with `target` into a directory on this machine, under its own name; with
   * `outputStream` as a tar archive that is written there; otherwise as a tar archive to read.
   *
   * Whatever the container says, nothing outside `target` is written.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when there is no such path in it.
   * @throws {@link ArchiveError} when something cannot be made in `target`, or would lie outside.
   * @throws {@link OutputStreamError} when `outputStream` fails or is closed early.
   * @throws {@link ProtocolError} when the archive is cut off.
   * @throws {@link InvalidOptionError} when there are both `target` and `outputStream`.
   * @example
   * ```ts
   * await client.copyFromContainer({ container: "web", resource: "/var/log/nginx", target: "logs" });
   * ```
   */
  copyFromContainer(options: CopyFromContainerOptions & { target: string }, call?: CallOptions): Promise<ExtractSummary>;
  copyFromContainer(options: CopyFromContainerOptions & { outputStream: Writable }, call?: CallOptions): Promise<void>;
  copyFromContainer(options: CopyFromContainerOptions, call?: CallOptions): Promise<Readable>;
  async copyFromContainer(options: CopyFromContainerOptions, call?: CallOptions): Promise<ExtractSummary | Readable | void> {
    const { container, resource, target, outputStream, extract } = options;
    if (target !== undefined && outputStream) {
      const message = 'copyFromContainer: give one of the options "target" and "outputStream"';
      throw new InvalidOptionError("target", message, { operation: copyFromContainer.name });
    }
    const errors = { 400: archiveRefusal, 404: noSuchPath(container, resource), 500: archiveRefusal };
    const answer = await this.open(copyFromContainer, options, call, { errors });
    if (target === undefined) return download(answer, options);
    const { extractTo } = await import("../../archive/extract.js");
    return extractTo(answer.body, target, extract);
  }

  /**
   * Gives the content of a file in a container. Symbolic links are followed.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when there is no such file in it.
   * @throws {@link ArchiveError} when it is larger than `limit`, or no file.
   * @throws {@link ProtocolError} when it is cut off.
   */
  async readContainerFile(options: ReadContainerFileOptions, call?: CallOptions): Promise<Buffer> {
    const { container, limit } = options;
    let { path } = options;
    for (let links = 0; links < MAX_LINKS; links += 1) {
      const errors = { 400: archiveRefusal, 404: noSuchPath(container, path), 500: archiveRefusal };
      const { headers, body, exchange } = await this.open(readContainerFile, { ...options, path }, call, { errors });
      const { mode, linkTarget } = readPathStat(headers, exchange);
      // Podman has a target for what is no link, too
      if ((mode & GoFileMode.Symlink) === 0) {
        const { readSingleFile } = await import("../../archive/read-archive.js");
        return readSingleFile(body, { limit });
      }
      body.destroy();
      path = posix.resolve(posix.dirname(path), linkTarget);
    }
    throw new ArchiveError(`${options.path} in container ${container} leads through more than ${MAX_LINKS} symbolic links`);
  }
}
