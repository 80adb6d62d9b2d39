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
export type VolumePlace =
  | { kind: "local" }
  | { kind: "tmpfs"; device: string; options: readonly string[] }
  | { kind: "folder"; path: string; options: readonly string[] };

/**
 * Reads the options of the local driver.
 *
 * @throws an {@link EngineError} with status 501 for file systems that only a kernel mounts.
 */
export function volumePlace(options: Readonly<Record<string, string>> | null): VolumePlace {
  const { type, device = "", o = "" } = options ?? {};
  if (!type) return { kind: "local" };
  const flags = o.split(",").filter((flag) => flag !== "");
  if (flags.includes("bind") || flags.includes("rbind")) return { kind: "folder", path: device, options: flags };
  if (type === "tmpfs") return { kind: "tmpfs", device, options: flags };
  throw notSupported(
    `failed to mount local volume: the embedded engine does not mount file systems of type ${JSON.stringify(type)}`,
  );
}

/** The bits of the kernel for options that say how a file system is used, not what is in it. */
const flagBits: ReadonlyMap<string, number> = new Map([
  ["ro", 0x1],
  ["nosuid", 0x2],
  ["nodev", 0x4],
  ["noexec", 0x8],
  ["sync", 0x10],
  ["remount", 0x20],
  ["mand", 0x40],
  ["dirsync", 0x80],
  ["noatime", 0x400],
  ["nodiratime", 0x800],
  ["relatime", 0x200000],
  ["strictatime", 0x1000000],
  ["bind", 0x1000],
  ["rbind", 0x5000],
  ...["async", "atime", "defaults", "dev", "diratime", "exec", "nomand", "norelatime", "nostrictatime", "rw", "suid"].map(
    (name) => [name, 0] as const,
  ),
]);

/**
 * Returns the error of a volume that cannot be mounted, in the words of Docker.
 *
 * @param mountpoint - the path where it was to be mounted.
 * @param options - those of the mount.
 * @param reason - what the kernel said.
 */
export function mountError(
  mountpoint: string,
  device: string,
  options: readonly string[],
  reason: string,
  cause?: unknown,
): EngineError {
  const bits = options.reduce((sum, option) => sum | (flagBits.get(option) ?? 0), 0);
  const data = options.filter((option) => !flagBits.has(option));
  const parts = [
    `mount ${device}:${mountpoint}`,
    ...(bits === 0 ? [] : [`flags: 0x${bits.toString(16)}`]),
    ...(data.length === 0 ? [] : [`data: ${data.join(",")}`]),
  ];
  const message = `failed to mount local volume: ${parts.join(", ")}: ${reason}`;
  return new EngineError(500, `error while mounting volume '${mountpoint}': ${message}`, { cause });
}
