import type { ContainerConfig } from "../../types/container-config.js";
import type { HealthcheckResult } from "../../types/health.js";
import type { HostConfig } from "../../types/host-config.js";
import type { MountPoint } from "../../types/mounts.js";
import type { EndpointSettings, PortMap } from "../../types/network-endpoint.js";

/** A link of a container to another one on the default network. */
export interface Link {
  /** The name that the container knows the other one by. */
  readonly alias: string;
  /** ID of the other container. */
  readonly container: string;
  /** The last name of the other container, when it is removed. */
  removed?: string;
}

/** The state of a container, as it is kept over a restart of the engine. Times are nanoseconds since 1970, in decimal digits. */
export interface StateRecord {
  /** What the container does. */
  status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  /** Process ID of its first process; 0 if it does not run. */
  pid: number;
  /** Exit code of the last run. */
  exitCode: number;
  /** Why the last start failed. */
  error: string;
  /** Whether the last run ended because the container had no memory left. */
  oomKilled: boolean;
  /** Whether it has a log: since the first start that came as far as its processes. */
  hasLog?: boolean;
  /** Time of the last start. */
  startedAt?: string;
  /** Time at which the last run ended. */
  finishedAt?: string;
  /** Whether a client stopped it, so that `unless-stopped` does not start it again. */
  isStoppedByHand?: boolean;
  /** Whether its anonymous volumes are removed with it. */
  removesVolumes?: boolean;
  /** Result of the health checks. */
  health?: { status: string; failingStreak: number; log: HealthcheckResult[] };
}

/** Everything about a container that is kept over a restart of the engine. */
export interface ContainerRecord {
  /** ID: 64 hexadecimal digits. */
  readonly id: string;
  /** Name, without the slash. */
  name: string;
  /** Time of creation in nanoseconds since 1970, in decimal digits. */
  readonly created: string;
  /** ID of the image. */
  readonly image: string;
  /** The layers of the image, lowest first, by the digests of their uncompressed archives. */
  readonly layers: readonly string[];
  /** Settings, merged with those of the image. */
  readonly config: ContainerConfig;
  /** Settings that concern the host, with all defaults. */
  hostConfig: HostConfig;
  /** Links to other containers on the default network. `Links` of `hostConfig` is empty, since names may change. */
  links?: Link[];
  /** Networks by name, with the addresses while it runs. */
  networks: Record<string, EndpointSettings>;
  /** Ports while it runs. */
  ports: PortMap;
  /** Mounts. */
  readonly mounts: MountPoint[];
  /** Names of the volumes that were created for it or for a container whose volumes it uses: they are removed with it. */
  anonymousVolumes?: string[];
  /** Name of the archive with what it wrote; absent before the first one. */
  written?: string;
  /** State. */
  state: StateRecord;
  /** How often the restart policy restarted it. */
  restartCount: number;
}

/** Formats nanoseconds since 1970, in decimal digits, as RFC 3339. Go's zero time stands for a time that never was. */
export function rfc3339(nanoseconds: string | bigint | undefined): string {
  if (nanoseconds === undefined) return "0001-01-01T00:00:00Z";
  const all = BigInt(nanoseconds);
  const seconds = new Date(Number(all / 1_000_000n)).toISOString().slice(0, 19);
  const decimals = (all % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return decimals === "" ? `${seconds}Z` : `${seconds}.${decimals}Z`;
}

/** Returns the nanoseconds since 1970 of a time that {@link rfc3339} has formatted. @throws for other texts. */
export function parseRfc3339(text: string): bigint {
  const milliseconds = Date.parse(`${text.slice(0, 19)}Z`);
  return BigInt(milliseconds) * 1_000_000n + BigInt(text.slice(20, -1).padEnd(9, "0"));
}
