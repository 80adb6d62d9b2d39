import type { ResponseHeaders } from "../../core/request.js";
import type { Readable, Writable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { flag, pathParam, notSent, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { NoSuchPathError } from "../../errors/container-errors.js";
import { archiveRefusal, noSuchPath } from "./errors.js";
import { ProtocolError } from "../../errors/connection-errors.js";

import type { ContainerPathStat } from "../../types/container-results.js";
import ContainerInspectMixin from "./inspect.js";

/** Options of {@link Client.downloadFromContainer}. */
export interface DownloadFromContainerOptions extends DownloadOptions {
  /** ID or name of the container, which need not run. */
  container: string;
  /** Path in the container. Of a directory with `/.` at its end only the content is sent. */
  path: string;
}

/** Options of {@link Client.uploadToContainer}. */
export interface UploadToContainerOptions {
  /** ID or name of the container, which need not run. */
  container: string;
  /** Directory in the container. It must exist. */
  path: string;
  /** The tar archive, which may be compressed. */
  inputStream: Readable;
  /** Whether it is an error when a directory would take the place of something else, or the other way round. By default false. */
  noOverwriteDirNonDir?: boolean | undefined;
  /** Whether files belong to the users and groups of the archive, and not to the container's user. By default false. API 1.39+. */
  copyUIDGID?: boolean | undefined;
}

/** Options of {@link Client.statContainerPath}. */
export interface StatContainerPathOptions {
  /** ID or name of the container, which need not run. */
  container: string;
  /** Path in the container. */
  path: string;
}

const archiveErrors = ({ container, path }: { container: string; path: string }): ApiErrors => ({
  400: archiveRefusal,
  404: noSuchPath(container, path),
  500: archiveRefusal,
});

const downloadFromContainer = operation<DownloadFromContainerOptions>({
  name: "downloadFromContainer",
  method: "GET",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: { container: pathParam, path: text("path", { required: true }), outputStream: notSent },
  errors: archiveErrors,
});

const uploadToContainer = operation<UploadToContainerOptions>({
  name: "uploadToContainer",
  method: "PUT",
  path: "/containers/{container}/archive",
  longRunning: true,
  fields: {
    container: pathParam,
    path: text("path", { required: true }),
    inputStream: { ...notSent, required: true },
    noOverwriteDirNonDir: flag("noOverwriteDirNonDir"),
    copyUIDGID: flag("copyUIDGID", { since: "1.39" }),
  },
  errors: archiveErrors,
});

const statContainerPath = operation<StatContainerPathOptions>({
  name: "statContainerPath",
  method: "HEAD",
  path: "/containers/{container}/archive",
  fields: { container: pathParam, path: text("path", { required: true }) },
  errors: ({ container, path }) => ({ 404: noSuchPath(container, path) }),
});

/** Reads what the engine says of a path beside its archive, or in place of it. */
export function readPathStat(headers: ResponseHeaders, where: { operation: string; endpoint: string }): ContainerPathStat {
  try {
    const text = Buffer.from(String(headers["x-docker-container-path-stat"]), "base64").toString();
    return JSON.parse(text) as ContainerPathStat; // the engine is taken at its word
  } catch (cause) {
    const { operation, endpoint } = where;
    throw new ProtocolError(`the answer to ${operation} does not tell what the path is`, { cause, operation, endpoint });
  }
}

/** Mixed into {@link Client}. */
export default abstract class ContainerArchiveMixin extends ContainerInspectMixin {
  /**
   * Gives a file or directory of a container as a tar archive. Its entries begin with the last part of the path. A symbolic
   * link is an entry of its own and not followed.
   *
   * With `outputStream` the archive is written there and the promise waits for its end. Without it, it gives a stream to
   * read.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchive | ContainerArchive}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when there is no such path in it.
   * @throws {@link BadRequestError} when the path is empty, or leads through something that is no directory.
   * @throws {@link OutputStreamError} when `outputStream` fails or is closed early.
   * @throws {@link ProtocolError} when the archive is cut off.
   */
  downloadFromContainer(options: DownloadFromContainerOptions & { outputStream: Writable }, call?: CallOptions): Promise<void>;
  downloadFromContainer(options: DownloadFromContainerOptions, call?: CallOptions): Promise<Readable>;
  async downloadFromContainer(options: DownloadFromContainerOptions, call?: CallOptions): Promise<Readable | void> {
    return download(await this.open(downloadFromContainer, options, call), options);
  }

  /**
   * Extracts a tar archive into a directory of a container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PutContainerArchive | PutContainerArchive}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when there is no such directory in it.
   * @throws {@link ForbiddenError} when the container's file system cannot be written to.
   * @throws {@link BadRequestError} when the path is no directory, or something would be overwritten that must not be.
   * @throws {@link InputStreamError} when `inputStream` fails.
   */
  async uploadToContainer(options: UploadToContainerOptions, call?: CallOptions): Promise<void> {
    const { inputStream: upload } = options;
    await this.send(uploadToContainer, options, call, { headers: { "Content-Type": "application/x-tar" }, upload });
  }

  /**
   * Tells what a path in a container is: its size, mode, time, and where it leads when it is a symbolic link.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerArchiveInfo | ContainerArchiveInfo}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link NoSuchPathError} when there is no such path in it.
   * @throws {@link ProtocolError} when the engine does not tell.
   */
  async statContainerPath(options: StatContainerPathOptions, call?: CallOptions): Promise<ContainerPathStat> {
    try {
      const { headers, body, exchange } = await this.open(statContainerPath, options, call);
      await body.content(0);
      return readPathStat(headers, exchange);
    } catch (error) {
      // the answer to such a request has no words that tell a missing path from a missing container
      if (error instanceof NoSuchPathError) await this.inspectContainer({ id: options.container }, call);
      throw error;
    }
  }
}
