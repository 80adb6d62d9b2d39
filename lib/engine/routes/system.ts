import type { AuthResponse } from "../../types/common.js";
import { atLeast } from "../../wire/api-version.js";
import { badRequest } from "../engine-error.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Route } from "../server/router.js";
import type { EngineFacts } from "../system/engine-facts.js";
import { type EngineCounts, systemInfo, systemVersion } from "../system/system-info.js";

/** Credentials for a registry, as clients send them. Members that were not sent are empty. */
export interface RegistryLogin {
  /** User name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
  /** Token to use instead of user name and password. */
  readonly identityToken: string;
  /** Address of the registry; empty for Docker Hub. */
  readonly serverAddress: string;
}

/** What `system/df` counts, by type of object. Each function returns the objects as list requests do, with their sizes. */
interface DiskUsageSources {
  /** Images. */
  images(): Promise<readonly object[]>;
  /** Size of all layers in bytes. */
  layersSize(): Promise<number>;
  /** Containers. */
  containers(): Promise<readonly object[]>;
  /** Volumes. */
  volumes(): Promise<readonly object[]>;
  /** Entries of the build cache. */
  buildCache(): Promise<readonly object[]>;
}

/** What the routes of the system need from other parts of the engine. */
export interface SystemSources {
  /** What the engine states about itself. */
  readonly facts: EngineFacts;
  /** Returns what changes while it runs. */
  readonly counts: () => EngineCounts;
  /** Disk usage. */
  readonly usage: DiskUsageSources;
  /**
   * Checks credentials against a registry.
   *
   * @throws an {@link EngineError} when the registry refuses them or is not reached.
   */
  readonly login: (login: RegistryLogin) => Promise<AuthResponse>;
}

/** Routes of the engine itself. */
export function systemRoutes(sources: SystemSources): Route[] {
  const { facts } = sources;
  const answerPing = (exchange: Exchange): void => ping(exchange, facts);
  return [
    { method: "GET", path: "/_ping", handle: answerPing },
    { method: "HEAD", path: "/_ping", handle: answerPing },
    { method: "GET", path: "/version", handle: (exchange) => exchange.json(systemVersion(facts)) },
    { method: "GET", path: "/info", handle: (exchange) => exchange.json(systemInfo(facts, sources.counts())) },
    { method: "GET", path: "/system/df", since: "1.25", handle: (exchange) => diskUsage(exchange, sources.usage) },
    { method: "POST", path: "/auth", handle: (exchange) => authenticate(exchange, sources) },
  ];
}

function ping(exchange: Exchange, { versions }: EngineFacts): void {
  const headers = {
    "Api-Version": versions.max,
    "Builder-Version": "1",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Docker-Experimental": "false",
    Ostype: "linux",
    Pragma: "no-cache",
    Swarm: "inactive",
  };
  for (const [name, value] of Object.entries(headers)) exchange.response.setHeader(name, value);
  exchange.text(exchange.request.method === "HEAD" ? "" : "OK");
}

/** The types of objects that `system/df` knows. */
const usageTypes = ["build-cache", "container", "image", "volume"] as const;

async function diskUsage(exchange: Exchange, usage: DiskUsageSources): Promise<void> {
  const types = atLeast(exchange.version, "1.42") ? exchange.query.all("type") : [];
  for (const type of types) if (!usageTypes.some((known) => known === type)) throw badRequest(`unknown object type: ${type}`);
  const counts = (type: (typeof usageTypes)[number]): boolean => types.length === 0 || types.includes(type);
  const [images, layersSize, containers, volumes, buildCache] = await Promise.all([
    counts("image") ? usage.images() : null,
    counts("image") ? usage.layersSize() : 0,
    counts("container") ? usage.containers() : null,
    counts("volume") ? usage.volumes() : null,
    counts("build-cache") ? usage.buildCache() : null,
  ]);
  exchange.json({
    LayersSize: layersSize,
    Images: images,
    Containers: containers,
    Volumes: volumes,
    BuildCache: buildCache,
    ...(atLeast(exchange.version, "1.42") ? {} : { BuilderSize: 0 }),
  });
}

async function authenticate(exchange: Exchange, { login }: SystemSources): Promise<void> {
  const body = new Members(await exchange.requiredBody(), "AuthConfig");
  const result = await login({
    username: body.text("username"),
    password: body.text("password"),
    identityToken: body.text("identitytoken"),
    serverAddress: body.text("serveraddress"),
  });
  exchange.json(result);
}
