import { badRequest, EngineError, notFound, notSupported } from "../engine-error.js";

/** The label of volumes that got no name from the client. */
export const ANONYMOUS = "com.docker.volume.anonymous";

/** What an option of the local driver requires besides itself. */
const required: Readonly<Record<string, readonly string[]>> = {
  device: ["type"],
  o: ["device", "type"],
  type: ["device"],
  size: [],
};

/**
 * Checks the name of a new volume.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkName(name: string): void {
  if (name.length === 1)
    throw badRequest(`create ${name}: volume name is too short, names should be at least two alphanumeric characters`);
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw badRequest(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only ` +
        '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
    );
  }
}

/**
 * Checks the driver of a volume. The engine has `local` only.
 *
 * @throws an {@link EngineError} with status 404.
 */
export function checkDriver(name: string, driver: string): void {
  if (driver === "" || driver === "local") return;
  throw notFound(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
}

/**
 * Checks the options of the local driver.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkOptions(name: string, options: Readonly<Record<string, string>>): void {
  const missing = (option: string): EngineError => badRequest(`create ${name}: missing required option: "${option}"`);
  for (const option of Object.keys(options)) {
    if (!Object.hasOwn(required, option)) throw badRequest(`create ${name}: invalid option: ${JSON.stringify(option)}`);
  }
  for (const option of Object.keys(options).sort()) {
    for (const other of required[option] ?? []) if (!options[other]) throw missing(other);
  }
  if (options.size) throw badRequest(`create ${name}: quota size requested but no quota support`);
}

/** Where the files of a volume are: in the data root, in memory until nothing mounts it any more, or in a folder of the host. */
export type VolumePlace = { kind: "local" } | { kind: "tmpfs"; maxBytes: number | undefined } | { kind: "folder"; path: string };

/**
 * Reads the options of the local driver.
 *
 * @throws an {@link EngineError} with status 501 for file systems that only a kernel mounts, and 500 for malformed sizes.
 */
export function volumePlace(options: Readonly<Record<string, string>> | null): VolumePlace {
  const { type, device = "", o = "" } = options ?? {};
  if (!type) return { kind: "local" };
  const flags = o.split(",");
  if (flags.includes("bind") || flags.includes("rbind")) return { kind: "folder", path: device };
  if (type === "tmpfs") return { kind: "tmpfs", maxBytes: size(flags) };
  throw notSupported(
    `failed to mount local volume: the embedded engine does not mount file systems of type ${JSON.stringify(type)}`,
  );
}

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function size(flags: readonly string[]): number | undefined {
  const flag = flags.find((each) => each.startsWith("size="));
  if (flag === undefined) return undefined;
  const match = /^size=(\d+)([kmg]?)$/i.exec(flag);
  if (!match)
    throw new EngineError(500, `failed to mount local volume: invalid option ${JSON.stringify(flag)}: invalid argument`);
  const bytes = Number(match[1]) * (units[(match[2] ?? "").toLowerCase()] ?? 1);
  return bytes === 0 ? undefined : bytes; // zero means no limit
}
