import type { Exporter, SolveRequest } from "./messages/control.js";

/** An entry of the cache: where it comes from, or goes to. */
export interface CachePlace {
  readonly type: string;
  readonly attrs: Record<string, string>;
}

/** A build by the Dockerfile frontend. */
export interface DockerfileBuild {
  /** ID of the build. */
  readonly ref: string;
  /** ID of the session. */
  readonly session: string;
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** The address of the context; undefined for the directory `context` of the session. */
  readonly context: string | undefined;
  /** The further contexts: their addresses, by name. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly platforms: readonly string[];
  readonly buildArgs: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly pull: boolean;
  readonly noCache: boolean;
  readonly noCacheFilter: readonly string[];
  readonly networkMode: string | undefined;
  /** Entries for `/etc/hosts`, each as `name:address`. */
  readonly extraHosts: readonly string[];
  readonly shmSize: number | undefined;
  readonly ulimits: readonly { readonly Name?: string; readonly Soft?: number; readonly Hard?: number }[];
  readonly cgroupParent: string | undefined;
  readonly provenance: boolean | "min" | "max" | undefined;
  readonly entitlements: readonly string[];
  readonly cacheFrom: readonly CachePlace[];
  readonly cacheTo: readonly CachePlace[];
  readonly outputs: readonly Exporter[];
}

/** Prefixes the names of a map. */
const prefixed = (prefix: string, values: Readonly<Record<string, string | null>>): [string, string][] =>
  Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[`${prefix}:${name}`, value]]));

/** Returns an entry for `/etc/hosts` in BuildKit's form. */
const hostEntry = (entry: string): string => entry.replace(/[:=]/, "=").replace(/=\[(.*)\]$/, "=$1");

/** The attributes that are left out where they are empty. */
function* optional(build: DockerfileBuild): Generator<[string, string | undefined]> {
  yield ["target", build.target];
  yield ["platform", build.platforms.join(",")];
  if (build.platforms.length > 1) yield ["multi-platform", "true"];
  if (build.context !== undefined) yield ["context", build.context];
  if (build.pull) yield ["image-resolve-mode", "pull"];
  yield ["add-hosts", build.extraHosts.map(hostEntry).join(",")];
  if (build.networkMode !== "default") yield ["force-network-mode", build.networkMode];
  yield ["shm-size", build.shmSize?.toString()];
  yield ["ulimit", build.ulimits.map(({ Name = "", Soft = 0, Hard = 0 }) => `${Name}=${Soft}:${Hard}`).join(",")];
  yield ["cgroup-parent", build.cgroupParent];
  yield ["no-cache", build.noCacheFilter.join(",")];
  const { provenance } = build;
  if (provenance !== undefined && provenance !== false) {
    yield ["attest:provenance", `mode=${provenance === true ? "min" : provenance}`];
  }
  if (build.cacheFrom.length > 0) {
    yield ["cache-imports", JSON.stringify(build.cacheFrom.map(({ type, attrs }) => ({ Type: type, Attrs: attrs })))];
  }
}

/** Returns the request for a build. */
export function solveRequest(build: DockerfileBuild): Partial<SolveRequest> & { readonly ref: string } {
  const { ref, session, outputs } = build;
  const attributes: Record<string, string> = { filename: build.dockerfile };
  for (const [name, value] of optional(build)) if (value) attributes[name] = value;
  // an empty list means all stages
  if (build.noCache) attributes["no-cache"] = "";
  const named = [
    ...prefixed("build-arg", build.buildArgs),
    ...prefixed("label", build.labels),
    ...prefixed("context", build.contexts),
  ];
  const [first] = outputs;
  return {
    ref,
    session,
    frontend: "dockerfile.v0",
    frontendAttrs: { ...attributes, ...Object.fromEntries(named) },
    cache: { imports: [...build.cacheFrom], exports: [...build.cacheTo] },
    entitlements: [...(build.networkMode === "host" ? ["network.host"] : []), ...build.entitlements],
    exporters: [...outputs],
    // the only ones that Docker 20.10 knows
    exporterDeprecated: first?.type ?? "",
    exporterAttrsDeprecated: first?.attrs ?? {},
  };
}
