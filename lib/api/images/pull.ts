import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { credentials, notSent, type Platform, platformString, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { StreamError } from "../../errors/stream-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import { registryErrors, registryFailure } from "./errors.js";
import { registryImage } from "./registry-image.js";

/** Options for {@link Client.pullImage}. */
export interface PullImageOptions extends ProgressOptions {
  /** The image: a repository, optionally with a tag or digest, such as `busybox`, `registry:5000/app:1.2` or `app@sha256:…`. */
  repository: string;
  /** The registry, if `repository` does not include it. Defaults to Docker Hub. */
  registry?: string | undefined;
  /** The tag or digest, if `repository` does not include it. Defaults to `latest`. */
  tag?: string | undefined;
  /** Whether to pull all tags of the repository. Defaults to false. Cannot be combined with a tag. */
  allTags?: boolean | undefined;
  /** The platform of the image variant. Defaults to the engine's platform. API 1.32+. */
  platform?: Platform | undefined;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

/** The result of {@link Client.pullImage}. */
export interface PullResult {
  /** The pulled reference. */
  reference: string;
  /** Digest of the pulled image, such as `sha256:…`, if the engine reports it. */
  digest: string | undefined;
  /** Whether the engine already had the image. */
  upToDate: boolean;
}

const pullImage = operation<PullImageOptions>({
  name: "pullImage",
  method: "POST",
  path: "/images/create",
  longRunning: true,
  fields: {
    repository: text("fromImage", { required: true }),
    registry: notSent,
    tag: text("tag"),
    allTags: notSent,
    platform: platformString("platform", { since: "1.32" }),
    auth: credentials("X-Registry-Auth"),
    ...progressFields,
  },
  errors: ({ repository }) => registryErrors(repository),
});

/** Mixed into {@link Client}. */
export default abstract class ImagePullMixin extends Connection {
  /**
   * Pulls an image from a registry.
   *
   * A registry with private repositories does not disclose whether an image does not exist or requires credentials. In this
   * case the error is a {@link NoSuchImageError} whose message mentions both possibilities.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageCreate | ImageCreate}
   * @throws {@link NoSuchImageError} when the registry does not have the image, or `repository` is empty.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link StreamError} when the pull fails for another reason after it has started.
   * @throws {@link InvalidOptionError} when the options contain two different tags, or both a tag and `allTags`.
   * @example
   * ```ts
   * const { digest } = await client.pullImage({ repository: "busybox", tag: "1.36", outputStream: process.stderr });
   * ```
   */
  pullImage(options: PullImageOptions, call?: CallOptions): Progress<PullResult> {
    const { registry, tag, allTags, auth } = options;
    let reference = "";
    let digest: string | undefined;
    let upToDate = false;
    const open = async (inner: CallOptions) => {
      const { repository: name } = options;
      const image = registryImage({ operation: pullImage, option: "repository", name, registry, tag, allTags });
      ({ reference } = image);
      const secretHeaders = await this.credentials.header(reference, auth, inner.signal);
      const errors = registryErrors(reference);
      const wanted = { ...options, repository: image.repository, tag: image.tag };
      return this.open(pullImage, wanted, inner, { secretHeaders, errors });
    };
    return progress({ client: this, method: pullImage, options, call }, open, {
      read({ status = "" }) {
        if (status.startsWith("Digest: ")) digest = /^\S+/.exec(status.slice("Digest: ".length))?.[0] ?? digest;
        upToDate ||= status.startsWith("Status: Image is up to date");
      },
      result: () => ({ reference, digest, upToDate }),
      error: (details, code) => registryFailure(reference, () => new StreamError(details, code))(details),
    });
  }
}
