import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { download, type DownloadOptions } from "../../core/download.js";
import { noSuchImageOrOther } from "../../core/errors/image.js";
import { type Platform, referenceParam, repeatedPlatformJson, repeatedReference, sink } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { MustSpecifyNamesError } from "../../errors/usage-errors.js";
import { type ByteSink } from "../../wire/byte-sink.js";
import { imageNameProblem } from "../../wire/reference-grammar.js";
import { checkPlatforms } from "./check-platforms.js";
import { noImageName, noSuchImage } from "./errors.js";

/** Options for {@link Client.exportImage}. */
export interface ExportImageOptions extends DownloadOptions {
  /** Name, digest or ID of the image. For a repository without a tag, all of its tags are exported. */
  name: string;
  /** The platform to export, or several platforms (API 1.52+). Defaults to all platforms that the engine has. API 1.48+. */
  platform?: Platform | readonly Platform[] | undefined;
}

/** Options for {@link Client.exportImages}. */
export interface ExportImagesOptions extends DownloadOptions {
  /** Names, digests or IDs of the images. For a repository without a tag, all of its tags are exported. */
  names: string | readonly string[];
  /** The platform to export, or several platforms (API 1.52+). Defaults to all platforms that the engine has. API 1.48+. */
  platform?: Platform | readonly Platform[] | undefined;
}

const exportImage = operation<ExportImageOptions>({
  name: "exportImage",
  method: "GET",
  path: "/images/{name}/get",
  longRunning: true,
  fields: { name: referenceParam, platform: repeatedPlatformJson("platform", { since: "1.48" }), outputStream: sink },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

const exportImages = operation<ExportImagesOptions>({
  name: "exportImages",
  method: "GET",
  path: "/images/get",
  longRunning: true,
  fields: {
    names: repeatedReference("names", { required: true, problem: imageNameProblem }),
    platform: repeatedPlatformJson("platform", { since: "1.48" }),
    outputStream: sink,
  },
  errors({ names }) {
    const all = [names].flat().join(", ");
    return { 404: noSuchImage(all), 500: noSuchImageOrOther(all) };
  },
});

/** Mixed into {@link Client}. */
export default abstract class ImageExportMixin extends Connection {
  /**
   * Exports an image with its layers, configuration and names as a tar archive that {@link Client.loadImage} accepts.
   *
   * If `outputStream` is set, the archive is written to it and the promise resolves when the archive is complete. Otherwise the
   * method returns a readable stream.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageGet | ImageGet}
   * @throws {@link NoSuchImageError} when the image or its variant for the platform does not exist, or `name` is empty.
   * @throws {@link UnsupportedVersionError} when the API version does not support `platform`, or supports only one platform.
   * @throws {@link OutputStreamError} when `outputStream` fails or closes early.
   * @throws {@link ProtocolError} when the connection closes before the archive is complete.
   * @example
   * ```ts
   * await client.exportImage({ name: "app:1.2", outputStream: createWriteStream("app.tar") });
   * ```
   */
  exportImage(options: ExportImageOptions & { outputStream: ByteSink }, call?: CallOptions): Promise<void>;
  exportImage(options: ExportImageOptions, call?: CallOptions): Promise<Readable>;
  async exportImage(options: ExportImageOptions, call?: CallOptions): Promise<Readable | void> {
    return this.withStreams(exportImage, options, call, async (taken, inner) => {
      await checkPlatforms(this, exportImage.name, taken.platform, inner);
      return download(await this.open(exportImage, taken, inner), taken);
    });
  }

  /**
   * Exports several images with their layers, configurations and names as one tar archive that {@link Client.loadImage}
   * accepts. The archive contains shared layers only once.
   *
   * If `outputStream` is set, the archive is written to it and the promise resolves when the archive is complete. Otherwise the
   * method returns a readable stream.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageGetAll | ImageGetAll}
   * @throws {@link MustSpecifyNamesError} when `names` is empty.
   * @throws {@link NoSuchImageError} when an image or its variant for the platform does not exist, or a name is empty.
   * @throws {@link UnsupportedVersionError} when the API version does not support `platform`, or supports only one platform.
   * @throws {@link OutputStreamError} when `outputStream` fails or closes early.
   * @throws {@link ProtocolError} when the connection closes before the archive is complete.
   */
  exportImages(options: ExportImagesOptions & { outputStream: ByteSink }, call?: CallOptions): Promise<void>;
  exportImages(options: ExportImagesOptions, call?: CallOptions): Promise<Readable>;
  async exportImages(options: ExportImagesOptions, call?: CallOptions): Promise<Readable | void> {
    return this.withStreams(exportImages, options, call, async (taken, inner) => {
      const names = [taken.names].flat();
      const operation = exportImages.name;
      // engines accept an empty list and send an empty archive
      if (!names.some((name) => name)) throw new MustSpecifyNamesError(`${operation} needs the option "names"`, { operation });
      if (names.includes("")) throw noImageName(exportImages);
      await checkPlatforms(this, operation, taken.platform, inner);
      return download(await this.open(exportImages, taken, inner), taken);
    });
  }
}
