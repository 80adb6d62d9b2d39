import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, type Platform, repeatedPlatformJson, source, type Taken } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { checkPlatforms } from "./check-platforms.js";

/** Options for {@link Client.loadImage}. */
export interface LoadImageOptions extends ProgressOptions {
  /** The archive, which may be compressed. */
  inputStream: ByteSource;
  /** Whether to omit the progress of the layers, so that only the loaded images are reported. Defaults to false. */
  quiet?: boolean | undefined;
  /** The platform to load, or several platforms (API 1.52+). Defaults to all platforms in the archive. API 1.48+. */
  platform?: Platform | readonly Platform[] | undefined;
}

/** The result of {@link Client.loadImage}. */
export interface LoadResult {
  /** The names of the loaded images, in order. An untagged image is listed by its ID. */
  images: string[];
}

const loadImage = operation<LoadImageOptions>({
  name: "loadImage",
  method: "POST",
  path: "/images/load",
  longRunning: true,
  fields: {
    inputStream: source,
    quiet: flag("quiet"),
    platform: repeatedPlatformJson("platform", { since: "1.48" }),
    ...progressFields,
  },
});

/** Mixed into {@link Client}. */
export default abstract class ImageLoadMixin extends Connection {
  /**
   * Loads images from an archive, such as the archive from {@link Client.exportImage} or {@link Client.exportImages}.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageLoad | ImageLoad}
   * @throws {@link StreamError} when the engine cannot load the archive. With some engines, the error is a `ServerError`
   * instead.
   * @throws {@link InputStreamError} when `inputStream` fails.
   * @throws {@link UnsupportedVersionError} when the API version does not support `platform`, or supports only one platform.
   * @example
   * ```ts
   * const { images } = await client.loadImage({ inputStream: createReadStream("app.tar") });
   * ```
   */
  loadImage(options: LoadImageOptions, call?: CallOptions): Progress<LoadResult> {
    const images: string[] = [];
    const open = async (inner: CallOptions, { inputStream }: Taken<LoadImageOptions>) => {
      const { platform, quiet = false } = options;
      await checkPlatforms(this, loadImage.name, platform, inner);
      const headers = { "Content-Type": "application/x-tar" };
      // if `quiet` is unset, engines are quiet
      return this.open(loadImage, { ...options, quiet }, inner, { headers, upload: inputStream });
    };
    return progress({ client: this, method: loadImage, options, call }, open, {
      read({ stream = "" }) {
        const loaded = /^Loaded image(?:\(s\))?(?: ID)?: (.+)$/.exec(stream.trimEnd())?.[1];
        if (loaded !== undefined) images.push(...loaded.split(/, ?/));
      },
      result: () => ({ images }),
    });
  }
}
