import type { ContainerConfig } from "../../types/container-config.js";
import type { HostConfig } from "../../types/host-config.js";
import type { Mount, MountPoint } from "../../types/mounts.js";
import { badRequest, EngineError, notSupported } from "../engine-error.js";
import type { ContainerRecord } from "./record.js";

/** A mount that a container asks for, before its volume exists. */
export interface MountRequest {
  /** Kind of the mount. */
  readonly type: "bind" | "volume" | "tmpfs";
  /** Path in the container. */
  readonly target: string;
  /** Folder of the host, or name of the volume; empty for a new anonymous volume and for `tmpfs`. */
  readonly source: string;
  /** Whether the volume, which exists, was created for a container. */
  readonly isAnonymous?: boolean;
  /** Whether the container may write. */
  readonly writable: boolean;
  /** The mode of `Binds`, such as `ro,z`. */
  readonly mode: string;
  /** Whether the content of the image is not copied into an empty volume. */
  readonly noCopy?: boolean;
  /** Whether a missing folder of the host is created: that of `Binds` only. */
  readonly creates?: boolean;
  /** Path in the volume. */
  readonly subpath?: string;
  /** Settings of a new volume. */
  readonly volume?: { driver: string; options: Record<string, string>; labels: Record<string, string> };
}

const isMountable = (type: string): type is MountRequest["type"] => type === "bind" || type === "volume" || type === "tmpfs";

/** The words of the mode of one of `Binds`: one of each group. */
const modeGroups = [
  ["ro", "rw"],
  ["z", "Z"],
  ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
  ["nocopy"],
  ["cached", "delegated", "consistent", "default"],
];

/** Whether a mode consists of known words, at most one of each group. */
function isMode(words: readonly string[]): boolean {
  const groups = words.map((word) => modeGroups.findIndex((group) => group.includes(word)));
  return !groups.includes(-1) && new Set(groups).size === groups.length;
}

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/**
 * Parses one of `Binds`: `source:target[:mode]`.
 *
 * @param driver - the driver of a new volume. By default the local one.
 * @throws an {@link EngineError} with the status of Docker when it is malformed.
 */
export function parseBind(bind: string, driver?: string): MountRequest {
  const invalid = (reason = ""): EngineError => new EngineError(500, `invalid volume specification: '${bind}'${reason}`);
  const parts = bind.split(":");
  if (parts.length > 3 || parts.some((part) => part === "")) throw invalid();
  const [source = "", target, mode = ""] = parts.length === 1 ? ["", ...parts] : parts;
  const kind = source.startsWith("/") ? "bind" : "volume";
  if (target === undefined || !target.startsWith("/")) {
    throw invalid(`: invalid mount config for type "${kind}": invalid mount path: '${target ?? ""}' mount path must be absolute`);
  }
  if (cleanPath(target) === "/")
    throw invalid(`: invalid mount config for type "${kind}": invalid specification: destination can't be '/'`);
  const words = mode === "" ? [] : mode.split(",");
  if (!isMode(words)) throw new EngineError(500, `invalid mode: ${mode}`);
  const isBind = kind === "bind";
  if (!isBind && source.length === 1)
    throw badRequest(`create ${source}: volume name is too short, names should be at least two alphanumeric characters`);
  if (!isBind && source !== "" && !VOLUME_NAME.test(source)) {
    throw badRequest(
      `create ${source}: "${source}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
  const writable = !words.includes("ro");
  return {
    type: kind,
    source,
    target: cleanPath(target),
    writable,
    mode,
    noCopy: words.includes("nocopy"),
    creates: isBind,
    ...(isBind || !driver ? {} : { volume: { driver, options: {}, labels: {} } }),
  };
}

/**
 * Checks one of `Mounts`.
 *
 * @throws an {@link EngineError} with status 400 when it is malformed, and 501 for kinds that the engine cannot mount.
 */
export function parseMount(mount: Mount): MountRequest {
  const { Type: type, Source = "", ReadOnly = false, VolumeOptions } = mount;
  const Target = (mount.Target as string | undefined) ?? "";
  const invalid = (reason: string): EngineError => badRequest(`invalid mount config for type "${type}": ${reason}`);
  if (type === "image") throw notSupported("the embedded engine does not mount images");
  if (!isMountable(type)) throw invalid("mount type unknown");
  for (const [owner, options] of [
    ["bind", "BindOptions"],
    ["volume", "VolumeOptions"],
    ["tmpfs", "TmpfsOptions"],
  ] as const)
    if (type !== owner && mount[options]) throw badRequest(`${options} must not be specified on mount type "${type}"`);
  if (Target === "") throw invalid("field Target must not be empty");
  if (!Target.startsWith("/")) throw invalid(`invalid mount path: '${Target}' mount path must be absolute`);
  if (cleanPath(Target) === "/") throw invalid("invalid specification: destination can't be '/'");
  if (type === "bind" && Source === "") throw invalid("field Source must not be empty");
  if (type === "bind" && !Source.startsWith("/")) throw invalid(`invalid mount path: '${Source}' mount path must be absolute`);
  if (type === "tmpfs" && Source !== "") throw invalid("field Source must not be specified");
  const subpath = VolumeOptions?.Subpath ?? "";
  if (subpath !== "" && Source === "") throw invalid("must not set Subpath when using anonymous volumes");
  const propagation = mount.BindOptions?.Propagation ?? "";
  if (!/^(r?(private|shared|slave))?$/.test(propagation)) throw invalid(`invalid propagation mode: ${propagation}`);
  return {
    type,
    source: Source,
    target: cleanPath(Target),
    writable: !ReadOnly,
    mode: type === "volume" ? "z" : "",
    noCopy: VolumeOptions?.NoCopy ?? false,
    creates: mount.BindOptions?.CreateMountpoint ?? false,
    ...(subpath === "" ? {} : { subpath }),
    volume: {
      driver: VolumeOptions?.DriverConfig?.Name || "local",
      options: VolumeOptions?.DriverConfig?.Options ?? {},
      labels: VolumeOptions?.Labels ?? {},
    },
  };
}

/**
 * Returns all mounts of a new container, each path once: those of `Mounts` and `Binds` hide those of other containers, and these the
 * volumes that the image declares.
 *
 * @param inherited - the mounts of the containers in `VolumesFrom`.
 */
export function mountRequests(config: ContainerConfig, host: HostConfig, inherited: readonly MountRequest[]): MountRequest[] {
  const own = [...(host.Binds ?? []).map((bind) => parseBind(bind, host.VolumeDriver)), ...(host.Mounts ?? []).map(parseMount)];
  const seen = new Set<string>();
  for (const { target } of own) {
    if (seen.has(target)) throw badRequest(`Duplicate mount point: ${target}`);
    seen.add(target);
  }
  const tmpfs = Object.entries(host.Tmpfs ?? {}).map(([target, options]): MountRequest => {
    if (!target.startsWith("/")) throw badRequest(`invalid mount path: '${target}' mount path must be absolute`);
    if (cleanPath(target) === "/") throw badRequest("invalid specification: destination can't be '/'");
    return { type: "tmpfs", source: "", target: cleanPath(target), writable: !options.split(",").includes("ro"), mode: "" };
  });
  const declared = Object.keys(config.Volumes ?? {}).map((target): MountRequest => {
    if (!target.startsWith("/")) throw badRequest(`invalid volume specification: '${target}'`);
    return { type: "volume", source: "", target: cleanPath(target), writable: true, mode: "" };
  });
  const byTarget = new Map<string, MountRequest>();
  for (const mount of [...own, ...tmpfs, ...inherited, ...declared])
    if (!byTarget.has(mount.target)) byTarget.set(mount.target, mount);
  // a mount within another one comes after it
  return [...byTarget.values()].sort((one, other) => one.target.split("/").length - other.target.split("/").length);
}

/** Parses one of `VolumesFrom`: `container[:mode]`. */
export function parseVolumesFrom(text: string): { container: string; isReadOnly: boolean } {
  const [container = "", mode = "rw", ...more] = text.split(":");
  if (container === "" || more.length > 0) throw badRequest(`malformed volumes-from specification: ${text}`);
  if (!["ro", "rw", "z", "Z"].includes(mode)) throw badRequest(`invalid mode: ${mode}`);
  return { container, isReadOnly: mode === "ro" };
}

/**
 * Returns the requests that mount what the containers of `VolumesFrom` have mounted.
 *
 * @param find - finds a container by ID or name.
 * @throws an {@link EngineError} with status 400 if one does not exist.
 */
export function inheritedMounts(
  { VolumesFrom }: HostConfig,
  find: (reference: string) => Pick<ContainerRecord, "mounts" | "anonymousVolumes"> | undefined,
): MountRequest[] {
  return (VolumesFrom ?? []).flatMap((text) => {
    const { container, isReadOnly } = parseVolumesFrom(text);
    const found = find(container);
    if (!found) throw badRequest(`No such container: ${container}`);
    return found.mounts.map((mount) => inheritedMount(mount, isReadOnly, found.anonymousVolumes));
  });
}

/**
 * Returns the request that mounts what another container has mounted.
 *
 * @param anonymous - the volumes that were created for that container.
 */
export function inheritedMount(
  { Type, Name, Source, Destination, RW }: MountPoint,
  isReadOnly: boolean,
  anonymous: readonly string[] = [],
): MountRequest {
  const type = Type === "bind" ? "bind" : "volume";
  return {
    isAnonymous: type === "volume" && anonymous.includes(Name ?? ""),
    type,
    source: type === "volume" ? (Name ?? "") : Source,
    target: Destination,
    writable: RW && !isReadOnly,
    mode: "",
  };
}

/** Returns a path without doubled slashes, `.`, `..` and a slash at the end. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
