import { EngineError } from "../engine-error.js";

/** Settings of a file system in memory. */
export interface TmpfsOptions {
  /** Size limit in bytes. */
  readonly size?: number;
  /** Permissions of its root. */
  readonly mode: number;
  /** ID of the owner of its root. */
  readonly uid: number;
  /** ID of the group of its root. */
  readonly gid: number;
}

/** The size of a memory page: the kernel rounds sizes up to it. */
const PAGE = 4096;

/** Options without a value, which change nothing that programs of the engine notice. */
const flags = new Set(
  (
    "defaults suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind rbind " +
    "unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime ro rw"
  ).split(" "),
);

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Parses a size such as `64m`; undefined if it is malformed. A percentage of the memory is no limit. */
function parseSize(text: string): number | undefined {
  if (/^\d+%$/.test(text)) return Number.POSITIVE_INFINITY;
  const [, digits, unit = ""] = /^(\d+)([kmg]?)$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (units[unit.toLowerCase()] ?? 1);
}

/**
 * Parses the options of a file system in memory, such as `size=64m` and `mode=1777`.
 *
 * @throws an {@link EngineError} with status 500, as Docker answers the start of the container.
 */
export function parseTmpfs(list: readonly string[]): TmpfsOptions {
  const options = { mode: 0o1777, uid: 0, gid: 0 };
  let size: number | undefined;
  for (const option of list) {
    const [name = "", value = ""] = option.split("=", 2);
    if (option === "" || flags.has(option)) continue;
    else if (name === "size") size = parseSize(value) ?? invalid(option);
    else if (name === "mode") options.mode = /^[0-7]+$/.test(value) ? Number.parseInt(value, 8) & 0o7777 : invalid(option);
    else if (name === "uid" || name === "gid") options[name] = /^\d+$/.test(value) ? Number(value) : invalid(option);
    else if (name !== "nr_inodes" && name !== "nr_blocks" && name !== "mpol") invalid(name);
  }
  return { ...options, ...limited(size) };
}

function invalid(option: string): never {
  throw new EngineError(500, `invalid tmpfs option ${JSON.stringify(option)}`);
}

/** A size of zero is no limit. */
const limited = (size = 0): { size?: number } => (size > 0 && size < Infinity ? { size: Math.ceil(size / PAGE) * PAGE } : {});
