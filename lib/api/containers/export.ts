import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { containerErrors } from "../../core/errors/container.js";
import { pathParam, sink } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { type ByteSink } from "../../wire/byte-sink.js";

/** Options for {@link Client.exportContainer}. */
export interface ExportContainerOptions extends DownloadOptions {
  /** ID or name of the container. */
  id: string;
}

const exportContainer = operation<ExportContainerOptions>({
  name: "exportContainer",
  method: "GET",
  path: "/containers/{id}/export",
  longRunning: true,
  fields: { id: pathParam, outputStream: sink },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerExportMixin extends Connection {
  /**
   * Exports a container's file system as a tar archive. Mounted volumes are not included.
   *
   * If `outputStream` is set, the archive is written to it and the promise resolves when the archive is complete. Otherwise the
   * method returns a readable stream.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerExport | ContainerExport}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link OutputStreamError} when `outputStream` fails or closes early.
   * @throws {@link ProtocolError} when the connection closes before the archive is complete.
   * @example
   * ```ts
   * await client.exportContainer({ id: "web", outputStream: createWriteStream("web.tar") });
   * ```
   */
  exportContainer(options: ExportContainerOptions & { outputStream: ByteSink }, call?: CallOptions): Promise<void>;
  exportContainer(options: ExportContainerOptions, call?: CallOptions): Promise<Readable>;
  async exportContainer(options: ExportContainerOptions, call?: CallOptions): Promise<Readable | void> {
    return this.withStreams(exportContainer, options, call, async (taken, inner) =>
      download(await this.open(exportContainer, taken, inner), taken),
    );
  }
}
