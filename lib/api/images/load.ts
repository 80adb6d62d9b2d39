import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, notSent, type Platform, repeatedPlatformJson } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { ignoreErrors } from "../../wire/quiet.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import { checkPlatforms } from "./check-platforms.js";

/** Options of {@link Client.loadImage}. */
export interface LoadImageOptions extends ProgressOptions {
  /** The archive, which may be compressed. */
  inputStream: Readable;
  /** Whether to report only what was loaded, and not how far the layers are. By default false. */
  quiet?: boolean | undefined;
  /** The platform whose variants are loaded, or several, which takes API 1.52+. By default all in the archive. API 1.48+. */
  platform?: Platform | readonly Platform[] | undefined;
}

/** What {@link Client.loadImage} has loaded. */
export interface LoadResult {
  /** The images in order: each name that one of them has, or the ID of one that has none. */
  images: string[];
}

const loadImage = operation<LoadImageOptions>({
  name: "loadImage",
  method: "POST",
  path: "/images/load",
  longRunning: true,
  fields: {
    inputStream: notSent,
    quiet: flag("quiet"),
    platform: repeatedPlatformJson("platform", { since: "1.48" }),
    ...progressFields,
  },
});

/** Mixed into {@link Client}. */
export default abstract class ImageLoadMixin extends Connection {
  /**
   * Loads images from an archive, such as {@link Client.exportImage} and {@link Client.exportImages} give.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageLoad | ImageLoad}
   * @throws {@link StreamError} when the engine cannot make images of the archive; some say so with a `ServerError`.
   * @throws {@link InputStreamError} when `inputStream` fails.
   * @throws {@link UnsupportedVersionError} when the API version knows no platform here, or but one.
   * @example
   * ```ts
   * const { images } = await client.loadImage({ inputStream: createReadStream("app.tar") });
   * ```
   */
  loadImage(options: LoadImageOptions, call?: CallOptions): Progress<LoadResult> {
    // callers without types may omit it
    (options.inputStream as LoadImageOptions["inputStream"] | undefined)?.on("error", ignoreErrors);
    const images: string[] = [];
    const open = async () => {
      const { inputStream: upload, platform, quiet = false } = options;
      await checkPlatforms(this, loadImage.name, platform, call);
      const headers = { "Content-Type": "application/x-tar" };
      // engines are quiet unless told otherwise
      return this.open(loadImage, { ...options, quiet }, call, { headers, upload });
    };
    return progress(options, open, {
      read({ stream = "" }) {
        const loaded = /^Loaded image(?:\(s\))?(?: ID)?: (.+)$/.exec(stream.trimEnd())?.[1];
        if (loaded !== undefined) images.push(...loaded.split(/, ?/));
      },
      result: () => ({ images }),
    });
  }
}
