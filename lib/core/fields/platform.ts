import { list, type MembersOf, value } from "../members/shape.js";
import { isRecord, isText, type TextField, type Versions } from "./field.js";
import { query } from "./query.js";

/** An OCI platform, which selects one variant of an image. */
export interface OciPlatform {
  /** Operating system, such as `linux`. */
  os: string;
  /** Processor architecture, such as `amd64` or `arm64`. */
  architecture: string;
  /** Variant of the architecture, such as `v8`. */
  variant?: string;
  /** Version of the operating system, for Windows. */
  "os.version"?: string;
  /** Required features of the operating system, for Windows. */
  "os.features"?: readonly string[];
}

/** The names in an {@link OciPlatform}. */
export const ociPlatform: MembersOf<OciPlatform> = {
  os: value,
  architecture: value,
  variant: value,
  "os.version": value,
  "os.features": list,
};

/** A platform: `os[/architecture[/variant]]`, or an object. */
export type Platform = string | OciPlatform;

const expects = "a platform such as linux/arm64 or { os, architecture }";

function platformText(value: Platform): string | undefined {
  if (isText(value)) return value;
  if (!isRecord(value) || !isText(value.os) || !isText(value.architecture)) return undefined;
  return [value.os, value.architecture, ...(value.variant === undefined ? [] : [value.variant])].join("/");
}

function platformObject(value: Platform): string | undefined {
  if (isRecord(value)) return isText(value.os) && isText(value.architecture) ? JSON.stringify(value) : undefined;
  if (!isText(value)) return undefined;
  const [os, architecture, variant, ...more] = value.split("/");
  if (!os || !architecture || more.length > 0) return undefined;
  return JSON.stringify({ os, architecture, ...(variant ? { variant } : {}) });
}

/** A platform as `os[/architecture[/variant]]`. */
export const platformString = (key: string, versions?: Versions): TextField<Platform> =>
  query(key, "platform-string", expects, platformText, { members: ociPlatform, ...versions });

/** A platform as one JSON object. */
export const platformJson = (key: string, versions?: Versions): TextField<Platform> =>
  query(key, "platform-json", expects, platformObject, { members: ociPlatform, ...versions });

/** Platforms, each a JSON object under the same key. */
export const repeatedPlatformJson = (key: string, versions?: Versions): TextField<Platform | readonly Platform[]> =>
  query(
    key,
    "repeat-platform-json",
    `${expects}, or a list of them`,
    (v) => {
      const list = (Array.isArray(v) ? v : [v]).map((platform: Platform) => platformObject(platform));
      return list.every((platform) => platform !== undefined) ? list : undefined;
    },
    { members: ociPlatform, ...versions },
  );
