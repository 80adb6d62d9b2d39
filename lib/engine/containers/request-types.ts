import type { ContainerCreateRequest } from "../../types/container-requests.js";
import { Members } from "../server/members.js";

/** The members of a request to create a container, by type. */
const config = {
  flags: ["AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce", "NetworkDisabled"],
  text: ["Hostname", "Domainname", "User", "Image", "WorkingDir", "MacAddress", "StopSignal"],
  integers: ["StopTimeout"],
  lists: ["Env", "OnBuild"],
  words: ["Cmd", "Entrypoint", "Shell"],
  maps: ["Labels"],
  objects: ["ExposedPorts", "Volumes", "Healthcheck", "HostConfig", "NetworkingConfig"],
  objectLists: [],
} as const;

/** The members of its `HostConfig`. */
const hostConfig = {
  flags: ["AutoRemove", "Privileged", "PublishAllPorts", "ReadonlyRootfs", "Init", "OomKillDisable"],
  text: [
    "CgroupParent",
    "Cgroup",
    "CgroupnsMode",
    "CpusetCpus",
    "CpusetMems",
    "IpcMode",
    "Isolation",
    "NetworkMode",
    "PidMode",
    "Runtime",
    "UTSMode",
    "UsernsMode",
    "VolumeDriver",
  ],
  integers: [
    "BlkioWeight",
    "CpuPeriod",
    "CpuQuota",
    "CpuShares",
    "Memory",
    "MemoryReservation",
    "MemorySwap",
    "MemorySwappiness",
    "NanoCpus",
    "OomScoreAdj",
    "PidsLimit",
    "ShmSize",
  ],
  lists: [
    "Binds",
    "DeviceCgroupRules",
    "Dns",
    "DnsOptions",
    "DnsSearch",
    "ExtraHosts",
    "GroupAdd",
    "Links",
    "MaskedPaths",
    "ReadonlyPaths",
    "SecurityOpt",
    "VolumesFrom",
  ],
  words: ["CapAdd", "CapDrop"],
  maps: ["Annotations", "StorageOpt", "Sysctls", "Tmpfs"],
  objects: ["LogConfig", "PortBindings", "RestartPolicy"],
  objectLists: ["Devices", "DeviceRequests", "Mounts", "Ulimits"],
} as const;

type Types = Readonly<Record<keyof typeof config, readonly string[]>>;

/** Checks the types of members, and makes lists of single words, which Docker accepts in place of a list. */
function checked(values: object, name: string, types: Types): Record<string, unknown> {
  const members = new Members(values, name);
  const result = { ...values } as Record<string, unknown>; // any object of JSON is one
  for (const word of types.words) {
    if (typeof result[word] === "string") result[word] = [result[word]];
    else members.texts(word);
  }
  for (const member of types.flags) members.flag(member);
  for (const member of types.text) members.text(member);
  for (const member of types.integers) members.integer(member);
  for (const member of types.lists) members.texts(member);
  for (const member of types.maps) members.map(member);
  for (const member of types.objects) members.object(member);
  for (const member of types.objectLists) members.objects(member);
  return result;
}

/**
 * Checks the types of the members of a request.
 *
 * @returns the request with lists in place of single words.
 * @throws an {@link EngineError} with status 400, in the words of Docker's decoder.
 */
export function checkedRequest(request: ContainerCreateRequest): ContainerCreateRequest {
  const result = checked(request, "", config);
  const host = request.HostConfig;
  if (host) {
    result.HostConfig = checked(host, ".HostConfig", hostConfig);
    const members = new Members(host, ".HostConfig");
    const log = members.object("LogConfig");
    log?.text("Type");
    log?.map("Config");
    const restart = members.object("RestartPolicy");
    restart?.text("Name");
    restart?.integer("MaximumRetryCount");
    for (const mount of members.objects("Mounts") ?? []) for (const name of ["Type", "Source", "Target"]) mount.text(name);
    const ports = new Members(host.PortBindings ?? {}, ".HostConfig.PortBindings");
    for (const port of Object.keys(host.PortBindings ?? {}))
      for (const binding of ports.objects(port) ?? []) for (const name of ["HostIp", "HostPort"]) binding.text(name);
  }
  return result; // checked above
}
