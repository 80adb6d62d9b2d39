import type { MountPoint } from "../../../types/mounts.js";

/** What a container has mounted, by path in it. @category Containers */
export interface MountedVolumes {
  /** Paths on the engine's host. */
  Volumes: Record<string, string>;
  /** Whether the container may write there. */
  VolumesRW: Record<string, boolean>;
}

/**
 * Gives an inspected container's mounts as `Volumes` and `VolumesRW`, which engines told before API 1.20.
 *
 * A tmpfs is not among them: nothing of the host is mounted there.
 *
 * @param mounts - `Mounts` of {@link Client.inspectContainer}, or of one container of {@link Client.listContainers}.
 * @category Containers
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
