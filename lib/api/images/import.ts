import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { imageTag, type Platform, platformString, repeated, source, type Taken, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { destination } from "./destination.js";
import { noImageName } from "./errors.js";
import { openFile } from "./local-file.js";

/** Options for {@link Client.importImage}. */
export interface ImportImageOptions extends ProgressOptions {
  /** Repository of the image, such as `registry:5000/app`, optionally with a tag: `app:1.2`. */
  repository: string;
  /** Tag of the image. Defaults to `latest`. */
  tag?: string | undefined;
  /**
   * Source of the file system as a tar archive, which may be compressed: `-` for `inputStream`, an `http://` or `https://` URL
   * that the engine downloads, or the path of a local file. Defaults to `-`.
   */
  source?: string | undefined;
  /** The archive. Required if `source` is `-`. */
  inputStream?: ByteSource | undefined;
  /** Commit message, shown in the image history. API 1.39+. */
  message?: string | undefined;
  /** Dockerfile instructions to apply to the image, such as `ENV DEBUG=1` or `CMD ["serve"]`. API 1.40+. */
  changes?: string | readonly string[] | undefined;
  /** The platform of the image. Defaults to the engine's platform. API 1.32+. */
  platform?: Platform | undefined;
}

/** The result of {@link Client.importImage}. */
export interface ImportResult {
  /** ID of the image. */
  imageId: string;
}

const importImage = operation<ImportImageOptions>({
  name: "importImage",
  method: "POST",
  path: "/images/create",
  longRunning: true,
  fields: {
    repository: text("repo", { required: true }),
    tag: imageTag("tag"),
    source: text("fromSrc"),
    inputStream: source,
    message: text("message", { since: "1.39" }),
    changes: repeated("changes", { since: "1.40" }),
    platform: platformString("platform", { since: "1.32" }),
    ...progressFields,
  },
});

/** Returns the archive to upload; undefined if the engine downloads it. */
async function archiveOf(source: string, inputStream: Readable | undefined): Promise<Readable | undefined> {
  const operation = importImage.name;
  if (source === "-") {
    if (inputStream) return inputStream;
    throw new InvalidOptionError("inputStream", `${operation}: source "-" needs the option "inputStream"`, { operation });
  }
  if (inputStream) {
    throw new InvalidOptionError("inputStream", `${operation}: option "inputStream" requires source "-"`, { operation });
  }
  return /^https?:\/\//i.test(source) ? undefined : openFile(source, "source", operation);
}

/** Mixed into {@link Client}. */
export default abstract class ImageImportMixin extends Connection {
  /**
   * Creates an image from an archive of a file system, such as the archive from {@link Client.exportContainer}.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageCreate | ImageCreate}
   * @throws {@link NoSuchImageError} when `repository` is empty.
   * @throws {@link InvalidOptionError} when the archive is missing, or `repository` has a digest or a tag that differs from
   * `tag`.
   * @throws {@link StreamError} when the engine cannot import the archive.
   * @throws {@link ServerError} when the engine cannot download the archive.
   * @example
   * ```ts
   * const { imageId } = await client.importImage({ repository: "base", source: "rootfs.tar.gz", changes: 'CMD ["sh"]' });
   * ```
   */
  importImage(options: ImportImageOptions, call?: CallOptions): Progress<ImportResult> {
    let imageId: string | undefined;
    const open = async (inner: CallOptions, { inputStream }: Taken<ImportImageOptions>) => {
      const { repository, tag, source: from = "-" } = options;
      if (!repository) throw noImageName(importImage);
      const named = destination(importImage.name, "repository", repository, tag);
      const upload = await archiveOf(from, inputStream);
      const fromSrc = upload ? "-" : from;
      const headers = upload ? { "Content-Type": "application/x-tar" } : undefined;
      try {
        return await this.open(importImage, { ...options, ...named, source: fromSrc }, inner, { headers, upload });
      } catch (error) {
        if (upload !== inputStream) upload?.destroy();
        throw error;
      }
    };
    return progress({ client: this, method: importImage, options, call }, open, {
      read({ status = "" }) {
        if (/^(?:sha256:)?[0-9a-f]{64}$/.test(status)) imageId = status;
      },
      result: () => {
        if (imageId !== undefined) return { imageId };
        const { endpoint } = this;
        throw new ProtocolError("the engine did not report the ID of the imported image", {
          operation: importImage.name,
          endpoint,
        });
      },
    });
  }
}
