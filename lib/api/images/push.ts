import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { credentials, notSent, type Platform, platformJson, referenceParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { progress, progressFields } from "../../core/progress.js";
import { StreamError } from "../../errors/stream-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { Progress, ProgressOptions } from "../../streams/progress.js";
import type { ProgressMessage, PushedManifest } from "../../types/progress.js";
import { registryErrors, registryFailure } from "./errors.js";
import { isDigest, registryImage } from "./registry-image.js";

/** Options for {@link Client.pushImage}. */
export interface PushImageOptions extends ProgressOptions {
  /**
   * The image: a repository, optionally with a tag, such as `registry:5000/app:1.2`. The image must have this name on the
   * engine.
   */
  name: string;
  /** The registry, if `name` does not include it. Defaults to Docker Hub. */
  registry?: string | undefined;
  /** The tag, if `name` does not include it. Defaults to `latest`. */
  tag?: string | undefined;
  /** Whether to push all tags of the repository. Defaults to false. Cannot be combined with a tag. */
  allTags?: boolean | undefined;
  /** The platform to push. Defaults to all platforms that the engine has. API 1.46+. */
  platform?: Platform | undefined;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

/** The result of {@link Client.pushImage}. */
export interface PushResult {
  /** The pushed reference. It has no tag if all tags were pushed. */
  reference: string;
  /** Digest of the last pushed manifest, such as `sha256:…`, if the engine reports it. */
  digest: string | undefined;
  /** Tag of the last pushed manifest. */
  tag: string | undefined;
  /** Size of the last pushed manifest, in bytes. */
  size: number | undefined;
  /** All pushed manifests, in order. There may be several with `allTags`. */
  pushed: PushedManifest[];
}

const pushImage = operation<PushImageOptions>({
  name: "pushImage",
  method: "POST",
  path: "/images/{name}/push",
  longRunning: true,
  fields: {
    name: referenceParam,
    registry: notSent,
    tag: text("tag"),
    allTags: notSent,
    platform: platformJson("platform", { since: "1.46" }),
    auth: credentials("X-Registry-Auth"),
    ...progressFields,
  },
  errors: ({ name }) => registryErrors(name),
});

/** Returns the pushed manifest that a progress message reports. Some engines report it only in the status text. */
function pushedManifest({ aux, status = "" }: ProgressMessage): PushedManifest | undefined {
  if (typeof aux === "object" && "Digest" in aux) return aux;
  const [, Tag, Digest, Size] = /^(\S+): digest: (\S+) size: (\d+)$/.exec(status) ?? [];
  return Tag === undefined || Digest === undefined ? undefined : { Tag, Digest, Size: Number(Size) };
}

/** Mixed into {@link Client}. */
export default abstract class ImagePushMixin extends Connection {
  /**
   * Pushes an image to a registry.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImagePush | ImagePush}
   * @throws {@link NoSuchImageError} when the engine does not have the image, or `name` is empty.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link StreamError} when the push fails for another reason after it has started.
   * @throws {@link InvalidOptionError} when the name has a digest, or the options contain two different tags, or both a tag and
   * `allTags`.
   * @example
   * ```ts
   * const auth = { username: "ci", password: process.env.REGISTRY_TOKEN };
   * const { digest } = await client.pushImage({ name: "registry.example.com/app", tag: "1.2", auth });
   * ```
   */
  pushImage(options: PushImageOptions, call?: CallOptions): Progress<PushResult> {
    const { registry, tag, allTags, auth } = options;
    let reference = "";
    const pushed = new Map<string, PushedManifest>();
    const open = async (inner: CallOptions) => {
      const image = registryImage({ operation: pushImage, option: "name", name: options.name, registry, tag, allTags });
      if (image.tag !== undefined && isDigest(image.tag)) {
        const operation = pushImage.name;
        throw new InvalidOptionError("name", `${operation}: images are pushed by tag, not by digest`, { operation });
      }
      ({ reference } = image);
      const secretHeaders = await this.credentials.header(reference, auth, inner.signal);
      const errors = registryErrors(reference);
      const wanted = { ...options, name: image.repository, tag: image.tag };
      return this.open(pushImage, wanted, inner, { secretHeaders, errors });
    };
    return progress({ client: this, method: pushImage, options, call }, open, {
      read(message) {
        const manifest = pushedManifest(message);
        if (manifest) pushed.set(manifest.Tag, manifest);
      },
      result() {
        const manifests = [...pushed.values()];
        const last = manifests.at(-1);
        return { reference, digest: last?.Digest, tag: last?.Tag, size: last?.Size, pushed: manifests };
      },
      error: (details, code) => registryFailure(reference, () => new StreamError(details, code))(details),
    });
  }
}
