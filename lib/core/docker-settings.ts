import { ConfigurationError } from "../errors/usage-errors.js";
import { parseEndpoint } from "../transport/dial/endpoint.js";
import { readConfigFile } from "../transport/dial/environment.js";
import type { ContainerConfig } from "../types/container-config.js";
import type { Environment } from "../wire/environment.js";

/** The proxy settings in `config.json`, and their environment variables. Each variable is set in upper case and in lower case. */
const proxyVariables: readonly (readonly [setting: string, variable: string])[] = [
  ["httpProxy", "HTTP_PROXY"],
  ["httpsProxy", "HTTPS_PROXY"],
  ["noProxy", "NO_PROXY"],
  ["ftpProxy", "FTP_PROXY"],
  ["allProxy", "ALL_PROXY"],
];

/**
 * Headers that describe the connection, the body or the program. Like the docker command, the client ignores them in the file.
 */
const ownHeaders = /^(?:connection|content-length|host|trailer|transfer-encoding|upgrade|user-agent)$/i;

type BuildArgs = Readonly<Record<string, string | null>> | undefined;

type Settings = Readonly<Record<string, unknown>>;

/** Returns the named member if it is an object, or else an empty object. */
function membersOf(value: unknown, name: string): Settings {
  const member = typeof value === "object" && value !== null ? (value as Settings)[name] : undefined;
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as Settings) : {}; // narrowed
}

/** Yields the settings that are non-empty strings: the docker command ignores all others. */
function* texts(settings: Settings): Generator<[name: string, text: string]> {
  for (const [name, value] of Object.entries(settings)) if (typeof value === "string" && value !== "") yield [name, value];
}

/** Whether a key of `proxies` names the endpoint. */
function names(key: string, endpoint: string): boolean {
  try {
    return [false, true].some((tls) => parseEndpoint(key, tls).text === endpoint);
  } catch {
    return false; // `default`, or not an endpoint
  }
}

/**
 * The settings in the docker command's `config.json` that affect requests: `HttpHeaders` and `proxies`. As in the docker command,
 * a file that cannot be read causes a warning, not an error.
 */
export class DockerSettings {
  readonly #env: Environment;
  readonly #isUsed: boolean;
  #isWarned = false;
  #headers: Readonly<Record<string, string>> | undefined;

  /**
   * @param env - the environment variables that locate the file.
   * @param isUsed - false to ignore the file.
   */
  constructor(env: Environment = process.env, isUsed = true) {
    this.#env = env;
    this.#isUsed = isUsed;
  }

  /** The headers for every request, read from the file once. */
  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= Object.fromEntries(
      Array.from(texts(membersOf(this.#read(), "HttpHeaders"))).filter(([name]) => !ownHeaders.test(name)),
    ));
  }

  /**
   * Adds the proxies for an endpoint, or else the `default` ones, to the environment variables of a container. A variable without
   * a value counts as set, because it removes the image's variable.
   */
  withProxies(config: ContainerConfig, endpoint: string): ContainerConfig {
    const own = config.Env ?? [];
    const names = new Set(own.map((entry) => entry.replace(/=.*$/s, "")));
    const added = Object.entries(this.#proxies(endpoint)).filter(([name]) => !names.has(name));
    return added.length === 0 ? config : { ...config, Env: [...own, ...added.map(([name, value]) => `${name}=${value}`)] };
  }

  /** Adds the proxies for an endpoint, or else the `default` ones, to build arguments. Arguments of the same name are kept. */
  withProxyArgs(own: BuildArgs, endpoint: string): BuildArgs {
    const proxies = this.#proxies(endpoint);
    return Object.keys(proxies).length === 0 ? own : { ...proxies, ...own };
  }

  #proxies(endpoint: string): Record<string, string> {
    const all = membersOf(this.#read(), "proxies");
    const values = new Map(texts(membersOf(all, Object.keys(all).find((key) => names(key, endpoint)) ?? "default")));
    const variables = proxyVariables.flatMap(([setting, variable]) => {
      const value = values.get(setting);
      return value === undefined ? [] : [variable, variable.toLowerCase()].map((name): [string, string] => [name, value]);
    });
    return Object.fromEntries(variables);
  }

  #read(): unknown {
    if (!this.#isUsed) return undefined;
    try {
      return readConfigFile(this.#env);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (!this.#isWarned) process.emitWarning(error.message, { type: "ConfigurationWarning", code: error.code });
      this.#isWarned = true;
      return undefined;
    }
  }
}
