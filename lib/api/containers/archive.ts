import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { flag, pathParam, sink, source, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { NoSuchPathError } from "../../errors/container-errors.js";
import type { ContainerPathStat } from "../../types/container-results.js";
import { type ByteSink } from "../../wire/byte-sink.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { archiveErrors, noSuchPath } from "./errors.js";
import ContainerInspectMixin from "./inspect.js";
import { readPathStat } from "./path-stat.js";

/** Options for {@link Client.downloadFromContainer}. */
export interface DownloadFromContainerOptions extends DownloadOptions {
  /** ID or name of the container, running or not. */
  container: string;
  /** Path in the container. If a directory path ends with `/.`, only the contents of the directory are archived. */
  path: string;
}

/** Options for {@link Client.uploadToContainer}. */
export interface UploadToContainerOptions {
  /** ID or name of the container, running or not. */
  container: string;
  /** Existing directory in the container to extract into. */
  path: string;
  /** The tar archive, which may be compressed. */
  inputStream: ByteSource;
  /** Whether replacing a directory with a non-directory, or vice versa, is an error. Defaults to false. */
  noOverwriteDirNonDir?: boolean | undefined;
  /**
   * Whether extracted files are owned by the container's user and group instead of the IDs in the archive. Defaults to false.
   * API 1.39+.
   */
  copyUIDGID?: boolean | undefined;
}

/** Options for {@link Client.statContainerPath}. */
export interface StatContainerPathOptions {
  /** ID or name of the container, running or not. */
  container: string;
  /** Path in the container. */
  path: string;
}

const downloadFromContainer = operation<DownloadFromContainerOptions>({
  name: "downloadFromContainer",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: { container: pathParam, path: text("path", { required: true }), outputStream: sink },
  errors: ({ container, path }) => archiveErrors(container, path),
});

const uploadToContainer = operation<UploadToContainerOptions>({
  name: "uploadToContainer",
  method: "PUT",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: {
    container: pathParam,
    path: text("path", { required: true }),
    inputStream: { ...source, required: true },
    noOverwriteDirNonDir: flag("noOverwriteDirNonDir"),
    copyUIDGID: flag("copyUIDGID", { since: "1.39" }),
  },
  errors: ({ container, path }) => archiveErrors(container, path),
});

const statContainerPath = operation<StatContainerPathOptions>({
  name: "statContainerPath",
  method: "HEAD",
  path: "/containers/{container}/archive",
  fields: { container: pathParam, path: text("path", { required: true }) },
  errors: ({ container, path }) => ({ 404: noSuchPath(container, path) }),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerArchiveMixin extends ContainerInspectMixin {
  /**
   * Downloads a file or directory from a container as a tar archive. Entry names start with the last component of the path.
   * Symbolic links are archived as links and are not followed.
   *
   * If `outputStream` is set, the archive is written to it and the promise resolves when the archive is complete. Otherwise the
   * method returns a readable stream.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the path does not exist in the container.
   * @throws {@link BadRequestError} when the path is empty, or a component of it is not a directory.
   * @throws {@link OutputStreamError} when `outputStream` fails or closes early.
   * @throws {@link ProtocolError} when the connection closes before the archive is complete.
   */
  downloadFromContainer(options: DownloadFromContainerOptions & { outputStream: ByteSink }, call?: CallOptions): Promise<void>;
  downloadFromContainer(options: DownloadFromContainerOptions, call?: CallOptions): Promise<Readable>;
  async downloadFromContainer(options: DownloadFromContainerOptions, call?: CallOptions): Promise<Readable | void> {
    return this.withStreams(downloadFromContainer, options, call, async (taken, inner) =>
      download(await this.open(downloadFromContainer, taken, inner), taken),
    );
  }

  /**
   * Extracts a tar archive into a directory in a container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PutContainerArchive | PutContainerArchive}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the directory does not exist in the container.
   * @throws {@link ForbiddenError} when the container's file system is read-only.
   * @throws {@link BadRequestError} when the path is not a directory, or `noOverwriteDirNonDir` forbids a replacement.
   * @throws {@link InputStreamError} when `inputStream` fails.
   */
  async uploadToContainer(options: UploadToContainerOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(uploadToContainer, options, call, (taken, inner) => {
      const { inputStream: upload } = taken;
      return this.send(uploadToContainer, taken, inner, { headers: { "Content-Type": "application/x-tar" }, upload });
    });
  }

  /**
   * Returns the size, mode and modification time of a path in a container, and, for a symbolic link, its target.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchiveInfo | ContainerArchiveInfo}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NoSuchPathError} when the path does not exist in the container.
   * @throws {@link ProtocolError} when the engine's description of the path is missing or malformed.
   */
  async statContainerPath(options: StatContainerPathOptions, call?: CallOptions): Promise<ContainerPathStat> {
    try {
      const { headers, body, exchange } = await this.open(statContainerPath, options, call);
      await body.discard();
      return readPathStat(headers, exchange);
    } catch (error) {
      // the response to a HEAD request has no message, so only inspecting the container distinguishes a missing path from a
      // missing container
      if (error instanceof NoSuchPathError) await this.inspectContainer({ id: options.container }, call);
      throw error;
    }
  }
}
