import type { ContainerConfig } from "../../types/container-config.js";
import type { ImageConfig } from "../../types/image.js";
import { parseJson } from "../bounded-json.js";
import { EngineError } from "../engine-error.js";
import { hexOf } from "./blobs.js";

/** A step in the configuration of an image. */
export interface HistoryEntry {
  /** When it was created, in RFC 3339 format. */
  created?: string;
  /** Author. */
  author?: string;
  /** The instruction. */
  created_by?: string;
  /** Comment. */
  comment?: string;
  /** Whether the step has no layer. */
  empty_layer?: boolean;
}

/** The configuration of an image as it is stored and transferred. Its digest is the ID of the image. */
export interface ImageConfigFile {
  /** CPU architecture. */
  architecture?: string;
  /** Variant of the CPU architecture. */
  variant?: string;
  /** Operating system. */
  os?: string;
  /** Version of the operating system. */
  "os.version"?: string;
  /** When the image was created, in RFC 3339 format. */
  created?: string;
  /** Author. */
  author?: string;
  /** Comment of the commit or import. */
  comment?: string;
  /** Default settings of containers. */
  config?: ImageConfig | null;
  /** ID of the container that the image was committed from. */
  container?: string;
  /** Settings of that container. */
  container_config?: ContainerConfig;
  /** Version of the engine that created the image. */
  docker_version?: string;
  /** Steps, oldest first. */
  history?: HistoryEntry[] | null;
  /** Root file system. */
  rootfs: {
    /** Always `layers`. */
    type: string;
    /** Digests of the uncompressed layers, lowest first. */
    diff_ids?: string[] | null;
  };
}

/** The maximum number of layers of an image. */
const DEEPEST = 125;

/** The maximum size of the configuration of an image, in bytes. */
export const CONFIG_LIMIT = 8 * 1024 * 1024;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string");

const invalid = (why: string, cause?: unknown): EngineError =>
  new EngineError(500, `invalid image configuration: ${why}`, { cause });

function isHistory(value: unknown): boolean {
  const texts = ["created", "author", "created_by", "comment"];
  return (
    Array.isArray(value) &&
    value.every((step) => isObject(step) && texts.every((key) => step[key] === undefined || typeof step[key] === "string"))
  );
}

/** Returns what is wrong with the settings of a configuration. Only members that the engine reads are checked. */
function settingsProblem(settings: unknown): string | undefined {
  if (settings === undefined || settings === null) return undefined;
  if (!isObject(settings)) return "config is not an object";
  for (const key of ["Env", "Cmd", "Entrypoint", "OnBuild", "Shell"]) {
    const value = settings[key] ?? undefined;
    if (value !== undefined && !isStrings(value)) return `config.${key} is not a list of strings`;
  }
  for (const key of ["Labels", "Volumes", "ExposedPorts", "Healthcheck"]) {
    const value = settings[key] ?? undefined;
    if (value !== undefined && !isObject(value)) return `config.${key} is not an object`;
  }
  for (const key of ["User", "WorkingDir", "StopSignal"]) {
    const value = settings[key] ?? undefined;
    if (value !== undefined && typeof value !== "string") return `config.${key} is not a string`;
  }
  return undefined;
}

/**
 * Parses the configuration of an image.
 *
 * @throws {@link EngineError} when it is not one, or the image has too many layers.
 */
export function parseImageConfig(bytes: Uint8Array): ImageConfigFile {
  let config: unknown;
  try {
    config = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
  if (!isObject(config)) throw invalid("it is not an object");
  if (!isObject(config["rootfs"])) throw invalid("no rootfs");
  const ids = config["rootfs"]["diff_ids"] ?? [];
  if (!isStrings(ids) || ids.some((id) => hexOf(id) === undefined)) throw invalid("rootfs.diff_ids is not a list of digests");
  for (const key of ["architecture", "variant", "os", "created", "author", "comment", "docker_version"]) {
    const value = config[key] ?? undefined;
    if (value !== undefined && typeof value !== "string") throw invalid(`${key} is not a string`);
  }
  const history = config["history"] ?? [];
  if (!isHistory(history)) throw invalid("history is not a list of steps");
  const problem = settingsProblem(config["config"]);
  if (problem !== undefined) throw invalid(problem);
  if (ids.length > DEEPEST) throw new EngineError(500, "max depth exceeded");
  return config as unknown as ImageConfigFile; // every member that is read has been checked
}

/**
 * Encodes the configuration of an image as Docker does: sorted members, and characters of HTML escaped. Equal configurations have
 * equal IDs then, whichever engine encodes them.
 */
export function encodeImageConfig(config: ImageConfigFile): Buffer {
  const sorted = Object.fromEntries(Object.entries(config).sort(([one], [other]) => (one < other ? -1 : 1)));
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return Buffer.from(JSON.stringify(sorted).replace(/[<>&\u2028\u2029]/g, escaped));
}

/** Parses a time in RFC 3339 format, in nanoseconds since 1970. Returns undefined if there is none. */
export function parseTime(text: string | undefined): bigint | undefined {
  const [, seconds, decimals = "", zone = ""] = /^([^.Zz+]*T[\d:]*)(?:\.(\d{1,9}))?(Z|[+-][\d:]+)$/.exec(text ?? "") ?? [];
  const time = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(time) ? undefined : BigInt(time) * 1_000_000n + BigInt(decimals.padEnd(9, "0"));
}

/** Formats nanoseconds since 1970 in RFC 3339 format, as Go does: without trailing zeros. */
export function formatTime(nanoseconds: bigint): string {
  const second = 1_000_000_000n;
  const rest = ((nanoseconds % second) + second) % second;
  const decimals = rest.toString().padStart(9, "0").replace(/0+$/, "");
  const seconds = new Date(Number((nanoseconds - rest) / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}${decimals && "."}${decimals}Z`;
}
