import type { HostConfig } from "../../types/host-config.js";
import type { Clock } from "../clock.js";
import type { Containers } from "../containers/containers.js";
import type { EventLog } from "../events/event-log.js";
import type { Snapshot } from "../files/snapshot.js";
import type { AuthCredentials } from "../registry/credentials.js";
import type { ImageStore } from "../store/images.js";
import type { ManifestPlatform } from "../store/manifest.js";
import type { ReportProgress } from "../store/progress.js";

/** What builds need of their engine. */
export interface BuildParts {
  /** The containers. */
  readonly containers: Containers;
  /** The images. */
  readonly images: ImageStore;
  /** The events. */
  readonly events: EventLog;
  /** The time. */
  readonly clock: Clock;
  /** Version of the engine, which images record. */
  readonly version: string;
  /** Registries that may use plain HTTP or invalid certificates. */
  readonly insecureRegistries: readonly string[];
  /** The most bytes that a context, or an archive in it, may have when it is decompressed. */
  readonly unpackedLimit: number;
  /** Returns the files of the layers of an image. */
  readonly snapshot: (layers: readonly string[]) => Promise<Snapshot>;
}

/** Settings of a build. */
export interface BuildOptions {
  /** Values of build arguments. */
  readonly args: ReadonlyMap<string, string>;
  /** Labels of the image. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the last stage to build; empty for all. */
  readonly target: string;
  /** Whether images that stages are built on are pulled although the engine has them. */
  readonly pulls: boolean;
  /** Whether earlier builds are not used. */
  readonly noCache: boolean;
  /** Names of the images that earlier builds are taken from; empty for all. */
  readonly cacheFrom: readonly string[];
  /** Whether containers of commands that succeed are removed. */
  readonly removes: boolean;
  /** Whether containers of commands that fail are removed, too. */
  readonly alwaysRemoves: boolean;
  /** Settings of the containers of commands: network, hosts and limits. */
  readonly host: HostConfig;
  /** The platform of images that stages are built on, unless a stage names its own. By default that of this machine. */
  readonly platform: ManifestPlatform | undefined;
  /** Credentials for pulls by the host and port of the registry. */
  readonly credentials: ReadonlyMap<string, AuthCredentials>;
  /** Receives the messages. */
  readonly report: ReportProgress;
  /** Ends the build. */
  readonly signal: AbortSignal;
}
