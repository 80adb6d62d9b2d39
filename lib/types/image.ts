import type { DriverData } from "./common.js";
import type { ContainerConfig } from "./container-config.js";
import type { HealthConfig } from "./health.js";
import type { Identity } from "./image-identity.js";
import type { ImageManifestSummary, OCIDescriptor } from "./image-manifest.js";

/** Summary of an image, as returned by list requests. @category Images */
export interface ImageSummary {
  /** ID of the image: the digest of its config or, with the containerd image store, of its manifest. */
  Id: string;
  /** ID of the parent image on this engine. Empty if the image was pulled or loaded. */
  ParentId: string;
  /** Tags of the image. If untagged, the list is empty, or holds `<none>:<none>` before API 1.43. */
  RepoTags: string[];
  /** Digests of the image in registries. If untagged, the list may hold `<none>@<none>` before API 1.43. */
  RepoDigests: string[];
  /** Creation time, in seconds since the Unix epoch. A large negative number if the image has no creation time. */
  Created: number;
  /** Total size of the layers, in bytes. */
  Size: number;
  /** Size of the layers that are shared with other images, in bytes. `-1` if not calculated. */
  SharedSize: number;
  /** Same as `Size`. Removed in API 1.44. */
  VirtualSize?: number;
  /** Labels of the image. */
  Labels: Record<string, string>;
  /** Number of containers that use the image, running or not. `-1` if not calculated. */
  Containers: number;
  /** Manifests of the image, if requested. Requires the containerd image store. Added in API 1.47. */
  Manifests?: ImageManifestSummary[];
  /** Descriptor of the image target. Requires the containerd image store. Added in API 1.48. */
  Descriptor?: OCIDescriptor | null;
}

/**
 * Default container settings of an image. Before API 1.50, engines also send the remaining fields of a
 * container config with empty values; in API 1.52 and later, they omit empty fields.
 *
 * @category Images
 */
export interface ImageConfig {
  /** Always empty. Removed in API 1.50. */
  Hostname?: string;
  /** Always empty. Removed in API 1.50. */
  Domainname?: string;
  /** User that runs the command: `user` or `user:group`. */
  User?: string;
  /** Always false. Removed in API 1.50. */
  AttachStdin?: boolean;
  /** Always false. Removed in API 1.50. */
  AttachStdout?: boolean;
  /** Always false. Removed in API 1.50. */
  AttachStderr?: boolean;
  /** Exposed ports, such as `80/tcp`. The values are empty objects. */
  ExposedPorts?: Record<string, Record<string, never>>;
  /** Always false. Removed in API 1.50. */
  Tty?: boolean;
  /** Always false. Removed in API 1.50. */
  OpenStdin?: boolean;
  /** Always false. Removed in API 1.50. */
  StdinOnce?: boolean;
  /** Environment variables, as `NAME=value`. */
  Env?: string[];
  /** Command, or the arguments of the entrypoint. */
  Cmd?: string[];
  /** Health check. */
  Healthcheck?: HealthConfig;
  /** Whether the command is a single, already escaped command line. Windows only. */
  ArgsEscaped?: boolean | null;
  /** Parent image. Removed in API 1.50. */
  Image?: string;
  /** Mount points of volumes. The values are empty objects. */
  Volumes?: Record<string, Record<string, never>>;
  /** Working directory of the command. */
  WorkingDir?: string;
  /** Entrypoint. */
  Entrypoint?: string[] | null;
  /** Always false. Removed in API 1.50. */
  NetworkDisabled?: boolean | null;
  /** Always empty. Removed in API 1.50. */
  MacAddress?: string | null;
  /** `ONBUILD` instructions for child images. */
  OnBuild?: string[];
  /** Labels of the image. */
  Labels?: Record<string, string>;
  /** Signal that stops the container, such as `SIGTERM`. */
  StopSignal?: string | null;
  /** Seconds to wait after the stop signal. Removed in API 1.50. */
  StopTimeout?: number | null;
  /** Shell for commands in shell form. */
  Shell?: string[];
}

/** Root file system of an image. @category Images */
export interface ImageRootFS {
  /** Type of the root file system: `layers`. */
  Type: string;
  /** Digests of the uncompressed layers, lowest first. Absent if there are none. */
  Layers?: string[];
}

/** Image metadata that is local to the engine. @category Images */
export interface ImageMetadata {
  /** Time when the image was last tagged on this engine, in RFC 3339 format. `0001-01-01T00:00:00Z` if never. */
  LastTagTime?: string | null;
}

/** Detailed information about an image. @category Images */
export interface ImageInspect {
  /** ID of the image: the digest of its config or, with the containerd image store, of its manifest. */
  Id: string;
  /** Tags of the image. */
  RepoTags: string[];
  /** Digests of the image in registries. */
  RepoDigests: string[];
  /** ID of the parent image on this engine. Empty if the image was pulled or loaded. Removed in API 1.52. */
  Parent?: string;
  /** Comment set when the image was committed or imported. */
  Comment?: string | null;
  /** Creation time, in RFC 3339 format. If the image has none, it is absent or, before API 1.44, `0001-01-01T00:00:00Z`. */
  Created?: string | null;
  /** ID of the container that the image was committed from. Removed in API 1.45. */
  Container?: string;
  /** Settings of the container that the image was committed from. Removed in API 1.45. */
  ContainerConfig?: ContainerConfig;
  /** Version of the engine that created the image. Removed in API 1.52. */
  DockerVersion?: string;
  /** Author of the image, as specified at build or commit. */
  Author?: string | null;
  /** Default container settings. Null if the image has none, for example because another tool created it. */
  Config: ImageConfig | null;
  /** CPU architecture, as a Go architecture such as `amd64`. */
  Architecture: string;
  /** Variant of the CPU architecture, such as `v7`. Added in API 1.39. */
  Variant?: string | null;
  /** Operating system, as a Go OS such as `linux`. */
  Os: string;
  /** Operating system version. Set for Windows. Added in API 1.28. */
  OsVersion?: string | null;
  /** Total size of the layers, in bytes. */
  Size: number;
  /** Same as `Size`. Removed in API 1.44. */
  VirtualSize?: number;
  /** Storage driver data of the layers. Absent with the containerd image store in API 1.52 and later. */
  GraphDriver?: DriverData | null;
  /** Root file system. */
  RootFS: ImageRootFS;
  /** Metadata that is local to the engine. Added in API 1.31. */
  Metadata?: ImageMetadata;
  /** Descriptor of the image target. Requires the containerd image store. Added in API 1.48. */
  Descriptor?: OCIDescriptor | null;
  /** Manifests of the image, if requested. Requires the containerd image store. Added in API 1.48. */
  Manifests?: ImageManifestSummary[];
  /** Verified origin of the image. Added in API 1.53. */
  Identity?: Identity | null;
}
