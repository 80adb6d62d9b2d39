import type { HostConfig } from "../../types/host-config.js";
import type { Ulimit } from "../../types/resources.js";
import { Build } from "../builder/build-image.js";
import type { BuildOptions, BuildParts } from "../builder/build-options.js";
import { takeDockerfile, unpackContext } from "../builder/context.js";
import { badRequest, notSupported } from "../engine-error.js";
import { parseRegistryConfig } from "../registry/credentials.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Query } from "../server/query.js";
import type { Route } from "../server/router.js";
import { formatName, type NamedReference, parseName, withDefaultTag } from "../store/image-reference.js";
import { namedPlatform } from "../store/manifest.js";
import { MessageStream } from "./message-stream.js";

/** The route of builds. */
export function buildRoutes(parts: BuildParts): Route[] {
  return [{ method: "POST", path: "/build", handle: (exchange) => build(exchange, parts) }];
}

/** Refuses what the builder does not do. */
function checkSupported(query: Query): void {
  if (query.text("version") === "2") {
    throw notSupported("the embedded engine does not have BuildKit: use the classic builder (DOCKER_BUILDKIT=0, version=1)");
  }
  if (query.text("remote") !== "")
    throw notSupported("the embedded engine does not fetch the contexts of builds: send an archive");
  if (query.flag("squash")) throw notSupported("the embedded engine does not squash images");
  const outputs = query.text("outputs");
  if (outputs !== "" && outputs !== "[]" && outputs !== "null") throw notSupported("outputs of builds need BuildKit");
}

/** Returns a map of strings in the query; null stands for a missing value. */
function mapOf(query: Query, name: string): Map<string, string | null> {
  const value = query.json(name) ?? {};
  const isMap = typeof value === "object" && !Array.isArray(value);
  const entries: [string, unknown][] = isMap ? Object.entries(value) : [];
  if (!isMap || entries.some(([, text]) => typeof text !== "string" && text !== null)) {
    throw badRequest(`error reading ${name}: not a map of strings`);
  }
  return new Map(entries as [string, string | null][]); // checked above
}

const textsOf = (map: ReadonlyMap<string, string | null>): Map<string, string> =>
  new Map([...map].filter((entry): entry is [string, string] => entry[1] !== null));

/** The limits of the containers of commands, by the names in the query. */
const limits = {
  memory: "Memory",
  memswap: "MemorySwap",
  cpushares: "CpuShares",
  cpuperiod: "CpuPeriod",
  cpuquota: "CpuQuota",
  shmsize: "ShmSize",
} as const;

/** Returns the limits of resources in the query. */
function ulimitsOf(query: Query): Ulimit[] {
  const value = query.json("ulimits") ?? [];
  if (!Array.isArray(value)) throw badRequest("error reading ulimit settings: not a list");
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null) throw badRequest("error reading ulimit settings: not a list of objects");
    const members = new Members(item, "Ulimit");
    return { Name: members.text("Name"), Soft: members.integer("Soft") ?? 0, Hard: members.integer("Hard") ?? 0 };
  });
}

/** Returns the settings of the containers of commands. */
function hostConfigOf(query: Query): HostConfig {
  const set = Object.entries(limits).flatMap(([name, member]) => {
    const value = query.integer(name) ?? 0;
    return value === 0 ? [] : [[member, value] as const];
  });
  const hosts = query.all("extrahosts").filter((line) => line !== "");
  const ulimits = ulimitsOf(query);
  return {
    NetworkMode: query.text("networkmode") || "default",
    ...Object.fromEntries(set),
    ...(hosts.length > 0 ? { ExtraHosts: hosts } : {}),
    ...(ulimits.length > 0 ? { Ulimits: ulimits } : {}),
    ...(query.text("cpusetcpus") === "" ? {} : { CpusetCpus: query.text("cpusetcpus") }),
    ...(query.text("cpusetmems") === "" ? {} : { CpusetMems: query.text("cpusetmems") }),
  };
}

function targetOf(name: string): NamedReference {
  const target = parseName(name);
  if (target.digest !== undefined) throw badRequest("build tag cannot contain a digest");
  return withDefaultTag(target);
}

async function build(exchange: Exchange, parts: BuildParts): Promise<void> {
  const { query, signal } = exchange;
  checkSupported(query);
  const targets = query
    .all("t")
    .filter((name) => name !== "")
    .map(targetOf);
  const quiet = query.flag("q");
  const messages = new MessageStream(exchange);
  const options: BuildOptions = {
    args: textsOf(mapOf(query, "buildargs")),
    labels: Object.fromEntries(textsOf(mapOf(query, "labels"))),
    target: query.text("target"),
    pulls: query.flag("pull"),
    noCache: query.flag("nocache"),
    removes: query.flag("rm", true),
    alwaysRemoves: query.flag("forcerm"),
    host: hostConfigOf(query),
    platform: namedPlatform(query.text("platform")),
    credentials: parseRegistryConfig(exchange.header("x-registry-config")),
    report: quiet ? () => undefined : messages.report,
    signal,
  };
  const context = await unpackContext(exchange.request as AsyncIterable<Buffer>);
  const work = new Build(parts, context, await takeDockerfile(context, query.text("dockerfile") || "Dockerfile"), options);
  await messages.run(async () => {
    if (!quiet) messages.start();
    const image = await work.run();
    options.report({ aux: { ID: image.id } });
    options.report({ stream: `Successfully built ${image.id.slice(7, 19)}\n` });
    for (const target of targets) {
      await parts.images.tag(image, target);
      options.report({ stream: `Successfully tagged ${formatName(target)}\n` });
    }
    if (quiet) messages.report({ stream: `${image.id}\n` });
  });
}
