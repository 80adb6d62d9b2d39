import type { MountPoint } from "../../../types/mounts.js";

/** The mounts of a container, by path in the container. @category Containers */
export interface MountedVolumes {
  /** Paths on the engine's host. */
  Volumes: Record<string, string>;
  /** Whether the container may write there. */
  VolumesRW: Record<string, boolean>;
}

/**
 * Returns an inspected container's mounts as `Volumes` and `VolumesRW`, the form before API 1.20.
 *
 * A tmpfs is not included, because it mounts nothing of the host.
 *
 * @param mounts - `Mounts` of {@link Client.inspectContainer}, or of a container in {@link Client.listContainers}.
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
