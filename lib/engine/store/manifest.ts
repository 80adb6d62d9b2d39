import { parseJson } from "../bounded-json.js";
import { badRequest, EngineError } from "../engine-error.js";
import { hexOf } from "./blobs.js";

/** The media types of manifests and what they refer to. */
export const mediaTypes = {
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerLayer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  zstdLayer: "application/vnd.oci.image.layer.v1.tar+zstd",
  gzipLayer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/** The platform of an image in an index. */
export interface ManifestPlatform {
  /** CPU architecture. */
  readonly architecture?: string;
  /** Operating system. */
  readonly os?: string;
  /** Variant of the CPU architecture. */
  readonly variant?: string;
}

/** A reference to content. */
export interface Descriptor {
  /** Media type of the content. */
  readonly mediaType: string;
  /** Its digest. */
  readonly digest: string;
  /** Its length in bytes. */
  readonly size: number;
  /** Its platform, in an index. */
  readonly platform?: ManifestPlatform;
  /** Annotations, such as the name of an image in a layout. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The manifest of an image for one platform. */
export interface ImageManifest {
  /** Media type of the manifest. Absent in early OCI manifests. */
  readonly mediaType?: string;
  /** The configuration. */
  readonly config: Descriptor;
  /** The layers, lowest first. */
  readonly layers: readonly Descriptor[];
}

/** The manifests of an image for several platforms. */
export interface ImageIndex {
  /** Media type of the index. Absent in early OCI indexes. */
  readonly mediaType?: string;
  /** The manifests. */
  readonly manifests: readonly Descriptor[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isDescriptor(value: unknown): value is Descriptor {
  if (!isObject(value) || typeof value["digest"] !== "string" || hexOf(value["digest"]) === undefined) return false;
  const { mediaType, size } = value;
  return (mediaType === undefined || typeof mediaType === "string") && Number.isSafeInteger(size) && Number(size) >= 0;
}

/**
 * Parses a manifest or an index.
 *
 * @param bytes - the JSON.
 * @throws {@link EngineError} when it is neither.
 */
export function parseManifest(bytes: Uint8Array): ImageManifest | ImageIndex {
  let value: unknown;
  try {
    value = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch (cause) {
    throw new EngineError(500, "invalid manifest: it is not JSON", { cause });
  }
  if (isObject(value) && Array.isArray(value["manifests"]) && value["manifests"].every(isDescriptor))
    return value as unknown as ImageIndex;
  const isManifest =
    isObject(value) && isDescriptor(value["config"]) && Array.isArray(value["layers"]) && value["layers"].every(isDescriptor);
  if (isManifest) return value as ImageManifest;
  if (isObject(value) && value["schemaVersion"] === 1) {
    throw new EngineError(500, "Docker image format v1 and Docker image manifest version 2, schema 1 are not supported");
  }
  throw new EngineError(500, "invalid manifest: neither a manifest nor an index");
}

/** Whether a manifest is an index. */
export const isIndex = (manifest: ImageManifest | ImageIndex): manifest is ImageIndex => "manifests" in manifest;

/** Parses a platform such as `linux/arm64/v8` or `linux`. */
export function parsePlatform(platform: string): ManifestPlatform {
  const [os = "", architecture, variant] = platform.split("/");
  return { os, ...(architecture !== undefined && { architecture }), ...(variant !== undefined && { variant }) };
}

/** Returns the platform of this machine: containers run Linux. */
export function hostPlatform(): ManifestPlatform {
  const names: Partial<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };
  return { os: "linux", architecture: names[process.arch] ?? process.arch };
}

/** Formats a platform. */
export const formatPlatform = ({ os, architecture, variant }: ManifestPlatform): string =>
  [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");

/** Whether something is for a platform: whatever the wanted platform does not name may be anything. */
export function isForPlatform(own: ManifestPlatform, wanted: ManifestPlatform): boolean {
  const fits = (part: string | undefined, other: string | undefined): boolean =>
    other === undefined || other === "" || part === other;
  return fits(own.os, wanted.os) && fits(own.architecture, wanted.architecture) && fits(own.variant, wanted.variant);
}

/**
 * Parses a platform that a client names: `linux/arm64/v8`, or an architecture of Linux.
 *
 * @returns undefined for an empty string.
 * @throws {@link EngineError} with status 400 for other forms.
 */
export function namedPlatform(text: string): ManifestPlatform | undefined {
  if (text === "") return undefined;
  if (!/^[\w.-]+(\/[\w.-]+){0,2}$/.test(text)) {
    throw badRequest(`${JSON.stringify(text)}: cannot parse platform specifier: invalid argument`);
  }
  const platform = parsePlatform(text.toLowerCase());
  return platform.architecture === undefined && platform.os !== "linux"
    ? { os: "linux", architecture: platform.os ?? "" }
    : platform;
}

/**
 * Chooses the manifest for a platform from an index. Variants that are not asked for do not matter; of several, the first is taken.
 *
 * @param index - the index.
 * @param wanted - the platform.
 * @returns undefined if there is none for the platform.
 */
export function chooseManifest(index: ImageIndex, wanted: ManifestPlatform): Descriptor | undefined {
  const exact = index.manifests.find(({ platform }) => platform !== undefined && isForPlatform(platform, wanted));
  if (exact) return exact;
  const [only, ...others] = index.manifests.filter(({ platform }) => platform?.os !== "unknown");
  return others.length === 0 && only?.platform === undefined ? only : undefined;
}
