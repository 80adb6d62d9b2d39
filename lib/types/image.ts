import type { ContainerConfig } from "./container-config.js";
import type { DriverData } from "./common.js";
import type { HealthConfig } from "./health.js";
import type { Identity } from "./image-identity.js";
import type { ImageManifestSummary, OCIDescriptor } from "./image-manifest.js";

/** An image, as the list of images shows it. @category Images */
export interface ImageSummary {
  /** ID of the image: the digest of its configuration, or of its manifest with the containerd image store. */
  Id: string;
  /** ID of the image that it was built upon, on this engine. Empty when it was pulled or loaded. */
  ParentId: string;
  /** Names and tags of the image. An untagged one has an empty list, null, or `<none>:<none>` before API 1.43. */
  RepoTags: string[] | null;
  /** Names with the digest of a manifest in a registry. An untagged image may have `<none>@<none>` before API 1.43. */
  RepoDigests: string[] | null;
  /** When it was made, in seconds since 1970. Far below zero when the image does not tell. */
  Created: number;
  /** Size of all its layers, in bytes. */
  Size: number;
  /** Size of the layers that other images have too, in bytes. `-1` when it was not computed. */
  SharedSize: number;
  /** The same as `Size`. Gone from API 1.44. */
  VirtualSize?: number;
  /** Labels of the image. */
  Labels: Record<string, string> | null;
  /** How many containers use it, running or not. `-1` when they were not counted. */
  Containers: number;
  /** Its manifests, when they were asked for. Needs the containerd image store. API 1.47+. */
  Manifests?: ImageManifestSummary[];
  /** What the image's name points to. Needs the containerd image store. API 1.48+. */
  Descriptor?: OCIDescriptor | null;
}

/**
 * The settings that an image gives to its containers. Up to API 1.49 all fields of a container's configuration come along,
 * empty; from API 1.52 a field without a value is left out.
 *
 * @category Images
 */
export interface ImageConfig {
  /** Always empty. Gone from API 1.50. */
  Hostname?: string;
  /** Always empty. Gone from API 1.50. */
  Domainname?: string;
  /** User, and after a colon group, that commands run as. */
  User?: string;
  /** Always false. Gone from API 1.50. */
  AttachStdin?: boolean;
  /** Always false. Gone from API 1.50. */
  AttachStdout?: boolean;
  /** Always false. Gone from API 1.50. */
  AttachStderr?: boolean;
  /** Ports that the image listens on: keys such as `80/tcp`, empty values. */
  ExposedPorts?: Record<string, Record<string, never>> | null;
  /** Always false. Gone from API 1.50. */
  Tty?: boolean;
  /** Always false. Gone from API 1.50. */
  OpenStdin?: boolean;
  /** Always false. Gone from API 1.50. */
  StdinOnce?: boolean;
  /** Environment, each entry `NAME=value`. */
  Env?: string[] | null;
  /** Command, or arguments of the entry point. */
  Cmd?: string[] | null;
  /** How to find out whether a container is healthy. */
  Healthcheck?: HealthConfig;
  /** Whether the command is one escaped text, as a shell on Windows wants it. */
  ArgsEscaped?: boolean | null;
  /** The image that this one was built upon. Gone from API 1.50. */
  Image?: string;
  /** Paths that become volumes: keys are the paths, values are empty. */
  Volumes?: Record<string, Record<string, never>> | null;
  /** Working directory of commands. */
  WorkingDir?: string;
  /** Program that the command is given to. */
  Entrypoint?: string[] | null;
  /** Always false. Gone from API 1.50. */
  NetworkDisabled?: boolean | null;
  /** Always empty. Gone from API 1.50. */
  MacAddress?: string | null;
  /** Instructions for builds that start from this image. */
  OnBuild?: string[] | null;
  /** Labels of the image. */
  Labels?: Record<string, string> | null;
  /** Signal that stops a container, such as `SIGTERM`. */
  StopSignal?: string | null;
  /** Time to stop, in seconds. Gone from API 1.50. */
  StopTimeout?: number | null;
  /** Shell for commands that are one text. */
  Shell?: string[] | null;
}

/** The layers that make up an image's file system. @category Images */
export interface ImageRootFS {
  /** How the file system is made up: `layers`. */
  Type: string;
  /** Digests of the unpacked layers, the lowest first. Absent when the image has none. */
  Layers?: string[];
}

/** What the engine keeps about an image, and the image itself does not contain. @category Images */
export interface ImageMetadata {
  /** When the image was last given a name here, in RFC 3339; `0001-01-01T00:00:00Z` for never. */
  LastTagTime?: string | null;
}

/** An image with all its details. @category Images */
export interface ImageInspect {
  /** ID of the image: the digest of its configuration, or of its manifest with the containerd image store. */
  Id: string;
  /** Names and tags of the image. */
  RepoTags: string[];
  /** Names with the digest of a manifest in a registry. */
  RepoDigests: string[];
  /** ID of the image that it was built upon, on this engine. Empty when it was pulled or loaded. Gone from API 1.52. */
  Parent?: string;
  /** What was said when it was committed or imported. */
  Comment?: string | null;
  /** When it was made, in RFC 3339. Absent when the image does not tell; before API 1.44 `0001-01-01T00:00:00Z`. */
  Created?: string | null;
  /** ID of the container that it was committed from. Gone from API 1.45. */
  Container?: string;
  /** Settings of the container that it was committed from. Gone from API 1.45. */
  ContainerConfig?: ContainerConfig;
  /** Version of the engine that made it. Gone from API 1.52. */
  DockerVersion?: string;
  /** Who made it, as was said when it was built or committed. */
  Author?: string | null;
  /** What it gives to its containers. Null when the image has no such settings, as those of other tools may. */
  Config: ImageConfig | null;
  /** Processor architecture by its Go name, such as `amd64`. */
  Architecture: string;
  /** Variant of the architecture, such as `v7`. API 1.39+. */
  Variant?: string | null;
  /** Operating system by its Go name, such as `linux`. */
  Os: string;
  /** Version of the operating system. Set for Windows. API 1.28+. */
  OsVersion?: string | null;
  /** Size of all its layers, in bytes. */
  Size: number;
  /** The same as `Size`. Gone from API 1.44. */
  VirtualSize?: number;
  /** How the layers are stored. From API 1.52 absent with the containerd image store. */
  GraphDriver?: DriverData | null;
  /** The layers of its file system. */
  RootFS: ImageRootFS;
  /** What the engine keeps about the image. API 1.31+. */
  Metadata?: ImageMetadata;
  /** What the image's name points to. Needs the containerd image store. API 1.48+. */
  Descriptor?: OCIDescriptor | null;
  /** Its manifests, when they were asked for. Needs the containerd image store. API 1.48+. */
  Manifests?: ImageManifestSummary[] | null;
  /** What the engine has verified of the image's origin. API 1.53+. */
  Identity?: Identity | null;
}
