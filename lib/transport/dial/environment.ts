import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quoted } from "../../errors/quote.js";
import { ConfigurationError } from "../../errors/usage-errors.js";
import { digest } from "../../wire/digest.js";
import { configFolder, type Environment, homeFolder } from "../../wire/environment.js";
import { defaultEndpoint } from "./endpoint.js";
import { readTlsFolder, type TlsOptions } from "./tls.js";

/** The engine that the environment variables select. */
export interface EnvironmentEndpoint {
  /** The endpoint. */
  endpoint: string;
  /** TLS settings, if the connection uses TLS. */
  tls?: TlsOptions | undefined;
  /** The API version that `DOCKER_API_VERSION` pins. */
  apiVersion?: string | undefined;
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

/**
 * Reads the docker command's `config.json`.
 *
 * @returns undefined if it does not exist.
 * @throws {@link ConfigurationError} when it cannot be read or is not JSON.
 */
export function readConfigFile(env: Environment, platform?: NodeJS.Platform): unknown {
  return readJson(join(configFolder(env, platform), "config.json"));
}

function stringAt(value: unknown, ...keys: string[]): string | undefined {
  const found = keys.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  ); // narrowed by the test before it
  return typeof found === "string" && found !== "" ? found : undefined;
}

/**
 * Lists the files in a folder. An unreadable folder must not count as a missing one, because the connection would be unencrypted.
 */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return []; // fs errors are ErrnoExceptions
    throw new ConfigurationError(`cannot read the TLS folder ${folder}`, { cause });
  }
}

/**
 * Reads a context that `docker context create` created.
 *
 * @throws {@link ConfigurationError} when the context does not exist or has no docker endpoint.
 */
function readContext(name: string, config: string): EnvironmentEndpoint {
  const id = digest("sha256", name, "hex");
  const folder = join(config, "contexts");
  const meta = join(folder, "meta", id, "meta.json");
  const content = readJson(meta);
  if (content === undefined) throw new ConfigurationError(`docker context ${quoted(name)} does not exist (no ${meta})`);
  const endpoint = stringAt(content, "Endpoints", "docker", "Host");
  if (endpoint === undefined) throw new ConfigurationError(`docker context ${quoted(name)} has no docker endpoint`);
  const docker = (content as { Endpoints: { docker: { SkipTLSVerify?: unknown } } }).Endpoints.docker; // its Host was found above
  const skip = docker.SkipTLSVerify === true;
  const material = join(folder, "tls", id, "docker");
  if (filesIn(material).length > 0) return { endpoint, tls: readTlsFolder(material, !skip) };
  return { endpoint, tls: skip ? { verify: false } : undefined };
}

/** Values of `DOCKER_HOST` that consist of only a scheme, with the endpoints to which the docker CLI expands them. */
const bareSchemes: ReadonlyMap<string, string> = new Map([
  ["unix://", defaultEndpoint("linux")],
  ["tcp://", "tcp://localhost"],
]);

function fromDockerHost(host: string, env: Environment, platform: NodeJS.Platform): EnvironmentEndpoint {
  const endpoint = bareSchemes.get(host) ?? (host.includes("://") ? host : `tcp://${host}`);
  return { endpoint, tls: environmentTls(endpoint, env, platform) };
}

/**
 * Reads the TLS settings that the environment variables select for an endpoint, as the docker CLI does for `DOCKER_HOST` and
 * `--host`.
 *
 * @param endpoint - the endpoint.
 * @param env - the environment.
 * @param platform - the operating system.
 * @returns undefined for a connection without TLS, or with the default settings of `https://`.
 * @throws {@link ConfigurationError} when the folder is incomplete or cannot be read.
 */
export function environmentTls(
  endpoint: string,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): TlsOptions | undefined {
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!/^(tcp|http|https):/i.test(endpoint)) return undefined;
  // as in the docker CLI, DOCKER_CERT_PATH by itself does not turn TLS on
  if (!verify && !env.DOCKER_TLS) {
    return env.DOCKER_CERT_PATH && /^https:/i.test(endpoint) ? readTlsFolder(env.DOCKER_CERT_PATH) : undefined;
  }
  const folder = env.DOCKER_CERT_PATH || configFolder(env, platform);
  const tls = readTlsFolder(folder, verify);
  // without ca.pem, Node.js would trust public certificate authorities
  if (verify && tls.ca === undefined) throw new ConfigurationError(`DOCKER_TLS_VERIFY requires ca.pem, but ${folder} has none`);
  return tls;
}

/**
 * Finds the first existing socket of Docker, rootless Docker, Docker Desktop and Podman, in this order. On Windows, the result is
 * always Docker's named pipe.
 *
 * @param env - the environment.
 * @param exists - checks whether a path exists.
 * @param platform - the operating system.
 * @returns the socket's endpoint, or the default endpoint if no socket exists.
 */
export function defaultSocket(
  env: Environment,
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
): string {
  const usual = defaultEndpoint(platform);
  if (platform === "win32") return usual;
  const home = homeFolder(env, platform);
  const runtime = env.XDG_RUNTIME_DIR;
  const candidates = [
    usual.slice("unix://".length),
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker", "run", "docker.sock"),
    join(home, ".docker", "desktop", "docker.sock"),
    ...(runtime ? [join(runtime, "podman", "podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
  const found = candidates.find((path) => exists(path));
  return found === undefined ? usual : `unix://${found}`;
}

/** Resolves the context `default`: the endpoint from the environment variables, or else a local socket. */
function withoutContext(env: Environment, platform: NodeJS.Platform): EnvironmentEndpoint {
  const host = env.DOCKER_HOST?.trim();
  if (host) return fromDockerHost(host, env, platform);
  if (env.DOCKER_TLS_VERIFY || env.DOCKER_TLS) return fromDockerHost("tcp://localhost:2376", env, platform);
  return { endpoint: defaultSocket(env, existsSync, platform) };
}

/**
 * Finds the engine as the docker CLI does: from `context`, then `DOCKER_HOST` (with `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and
 * `DOCKER_CERT_PATH`), then `DOCKER_CONTEXT`, then `currentContext` in `config.json`, and finally the first existing socket of
 * Docker, rootless Docker, Docker Desktop and Podman. As in the docker CLI, the TLS variables without `DOCKER_HOST` select
 * `tcp://localhost:2376`, and the context `default` stands for the environment variables.
 *
 * @param env - the environment.
 * @param context - name of a context, which takes precedence over the environment variables.
 * @param platform - the operating system.
 * @throws {@link ConfigurationError} when a setting is invalid or cannot be read.
 */
export function environmentEndpoint(
  env: Environment,
  context?: string,
  platform: NodeJS.Platform = process.platform,
): EnvironmentEndpoint {
  const apiVersion = env.DOCKER_API_VERSION || undefined;
  const variable = env.DOCKER_HOST?.trim() ? "default" : env.DOCKER_CONTEXT || undefined;
  const config = configFolder(env, platform);
  const current = () => stringAt(readConfigFile(env, platform), "currentContext");
  const name = context ?? variable ?? current() ?? "default";
  return { ...(name === "default" ? withoutContext(env, platform) : readContext(name, config)), apiVersion };
}
