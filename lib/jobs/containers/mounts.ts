import { createHash } from "node:crypto";
import type { Mount } from "../../index.js";
import type { InstallContainerOptions } from "../models.js";
import { nameOf } from "../values/identifier.js";
import { ID_LABEL } from "./definition.js";

/** Returns the name of the volume that holds a path of a container. */
function volumeName(id: string, path: string): string {
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 12);
  return `${nameOf(id)}-${digest}`;
}

/**
 * Returns the mounts of a container.
 *
 * @param volumes - the paths whose content outlives the container.
 */
export function mountsOf({ id, volumeConfig = {} }: InstallContainerOptions, volumes: readonly string[]): Mount[] {
  const mounts = volumeConfig.volumeMounts ?? [];
  const mounted = new Set(mounts.map(({ path }) => path));
  return [
    ...[...new Set(volumes)]
      .filter((path) => !mounted.has(path))
      .map((path) => ({
        Type: "volume" as const,
        Target: path,
        Source: volumeName(id, path),
        VolumeOptions: { Labels: { [ID_LABEL]: id } },
      })),
    ...mounts.map(({ path, hostPath, readOnly = false }) => ({
      Type: hostPath.startsWith("/") ? ("bind" as const) : ("volume" as const),
      Target: path,
      Source: hostPath,
      ReadOnly: readOnly,
    })),
  ];
}
