import type { HostConfig } from "../../types/host-config.js";
import type { Ulimit } from "../../types/resources.js";
import { errorMessage } from "../../wire/realm.js";
import { Build } from "../builder/build-image.js";
import type { BuildOptions, BuildParts } from "../builder/build-options.js";
import { takeDockerfile, unpackContext } from "../builder/context.js";
import { type BuildContext, fetchContext } from "../builder/remote-context.js";
import { badRequest, EngineError, notSupported } from "../engine-error.js";
import { parseRegistryConfig } from "../registry/credentials.js";
import type { Exchange } from "../server/exchange.js";
import { Members } from "../server/members.js";
import type { Query } from "../server/query.js";
import type { Route } from "../server/router.js";
import { formatName, type NamedReference, parseName, withDefaultTag } from "../store/image-reference.js";
import { namedPlatform } from "../store/manifest.js";
import { MessageStream } from "./message-stream.js";

/** Routes of builds. */
export function buildRoutes(parts: BuildParts): Route[] {
  const running = new Map<string, AbortController>();
  return [
    { method: "POST", path: "/build", handle: (exchange) => build(exchange, parts, running) },
    { method: "POST", path: "/build/cancel", since: "1.39", handle: (exchange) => cancel(exchange, running) },
    { method: "POST", path: "/build/prune", since: "1.31", handle: (exchange) => prune(exchange, parts) },
  ];
}

/** Refuses what the builder does not do. What needs BuildKit is refused by name. */
function checkSupported(query: Query): void {
  const version = query.text("version");
  if (!["", "1", "2"].includes(version)) throw badRequest(`invalid version ${JSON.stringify(version)}`);
  if (query.flag("squash")) throw badRequest("squash is only supported with experimental mode");
  if (query.text("remote") === "client-session" && version !== "2") {
    throw badRequest("experimental session with v1 builder is no longer supported, use builder version v2 (BuildKit) instead");
  }
  const outputs = query.text("outputs");
  const needs = (what: string): EngineError =>
    notSupported(
      `${what} requires BuildKit, which the embedded engine does not have: use the classic builder (DOCKER_BUILDKIT=0)`,
    );
  if (query.text("remote") === "client-session") throw needs("a context from the session of the client");
  if (query.text("session") !== "") throw needs("the session of a build");
  if (outputs !== "" && outputs !== "[]" && outputs !== "null") throw needs("an output other than an image");
}

/** Returns a JSON value in the query; undefined without one. `what` is how errors call it. */
function jsonOf(query: Query, name: string, what: string): unknown {
  try {
    return query.json(name);
  } catch (error) {
    throw badRequest(`error reading ${what}: ${errorMessage(error)}`, error);
  }
}

/** Returns a map of strings in the query; null stands for a missing value. */
function mapOf(query: Query, name: string, what: string): Map<string, string | null> {
  const value = jsonOf(query, name, what) ?? {};
  const isMap = typeof value === "object" && !Array.isArray(value);
  const entries: [string, unknown][] = isMap ? Object.entries(value) : [];
  if (!isMap || entries.some(([, text]) => typeof text !== "string" && text !== null)) {
    throw badRequest(`error reading ${what}: not a map of strings`);
  }
  return new Map(entries as [string, string | null][]); // checked above
}

/** Returns the names of the images that earlier builds are taken from. */
function cacheSources(query: Query): string[] {
  const value = jsonOf(query, "cachefrom", "cache-from") ?? [];
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  if (!isList) throw badRequest("error reading cache-from: not a list of strings");
  return value;
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
  const value = jsonOf(query, "ulimits", "ulimit settings") ?? [];
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

/** Returns the files to build from, and the path of the Dockerfile: from the body of the request, or from elsewhere. */
async function contextOf(exchange: Exchange, { unpackedLimit }: BuildParts, options: BuildOptions): Promise<BuildContext> {
  const { query } = exchange;
  const dockerfile = query.text("dockerfile") || "Dockerfile";
  const remote = query.text("remote");
  if (remote !== "") return fetchContext(remote, dockerfile, { ...options, unpackedLimit });
  return { files: await unpackContext(exchange.request as AsyncIterable<Buffer>, unpackedLimit), dockerfile };
}

async function build(exchange: Exchange, parts: BuildParts, running: Map<string, AbortController>): Promise<void> {
  const { query } = exchange;
  checkSupported(query);
  const targets = query
    .all("t")
    .filter((name) => name !== "")
    .map(targetOf);
  const quiet = query.flag("q");
  const messages = new MessageStream(exchange);
  const id = query.text("buildid");
  const canceled = new AbortController();
  const options: BuildOptions = {
    args: textsOf(mapOf(query, "buildargs", "build args")),
    labels: Object.fromEntries(textsOf(mapOf(query, "labels", "labels"))),
    target: query.text("target"),
    pulls: query.flag("pull"),
    noCache: query.flag("nocache"),
    cacheFrom: cacheSources(query),
    removes: query.flag("rm", true),
    alwaysRemoves: query.flag("forcerm"),
    host: hostConfigOf(query),
    platform: namedPlatform(query.text("platform")),
    credentials: parseRegistryConfig(exchange.header("x-registry-config")),
    report: quiet ? () => undefined : messages.report,
    signal: AbortSignal.any([exchange.signal, canceled.signal]),
  };
  if (id !== "") running.set(id, canceled);
  try {
    await messages.run(async () => {
      const { files, dockerfile } = await contextOf(exchange, parts, options);
      const work = new Build(parts, files, await takeDockerfile(files, dockerfile), options);
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
  } finally {
    if (id !== "") running.delete(id);
  }
}

/** Cancels the build with an ID; one that has ended is no error. */
function cancel(exchange: Exchange, running: ReadonlyMap<string, AbortController>): void {
  const id = exchange.query.text("id");
  if (id === "") throw badRequest("build ID not provided");
  running.get(id)?.abort(new EngineError(500, "build canceled: context canceled"));
  exchange.empty(200);
}

/** The filters of entries of the build cache. */
const cacheFilters = ["until", "id", "parent", "type", "description", "inuse", "shared", "private", "label", "label!"];

/** Answers that the build cache is empty: steps are taken from images. */
function prune(exchange: Exchange, { events }: BuildParts): void {
  try {
    exchange.query.filters(cacheFilters);
  } catch (error) {
    throw badRequest(`failed to prune build cache: ${errorMessage(error)}`, error);
  }
  events.emit("builder", "prune", "", { reclaimed: "0" });
  exchange.json({ CachesDeleted: null, SpaceReclaimed: 0 });
}
