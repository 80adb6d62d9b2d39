import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { credentials, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { DistributionInspect } from "../../types/image-manifest.js";
import { registryErrors } from "./errors.js";
import { registryImage } from "./registry-image.js";

/** Options for {@link Client.inspectDistribution}. */
export interface InspectDistributionOptions {
  /** The image: a repository, optionally with a tag or digest, such as `busybox` or `registry:5000/app:1.2`. */
  name: string;
  /** Credentials for the registry; false to send none. Defaults to the client's credentials. */
  auth?: AuthConfiguration | false | undefined;
}

const inspectDistribution = operation<InspectDistributionOptions>({
  name: "inspectDistribution",
  method: "GET",
  path: "/distribution/{name}/json",
  slow: true,
  since: "1.30",
  fields: { name: referenceParam, auth: credentials("X-Registry-Auth") },
  errors: ({ name }) => registryErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class ImageDistributionMixin extends Connection {
  /**
   * Returns the digest and the platforms of an image in a registry, without pulling the image. API 1.30+.
   *
   * @category Distribution
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/DistributionInspect | DistributionInspect}
   * @throws {@link NoSuchImageError} when the registry does not have the image, or `name` is empty.
   * @throws {@link RegistryAuthenticationError} when credentials are missing or the registry rejects them.
   * @throws {@link BadRequestError} when the name is invalid.
   * @throws {@link ServerError} when the registry cannot be reached.
   * @example
   * ```ts
   * const { Descriptor } = await client.inspectDistribution({ name: "busybox:1.36" });
   * console.log(Descriptor.digest);
   * ```
   */
  async inspectDistribution(options: InspectDistributionOptions, call?: CallOptions): Promise<DistributionInspect> {
    const { name, auth } = options;
    registryImage({
      operation: inspectDistribution,
      option: "name",
      name,
      registry: undefined,
      tag: undefined,
      allTags: undefined,
    });
    const secretHeaders = await this.credentials.header(name, auth, call?.signal);
    return this.json(inspectDistribution, options, call, { secretHeaders });
  }
}
