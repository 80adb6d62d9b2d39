import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import type { ExtractOptions, ExtractSummary } from "../../archive/extract.js";
import type { EntryAttributes, PackEntry } from "../../archive/pack-entries.js";
import type { CallOptions } from "../../core/call-options.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { fileContent, notSent, packedEntries, pathParam, sink, text } from "../../core/fields/fields.js";
import { list, type MembersOf, type Shape, value } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { NoSuchPathError } from "../../errors/container-errors.js";
import { ArchiveError, InvalidOptionError } from "../../errors/usage-errors.js";
import { GoFileMode } from "../../types/container-results.js";
import { type ByteSink } from "../../wire/byte-sink.js";
import { type ByteSource } from "../../wire/byte-source.js";
import ContainerArchiveMixin, { type UploadToContainerOptions } from "./archive.js";
import { archiveErrors } from "./errors.js";
import { readPathStat } from "./path-stat.js";

/** Maximum number of symbolic links to follow, as on Linux. */
const MAX_LINKS = 40;

/** Options for {@link Client.copyToContainer}. Set exactly one of `content`, `source` and `entries`. */
export interface CopyToContainerOptions extends Omit<UploadToContainerOptions, "inputStream">, EntryAttributes {
  /** ID or name of the container, running or not. */
  container: string;
  /**
   * Destination in the container: the path to copy `content` or `source` to, or, if it ends with a slash, the directory to copy
   * `source` into under its current name. For `entries`, the directory to copy them into.
   */
  path: string;
  /** Content of the file. A stream is destroyed when the call ends. */
  content?: ByteSource | undefined;
  /**
   * Length of a `content` stream, in bytes. If omitted, the stream is buffered in memory or in a temporary file before anything
   * is sent.
   */
  size?: number | undefined;
  /** Path of a local file or directory. A symbolic link is copied as a link. */
  source?: string | undefined;
  /** Patterns of files to exclude, as in a `.dockerignore` file, relative to the directory `source`. */
  ignore?: readonly string[] | undefined;
  /** Files, directories and links to copy, each with its own name. */
  entries?: readonly PackEntry[] | undefined;
  /** Whether to create missing parent directories. Defaults to false. */
  makeParents?: boolean | undefined;
}

/** Options for {@link Client.copyFromContainer}. */
export interface CopyFromContainerOptions extends DownloadOptions {
  /** ID or name of the container, running or not. */
  container: string;
  /** Path in the container. If a directory path ends with `/.`, only the contents of the directory are copied. */
  resource: string;
  /** Local directory to extract into. It is created if it does not exist. If omitted, the method returns the archive. */
  target?: string | undefined;
  /** Options for extracting into `target`. */
  extract?: ExtractOptions | undefined;
}

/** Options for {@link Client.readContainerFile}. */
export interface ReadContainerFileOptions {
  /** ID or name of the container, running or not. */
  container: string;
  /** Path of the file in the container. Symbolic links are followed. */
  path: string;
  /** Maximum size of the file in bytes. Defaults to 64 MiB. */
  limit?: number | undefined;
}

const extraction: MembersOf<ExtractOptions> = {
  strip: value,
  rootName: value,
  filter: value,
  keepOwner: value,
  keepSetuid: value,
  devices: value,
  maxBytes: value,
};

const copyFromContainer = operation<CopyFromContainerOptions>({
  name: "copyFromContainer",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: {
    container: pathParam,
    resource: text("path", { required: true }),
    outputStream: sink,
    target: notSent,
    extract: { ...notSent, members: extraction },
  },
  errors: ({ container, resource }) => archiveErrors(container, resource),
});

const readContainerFile = operation<ReadContainerFileOptions>({
  name: "readContainerFile",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: { container: pathParam, path: text("path", { required: true }), limit: notSent },
  errors: ({ container, path }) => archiveErrors(container, path),
});

function refuse(option: string, message: string): never {
  throw new InvalidOptionError(option, message, { operation: "copyToContainer" });
}

/** The entries of an archive, and the directory in the container to extract them into. */
interface Destination {
  directory: string;
  entries: readonly PackEntry[];
}

function destinationOf(options: CopyToContainerOptions): Destination {
  const { path, content: data, size, source, ignore, entries: list, mode, mtime, uid, gid } = options;
  if ([data, source, list].filter((one) => one !== undefined).length !== 1) {
    refuse("content", 'copyToContainer: set exactly one of the options "content", "source" and "entries"');
  }
  if (!path) refuse("path", 'copyToContainer needs the option "path"');
  if (list !== undefined) return { directory: path, entries: list };
  const attributes = { mode, mtime, uid, gid };
  const isDirectory = /(?:^|\/)\.{0,2}$/.test(path);
  if (isDirectory && source !== undefined) return { directory: path, entries: [{ path: source, ignore, ...attributes }] };
  if (isDirectory) refuse("path", `copyToContainer: ${path} is not a file path`);
  const name = posix.basename(path);
  const entry = source === undefined ? { name, content: data ?? "", size } : { name, path: source, ignore };
  return { directory: posix.dirname(path), entries: [{ ...entry, ...attributes }] };
}

/** Returns the entry with its name prefixed by a directory. */
function below(directory: string, entry: PackEntry): PackEntry {
  const name = entry.name ?? ("path" in entry ? basename(resolve(entry.path)) : "");
  return { ...entry, name: posix.join(directory, name) };
}

/**
 * Changes the destination to the nearest existing directory. Extracting the archive then creates the missing directories below
 * it.
 */
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

type KeyOf<Union> = Union extends unknown ? keyof Union : never;

const packEntry: Readonly<Record<KeyOf<PackEntry>, Shape>> = {
  name: value,
  content: value,
  size: value,
  directory: value,
  linkTo: value,
  path: value,
  ignore: list,
  mode: value,
  mtime: value,
  uid: value,
  gid: value,
};

const copyToContainer = composite("copyToContainer", {
  container: "required",
  path: "required",
  content: fileContent,
  size: "optional",
  source: "optional",
  ignore: list,
  entries: { ...packedEntries, members: [packEntry] },
  makeParents: "optional",
  noOverwriteDirNonDir: "optional",
  copyUIDGID: "optional",
  mode: "optional",
  mtime: "optional",
  uid: "optional",
  gid: "optional",
} satisfies OptionKinds<CopyToContainerOptions>);

/** Mixed into {@link Client}. */
export default abstract class ContainerCopyMixin extends ContainerArchiveMixin {
  /**
   * Copies a string, bytes, a stream, or local files and directories into a container.
   *
   * Local files are read while they are sent. Existing files are replaced; directories are merged into existing ones.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PutContainerArchive | PutContainerArchive}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the destination directory does not exist.
   * @throws {@link ForbiddenError} when the container's file system is read-only.
   * @throws {@link BadRequestError} when the destination is not a directory.
   * @throws {@link ArchiveError} when a local file cannot be read.
   * @throws {@link InputStreamError} when a stream fails, or its length differs from `size`.
   * @throws {@link InvalidOptionError} when the content or the destination is missing, or several kinds of content are set.
   * @example
   * ```ts
   * await client.copyToContainer({ container: "web", path: "/etc/app/settings.json", content: "{}", makeParents: true });
   * await client.copyToContainer({ container: "web", path: "/srv/", source: "public", ignore: ["*.map"] });
   * ```
   */
  async copyToContainer(options: CopyToContainerOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(copyToContainer, options, call, async (taken, inner, streams) => {
      const { container, noOverwriteDirNonDir, copyUIDGID, makeParents = false } = taken;
      try {
        const wanted = destinationOf(taken);
        const { directory, entries: packed } = makeParents ? await withParents(this, container, wanted, inner) : wanted;
        const { packEntries } = await import("../../archive/pack-entries.js");
        // from here on, stream failures are reported through the archive
        streams.handOver();
        const inputStream = packEntries(packed);
        try {
          await this.uploadToContainer({ container, path: directory, inputStream, noOverwriteDirNonDir, copyUIDGID }, inner);
        } finally {
          inputStream.destroy();
        }
      } finally {
        streams.destroy();
      }
    });
  }

  /**
   * Copies a file or directory from a container. If `target` is set, it is extracted into that local directory under its
   * current name; if `outputStream` is set, it is written there as a tar archive. Otherwise the method returns the tar archive
   * as a readable stream.
   *
   * Extraction never writes outside `target`, whatever the archive contains.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the path does not exist in the container.
   * @throws {@link ArchiveError} when an entry cannot be written to `target`, or would escape it.
   * @throws {@link OutputStreamError} when `outputStream` fails or closes early.
   * @throws {@link ProtocolError} when the connection closes before the archive is complete.
   * @throws {@link InvalidOptionError} when both `target` and `outputStream` are set.
   * @example
   * ```ts
   * await client.copyFromContainer({ container: "web", resource: "/var/log/nginx", target: "logs" });
   * ```
   */
  copyFromContainer(options: CopyFromContainerOptions & { target: string }, call?: CallOptions): Promise<ExtractSummary>;
  copyFromContainer(options: CopyFromContainerOptions & { outputStream: ByteSink }, call?: CallOptions): Promise<void>;
  copyFromContainer(options: CopyFromContainerOptions, call?: CallOptions): Promise<Readable>;
  async copyFromContainer(options: CopyFromContainerOptions, call?: CallOptions): Promise<ExtractSummary | Readable | void> {
    return this.withStreams(copyFromContainer, options, call, async (taken, inner) => {
      const { target, outputStream, extract } = taken;
      if (target !== undefined && outputStream) {
        const message = 'copyFromContainer: set only one of the options "target" and "outputStream"';
        throw new InvalidOptionError("target", message, { operation: copyFromContainer.name });
      }
      if (target === undefined) return download(await this.open(copyFromContainer, taken, inner), taken);
      const { extractTo } = await import("../../archive/extract.js");
      return extractTo((await this.open(copyFromContainer, taken, inner)).body, target, extract);
    });
  }

  /**
   * Returns the content of a file in a container. Symbolic links are followed.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the file does not exist in the container.
   * @throws {@link ArchiveError} when the file is larger than `limit`, or is not a regular file.
   * @throws {@link ProtocolError} when the connection closes before the file is complete.
   */
  async readContainerFile(options: ReadContainerFileOptions, call?: CallOptions): Promise<Buffer> {
    const { container, limit } = options;
    let { path } = options;
    const { readSingleFile } = await import("../../archive/read-archive.js");
    for (let links = 0; links < MAX_LINKS; links += 1) {
      const { headers, body, exchange } = await this.open(readContainerFile, { ...options, path }, call);
      try {
        const { mode, linkTarget } = readPathStat(headers, exchange);
        // Podman also reports a target for files that are not links
        if ((mode & GoFileMode.Symlink) === 0) return await readSingleFile(body, { limit });
        path = posix.resolve(posix.dirname(path), linkTarget);
      } finally {
        body.destroy();
      }
    }
    throw new ArchiveError(`${options.path} in container ${container} resolves through more than ${MAX_LINKS} symbolic links`);
  }
}
