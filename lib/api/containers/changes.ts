import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import { ChangeType, type FilesystemChange } from "../../types/container-results.js";

/** Options for {@link Client.containerChanges}. */
export interface ContainerChangesOptions {
  /** ID or name of the container. */
  id: string;
}

const containerChanges = operation<ContainerChangesOptions>({
  name: "containerChanges",
  method: "GET",
  path: "/containers/{id}/changes",
  slow: true,
  fields: { id: pathParam },
  errors: ({ id }) => containerErrors(id),
});

const letters = new Map<number, string>([
  [ChangeType.Modify, "C"],
  [ChangeType.Add, "A"],
  [ChangeType.Delete, "D"],
]);

/**
 * Formats a change like `docker diff`: `C`, `A` or `D`, followed by the path. The letter is omitted for an unknown kind of
 * change.
 *
 * @category Helpers
 */
export function changeText(change: FilesystemChange): string {
  return `${letters.get(change.Kind) ?? ""} ${change.Path}`;
}

shareSignature("containerChanges", "containerDiff");

/** Mixed into {@link Client}. */
export default abstract class ContainerChangesMixin extends Connection {
  /**
   * Lists the changes to a container's file system since it was created from its image. Volumes are not included.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerChanges | ContainerChanges}
   * @returns the changes; empty if there are none.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   */
  containerChanges(options: ContainerChangesOptions, call?: CallOptions): Promise<FilesystemChange[]> {
    return this.json(containerChanges, options, call);
  }

  /**
   * Alias of {@link Client.containerChanges}.
   *
   * @deprecated Call {@link Client.containerChanges}.
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerChanges | ContainerChanges}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   */
  containerDiff(options: ContainerChangesOptions, call?: CallOptions): Promise<FilesystemChange[]> {
    return this.containerChanges(options, call);
  }
}
