import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noContainerName } from "../../core/errors/empty-name.js";
import { body, flag, imageTag, repeated, text } from "../../core/fields/fields.js";
import { containerConfig } from "../../core/members/containers.js";
import { operation } from "../../core/operation.js";
import type { ContainerConfig } from "../../types/container-config.js";
import type { IDResponse } from "../../types/image-results.js";
import type { Sendable } from "../../types/util.js";
import type { BodyPath } from "../../types/util.js";
import { destination } from "./destination.js";
import { noSuchContainerOrImage } from "./errors.js";

/** Options for {@link Client.commitContainer}. */
export interface CommitContainerOptions {
  /** ID or name of the container. */
  container: string;
  /** Repository of the image, optionally with a tag: `app:1.2`. If omitted, the image is untagged. */
  repository?: string | undefined;
  /** Tag of the image. Defaults to `latest`. */
  tag?: string | undefined;
  /** Commit message, shown in the image history. */
  comment?: string | undefined;
  /** Author of the image, such as `Ada <ada@example.com>`. */
  author?: string | undefined;
  /** Whether to pause the container during the commit, so that the image does not contain partial writes. Defaults to true. */
  pause?: boolean | undefined;
  /** Dockerfile instructions to apply to the image, such as `ENV DEBUG=1` or `CMD ["serve"]`. */
  changes?: string | readonly string[] | undefined;
  /** Configuration of the image. Omitted settings are taken from the container. */
  run?: Sendable<ContainerConfig> | undefined;
}

const configVersions: Readonly<Record<string, string>> = {
  StopTimeout: "1.25",
  "Healthcheck.StartPeriod": "1.29",
  "Healthcheck.StartInterval": "1.44",
} satisfies Partial<Record<BodyPath<ContainerConfig>, string>>;

const commitContainer = operation<CommitContainerOptions>({
  name: "commitContainer",
  method: "POST",
  path: "/commit",
  slow: true,
  fields: {
    container: text("container", { required: true }),
    repository: text("repo"),
    tag: imageTag("tag"),
    comment: text("comment"),
    author: text("author"),
    pause: flag("pause"),
    changes: repeated("changes"),
    run: body<ContainerConfig>({ members: containerConfig, parts: configVersions, defaults: { StopTimeout: [10] } }),
  },
  errors: ({ container }) => ({ 404: noSuchContainerOrImage(container) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageCommitMixin extends Connection {
  /**
   * Creates an image from a container's file system and configuration. Volumes are not included.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageCommit | ImageCommit}
   * @returns the ID of the image.
   * @throws {@link NoSuchContainerError} when the container does not exist, or `container` is empty.
   * @throws {@link NoSuchImageError} when the image that the container was created from no longer exists.
   * @throws {@link InvalidOptionError} when `repository` has a digest or a tag that differs from `tag`.
   * @throws {@link BadRequestError} when the name or an instruction in `changes` is invalid.
   * @throws {@link ConflictError} when the container is being removed.
   * @example
   * ```ts
   * const { Id } = await client.commitContainer({ container: "web", repository: "web-snapshot", changes: ['CMD ["serve"]'] });
   * ```
   */
  async commitContainer(options: CommitContainerOptions, call?: CallOptions): Promise<IDResponse> {
    const { container, repository, tag, run = {} } = options;
    if (!container) throw noContainerName(commitContainer);
    const named = repository === undefined ? {} : destination(commitContainer.name, "repository", repository, tag);
    // some engines require a body
    return this.json(commitContainer, { ...options, ...named, run }, call);
  }
}
