import type { ContainerCreateRequest } from "../../types/container-requests.js";
import type { HostConfig } from "../../types/host-config.js";
import { atLeast } from "../../wire/api-version.js";
import { badRequest, notFound } from "../engine-error.js";
import type { Executor } from "../runtime/executor.js";
import type { StoredImage } from "../store/images.js";
import { formatPlatform, isForPlatform, type ManifestPlatform } from "../store/manifest.js";

/** The limits that need an executor which enforces them. */
const limitNames = [
  "Memory",
  "MemorySwap",
  "MemoryReservation",
  "CpuShares",
  "CpuPeriod",
  "CpuQuota",
  "NanoCpus",
  "CpusetCpus",
  "CpusetMems",
] as const;

/** The settings that need a kernel of the container's own. */
const kernelNames = ["BlkioWeight", "Devices", "OomScoreAdj", "SecurityOpt", "Sysctls"] as const;

/** Returns what a client should know about settings of a new container that have no effect. */
export function createWarnings(hostConfig: HostConfig, { enforcesLimits, name }: Executor): string[] {
  const { NetworkMode, PortBindings, Ulimits } = hostConfig;
  const warnings: string[] = [];
  if (NetworkMode === "host" && Object.keys(PortBindings ?? {}).length > 0)
    warnings.push("Published ports are discarded when using host network mode");
  if (enforcesLimits) return warnings;
  for (const limit of limitNames)
    if (hostConfig[limit]) warnings.push(`The executor ${name} does not limit memory and processors. ${limit} is discarded.`);
  for (const setting of kernelNames)
    if (Object.keys(Object(hostConfig[setting]) as object).length > 0 || Number(hostConfig[setting]) > 0)
      warnings.push(`The executor ${name} runs no processes of the kernel. ${setting} is discarded.`);
  if (Ulimits?.length) warnings.push(`The executor ${name} shows ulimits to processes, but does not enforce them.`);
  return warnings;
}

/**
 * Checks that a container which shares the network of another one has no host name and no ports of its own.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkSharedNetwork({ Hostname, ExposedPorts }: ContainerCreateRequest, { NetworkMode = "" }: HostConfig): void {
  if (!NetworkMode.startsWith("container:")) return;
  if (Hostname) throw badRequest("conflicting options: hostname and the network mode");
  if (Object.keys(ExposedPorts ?? {}).length > 0)
    throw badRequest("conflicting options: port exposing and the container type network mode");
}

/**
 * Checks that a container joins no more networks at its creation than an API version has.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkNetworkCount({ NetworkingConfig }: ContainerCreateRequest, version: string): void {
  const names = Object.keys(NetworkingConfig?.EndpointsConfig ?? {});
  if (names.length < 2 || atLeast(version, "1.44")) return;
  throw badRequest(`Container cannot be created with multiple network endpoints: ${names.join(", ")}`);
}

/**
 * Checks that an image is for the platform that a client asked for.
 *
 * @throws an {@link EngineError} with status 404.
 */
export function checkPlatform({ config }: StoredImage, name: string, wanted: ManifestPlatform | undefined): void {
  if (!wanted) return;
  const { os, architecture, variant } = config;
  const own = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  if (isForPlatform(own, wanted)) return;
  throw notFound(
    `image with reference ${name} was found but its platform (${formatPlatform(own)}) does not match the specified platform (${formatPlatform(wanted)})`,
  );
}
