import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noContainerName } from "../../core/errors/empty-name.js";
import { body, flag, repeated, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { BodyPath } from "../../types/util.js";
import type { ContainerConfig } from "../../types/container-config.js";
import type { IDResponse } from "../../types/image-results.js";
import { destination } from "./destination.js";
import { noSuchContainerOrImage } from "./errors.js";

/** Options of {@link Client.commitContainer}. */
export interface CommitContainerOptions {
  /** ID or name of the container. */
  container: string;
  /** The repository of the image's name. May have the tag with it: `app:1.2`. By default the image gets no name. */
  repository?: string | undefined;
  /** The tag of the image's name. By default `latest`. */
  tag?: string | undefined;
  /** What is said of the image, to be read in its history. */
  comment?: string | undefined;
  /** Who made the image, such as `Ada <ada@example.com>`. */
  author?: string | undefined;
  /** Whether the container is paused meanwhile, so that what is written at the same time comes whole or not at all. By default true. */
  pause?: boolean | undefined;
  /** Dockerfile instructions that change the image's settings, such as `ENV DEBUG=1` or `CMD ["serve"]`. */
  changes?: string | readonly string[] | undefined;
  /** Settings of the image. What is left out is as in the container. */
  run?: ContainerConfig | undefined;
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
  longRunning: true,
  fields: {
    container: text("container", { required: true }),
    repository: text("repo"),
    tag: text("tag"),
    comment: text("comment"),
    author: text("author"),
    pause: flag("pause"),
    changes: repeated("changes"),
    run: body<ContainerConfig>({ parts: configVersions }),
  },
  errors: ({ container }) => ({ 404: noSuchContainerOrImage(container) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageCommitMixin extends Connection {
  /**
   * Makes an image of a container: its file system, without volumes, and its settings.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageCommit | ImageCommit}
   * @returns the ID of the image.
   * @throws {@link NoSuchContainerError} when there is no such container, or its ID is empty.
   * @throws {@link NoSuchImageError} when the image that the container was made from is gone.
   * @throws {@link InvalidOptionError} when `repository` has a digest, or a tag other than `tag`.
   * @throws {@link BadRequestError} when the name or an instruction of `changes` cannot be.
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
    // some engines insist on a body
    return this.json(commitContainer, { ...options, ...named, run }, call);
  }
}
