import { randomBytes } from "node:crypto";
import type { ContainerConfig } from "../../types/container-config.js";
import type { ContainerCreateRequest } from "../../types/container-requests.js";
import type { HostConfig } from "../../types/host-config.js";
import { badRequest } from "../engine-error.js";
import type { Executor } from "../runtime/executor.js";
import { signalNumber } from "../runtime/program/signals.js";
import type { ImageConfigFile } from "../store/image-config.js";
import { checkHostConfig } from "./check-host-config.js";

const maskedPaths = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
];
const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** The members of `HostConfig` that every container has, with the values of one that asks for nothing. */
const hostDefaults: HostConfig = {
  Binds: null,
  ContainerIDFile: "",
  LogConfig: { Type: "json-file", Config: {} },
  NetworkMode: "bridge",
  PortBindings: {},
  RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: "",
  VolumesFrom: null,
  ConsoleSize: [0, 0],
  CapAdd: null,
  CapDrop: null,
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: "private",
  Cgroup: "",
  Links: null,
  OomScoreAdj: 0,
  PidMode: "",
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: "",
  UsernsMode: "",
  ShmSize: 64 * 1024 * 1024,
  Isolation: "",
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: "",
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  BlkioDeviceReadBps: [],
  BlkioDeviceWriteBps: [],
  BlkioDeviceReadIOps: [],
  BlkioDeviceWriteIOps: [],
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: "",
  CpusetMems: "",
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: null,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  MaskedPaths: maskedPaths,
  ReadonlyPaths: readonlyPaths,
};

/** Returns the members that are set: neither undefined nor null. */
function present<T extends object>(value: T | null | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, member]) => member !== undefined && member !== null),
  ) as Partial<T>;
}

/**
 * Returns the host settings of a new container, with all defaults.
 *
 * @throws an {@link EngineError} with status 400 for settings that no container can have.
 */
export function completeHostConfig(
  request: HostConfig | null | undefined,
  { name: runtime, cgroupVersion }: Pick<Executor, "name" | "cgroupVersion">,
): HostConfig {
  const config: HostConfig = {
    ...hostDefaults,
    CgroupnsMode: cgroupVersion === "2" ? "private" : "host",
    Runtime: runtime,
    ...present(request),
  };
  if (config.NetworkMode === "" || config.NetworkMode === "default") config.NetworkMode = "bridge";
  if (!config.RestartPolicy?.Name) config.RestartPolicy = { Name: "no", MaximumRetryCount: 0 };
  config.RestartPolicy = { MaximumRetryCount: 0, ...config.RestartPolicy };
  if (!config.LogConfig?.Type) config.LogConfig = { Type: "json-file", Config: config.LogConfig?.Config ?? {} };
  if (config.Privileged) Object.assign(config, { MaskedPaths: null, ReadonlyPaths: null });
  if (!config.ShmSize) config.ShmSize = hostDefaults.ShmSize ?? 0;
  if (!config.Runtime) config.Runtime = runtime;
  checkHostConfig(config, runtime);
  return config;
}

/** Returns the environment of the request, then those variables of the image that it does not set. */
function mergedEnvironment(own: readonly string[], ofImage: readonly string[]): string[] {
  const names = new Set(own.map((line) => line.split("=", 1)[0]));
  return [...own, ...ofImage.filter((line) => !names.has(line.split("=", 1)[0]))];
}

/**
 * Returns the settings of a new container, merged with those of its image.
 *
 * @param id - ID of the container: the default of its host name.
 * @throws an {@link EngineError} with status 400 when there is nothing to run, or a setting is malformed.
 */
export function containerConfig(
  request: ContainerCreateRequest,
  image: ImageConfigFile,
  id: string,
  networkMode: string,
): ContainerConfig {
  const config = mergedConfig(request, image, id, networkMode);
  // an entrypoint of one empty word is the way of the docker command to ask for none
  if (config.Entrypoint?.length === 1 && config.Entrypoint[0] === "") config.Entrypoint = null;
  if ((config.Entrypoint?.length ?? 0) + (config.Cmd?.length ?? 0) === 0) throw badRequest("no command specified");
  return config;
}

/**
 * Merges the settings of a request with those of an image, or of the container that a commit makes an image of.
 *
 * @param id - ID of the container: the default of its host name.
 * @throws an {@link EngineError} with status 400 when a setting is malformed.
 */
export function mergedConfig(
  request: ContainerCreateRequest,
  image: ImageConfigFile,
  id: string,
  networkMode: string,
): ContainerConfig {
  const { HostConfig: _, NetworkingConfig: __, ...own } = request;
  const base = image.config ?? {};
  const hasEntrypoint = (own.Entrypoint?.length ?? 0) > 0;
  const Entrypoint = own.Entrypoint ?? base.Entrypoint ?? null;
  // a command of the image belongs to its entrypoint
  const Cmd = (own.Cmd?.length ?? 0) > 0 ? own.Cmd : hasEntrypoint ? null : (base.Cmd ?? null);
  for (const line of own.Env ?? [])
    if (line === "" || line.startsWith("=")) throw badRequest(`invalid environment variable: ${line}`);
  const isHost = networkMode === "host";
  const config: ContainerConfig = {
    Hostname: own.Hostname || (isHost ? "" : id.slice(0, 12)),
    Domainname: own.Domainname ?? "",
    User: own.User || (base.User ?? ""),
    AttachStdin: own.AttachStdin ?? false,
    AttachStdout: own.AttachStdout ?? false,
    AttachStderr: own.AttachStderr ?? false,
    ...merged("ExposedPorts", base.ExposedPorts, own.ExposedPorts),
    Tty: own.Tty ?? false,
    OpenStdin: own.OpenStdin ?? false,
    StdinOnce: own.StdinOnce ?? false,
    Env: mergedEnvironment(own.Env ?? [], base.Env ?? []),
    Cmd: Cmd ?? null,
    ...healthcheck(base, own),
    Image: own.Image ?? "",
    Volumes: merged("Volumes", base.Volumes, own.Volumes).Volumes ?? null,
    WorkingDir: own.WorkingDir || (base.WorkingDir ?? ""),
    Entrypoint,
    OnBuild: null,
    Labels: { ...base.Labels, ...own.Labels },
    ...(own.StopSignal || base.StopSignal ? { StopSignal: own.StopSignal || (base.StopSignal ?? "") } : {}),
    ...(own.StopTimeout === undefined || own.StopTimeout === null ? {} : { StopTimeout: own.StopTimeout }),
    ...(own.Shell || base.Shell ? { Shell: own.Shell ?? base.Shell ?? null } : {}),
    ...(own.NetworkDisabled ? { NetworkDisabled: true } : {}),
    ...(own.MacAddress ? { MacAddress: own.MacAddress } : {}),
  };
  if (config.StopSignal && !isSignal(config.StopSignal)) throw badRequest(`invalid signal: ${config.StopSignal}`);
  if (config.WorkingDir && !config.WorkingDir.startsWith("/")) {
    throw badRequest(`the working directory '${config.WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  return config;
}

const isSignal = (name: string): boolean =>
  /^\d+$/.test(name) ? Number(name) > 0 && Number(name) < 65 : signalNumber(name) !== undefined;

/** Merges two maps that only have keys; nothing if there is no key. */
function merged<K extends "ExposedPorts" | "Volumes">(
  name: K,
  ...maps: (Record<string, Record<string, never>> | null | undefined)[]
): Partial<Record<K, Record<string, Record<string, never>>>> {
  const all = Object.assign({}, ...maps.map((map) => map ?? {})) as Record<string, Record<string, never>>;
  const sorted = Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
  return Object.keys(sorted).length === 0 ? {} : ({ [name]: sorted } as Record<K, Record<string, Record<string, never>>>);
}

/** A health check of the request replaces that of the image member by member, unless it has another test. */
function healthcheck(base: ContainerConfig, own: ContainerConfig): Pick<ContainerConfig, "Healthcheck"> {
  const { Healthcheck } = own;
  if (!Healthcheck) return base.Healthcheck ? { Healthcheck: base.Healthcheck } : {};
  for (const [name, value] of Object.entries(present(Healthcheck))) {
    if (typeof value !== "number" || name === "Retries") continue;
    if (value !== 0 && value < 1_000_000) throw badRequest(`${name} in Healthcheck cannot be less than 1ms`);
  }
  if ((Healthcheck.Retries ?? 0) < 0) throw badRequest("Retries in Healthcheck cannot be negative");
  const set = Object.fromEntries(Object.entries(present(Healthcheck)).filter(([, value]) => value !== 0));
  return { Healthcheck: { ...base.Healthcheck, ...set } };
}

/** Returns a random ID: 64 hexadecimal digits, the first 12 of which are no number. */
export function newId(): string {
  for (;;) {
    const id = randomBytes(32).toString("hex");
    if (!/^\d{12}/.test(id)) return id;
  }
}
