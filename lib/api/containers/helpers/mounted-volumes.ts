import type { MountPoint } from "../../../types/mounts.js";

/** The mounts of a container by their paths in the container. @category Containers */
export interface MountedVolumes {
  /** Paths on the engine's host. */
  Volumes: Record<string, string>;
  /** Whether the container can write to the path. */
  VolumesRW: Record<string, boolean>;
}

/**
 * Returns an inspected container's mounts as `Volumes` and `VolumesRW`, as in API versions before 1.20.
 *
 * A tmpfs is not included, because it has no path on the host.
 *
 * @param mounts - `Mounts` from {@link Client.inspectContainer} or {@link Client.listContainers}.
 * @category Helpers
 */
export function mountedVolumes(
  mounts: readonly Pick<MountPoint, "Source" | "Destination" | "RW">[] | null | undefined,
): MountedVolumes {
  const ofHost = (mounts ?? []).filter(({ Source }) => Source !== "");
  return {
    Volumes: Object.fromEntries(ofHost.map(({ Destination, Source }) => [Destination, Source])),
    VolumesRW: Object.fromEntries(ofHost.map(({ Destination, RW }) => [Destination, RW])),
  };
}
