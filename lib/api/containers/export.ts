import type { Readable, Writable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { pathParam, notSent } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";

/** Options of {@link Client.exportContainer}. */
export interface ExportContainerOptions extends DownloadOptions {
  /** ID or name of the container. */
  id: string;
}

const exportContainer = operation<ExportContainerOptions>({
  name: "exportContainer",
  method: "GET",
  path: "/containers/{id}/export",
  longRunning: true,
  fields: { id: pathParam, outputStream: notSent },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerExportMixin extends Connection {
  /**
   * Gives a container's whole file system as a tar archive, without the volumes that are mounted in it.
   *
   * With `outputStream` the archive is written there and the promise waits for its end. Without it, it gives a stream to
   * read.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerExport | ContainerExport}
   * @throws {@link NoSuchContainerError} when there is no such container, or its id is empty.
   * @throws {@link OutputStreamError} when `outputStream` fails or is closed early.
   * @throws {@link ProtocolError} when the archive is cut off.
   * @example
   * ```ts
   * await client.exportContainer({ id: "web", outputStream: createWriteStream("web.tar") });
   * ```
   */
  exportContainer(options: ExportContainerOptions & { outputStream: Writable }, call?: CallOptions): Promise<void>;
  exportContainer(options: ExportContainerOptions, call?: CallOptions): Promise<Readable>;
  async exportContainer(options: ExportContainerOptions, call?: CallOptions): Promise<Readable | void> {
    return download(await this.open(exportContainer, options, call), options);
  }
}
