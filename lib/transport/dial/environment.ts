import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../../errors/usage-errors.js";
import { DEFAULT_ENDPOINT } from "./endpoint.js";
import { readTlsFolder, type TlsOptions } from "./tls.js";

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the environment says that the engine is. */
export interface EnvironmentEndpoint {
  /** The endpoint. */
  endpoint: string;
  /** TLS settings, where it has any. */
  tls?: TlsOptions | undefined;
  /** The API version that it pins. */
  apiVersion?: string | undefined;
}

/** The folder of the docker command's settings. */
export function configFolder(env: Environment): string {
  return env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker");
}

function readJson(path: string): unknown {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined; // fs errors are ErrnoExceptions
    throw new ConfigurationError(`cannot read ${path}`, { cause });
  }
  try {
    return JSON.parse(content);
  } catch {
    // the parser's message quotes the file, which may hold credentials
    throw new ConfigurationError(`${path} is not JSON`);
  }
}

function stringAt(value: unknown, ...keys: string[]): string | undefined {
  const found = keys.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  ); // narrowed by the test before it
  return typeof found === "string" && found !== "" ? found : undefined;
}

/**
 * Reads a context that the docker command made.
 *
 * @throws {@link ConfigurationError} when there is no such context, or it has no docker endpoint.
 */
function readContext(name: string, env: Environment): EnvironmentEndpoint {
  const id = createHash("sha256").update(name).digest("hex");
  const folder = join(configFolder(env), "contexts");
  const meta = join(folder, "meta", id, "meta.json");
  const content = readJson(meta);
  if (content === undefined) throw new ConfigurationError(`there is no docker context named "${name}" (looked for ${meta})`);
  const endpoint = stringAt(content, "Endpoints", "docker", "Host");
  if (endpoint === undefined) throw new ConfigurationError(`docker context "${name}" has no docker endpoint`);
  const docker = (content as { Endpoints: { docker: { SkipTLSVerify?: unknown } } }).Endpoints.docker; // its Host was found above
  const skip = docker.SkipTLSVerify === true;
  const material = join(folder, "tls", id, "docker");
  if (existsSync(material) && readdirSync(material).length > 0) return { endpoint, tls: readTlsFolder(material, !skip) };
  return { endpoint, tls: skip ? { verify: false } : undefined };
}

/** What the docker command takes a `DOCKER_HOST` for that is nothing but a scheme. */
const bareSchemes: ReadonlyMap<string, string> = new Map([
  ["unix://", DEFAULT_ENDPOINT],
  ["tcp://", "tcp://localhost"],
]);

function fromDockerHost(host: string, env: Environment): EnvironmentEndpoint {
  const endpoint = bareSchemes.get(host) ?? (host.includes("://") ? host : `tcp://${host}`);
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!verify && !env.DOCKER_TLS && !env.DOCKER_CERT_PATH) return { endpoint };
  if (!/^(tcp|http|https):/i.test(endpoint)) return { endpoint };
  // like the docker command: a folder of certificates alone does not make the connection a TLS one
  if (!verify && !env.DOCKER_TLS)
    return /^https:/i.test(endpoint) ? { endpoint, tls: readTlsFolder(env.DOCKER_CERT_PATH ?? "") } : { endpoint };
  return { endpoint, tls: readTlsFolder(env.DOCKER_CERT_PATH || configFolder(env), verify) };
}

/**
 * Finds the first socket that is there, of Docker's, rootless Docker's, Docker Desktop's and Podman's.
 *
 * @param exists - whether there is something at a path.
 * @returns its endpoint, or the default one when there is none.
 */
export function defaultSocket(env: Environment, exists: (path: string) => boolean = existsSync): string {
  if (process.platform === "win32") return DEFAULT_ENDPOINT;
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const candidates = [
    DEFAULT_ENDPOINT.slice("unix://".length),
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker", "run", "docker.sock"),
    join(home, ".docker", "desktop", "docker.sock"),
    ...(runtime ? [join(runtime, "podman", "podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
  const found = candidates.find((path) => exists(path));
  return found === undefined ? DEFAULT_ENDPOINT : `unix://${found}`;
}

/** The endpoint of the context `default`, which is what the variables say, else a socket of this machine. */
function withoutContext(env: Environment): EnvironmentEndpoint {
  const host = env.DOCKER_HOST?.trim();
  if (host) return fromDockerHost(host, env);
  if (env.DOCKER_TLS_VERIFY || env.DOCKER_TLS) return fromDockerHost("tcp://localhost:2376", env);
  return { endpoint: defaultSocket(env) };
}

/**
 * Finds the engine as the docker command does: `context`, then `DOCKER_HOST` (with `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and
 * `DOCKER_CERT_PATH`), then `DOCKER_CONTEXT`, then `currentContext` of `config.json`, then the first socket that exists of
 * Docker's, rootless Docker's, Docker Desktop's and Podman's. As with the docker command, the variables of TLS without a
 * `DOCKER_HOST` mean port 2376 of this machine, and the context `default` is what the variables say.
 *
 * @param env - the environment.
 * @param context - the name of a context that goes before all else.
 * @throws {@link ConfigurationError} when what is set cannot be used.
 */
export function environmentEndpoint(env: Environment, context?: string): EnvironmentEndpoint {
  const apiVersion = env.DOCKER_API_VERSION || undefined;
  const variable = env.DOCKER_HOST?.trim() ? "default" : env.DOCKER_CONTEXT || undefined;
  const current = () => stringAt(readJson(join(configFolder(env), "config.json")), "currentContext");
  const name = context ?? variable ?? current() ?? "default";
  return { ...(name === "default" ? withoutContext(env) : readContext(name, env)), apiVersion };
}
