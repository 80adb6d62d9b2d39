import { ConfigurationError } from "../errors/usage-errors.js";
import { parseEndpoint } from "../transport/dial/endpoint.js";
import { readConfigFile } from "../transport/dial/environment.js";
import type { ContainerConfig } from "../types/container-config.js";
import type { Environment } from "../wire/environment.js";

/** The proxies in `config.json`, and their variables. Each variable is set in capitals and in small letters. */
const proxyVariables: readonly (readonly [setting: string, variable: string])[] = [
  ["httpProxy", "HTTP_PROXY"],
  ["httpsProxy", "HTTPS_PROXY"],
  ["noProxy", "NO_PROXY"],
  ["ftpProxy", "FTP_PROXY"],
  ["allProxy", "ALL_PROXY"],
];

/** Headers that describe the connection, the body or the program. The docker command does not take them from the file either. */
const ownHeaders = /^(?:connection|content-length|host|trailer|transfer-encoding|upgrade|user-agent)$/i;

type BuildArgs = Readonly<Record<string, string | null>> | undefined;

type Settings = Readonly<Record<string, unknown>>;

/** Returns the member of an object; an empty object if it is not one. */
function membersOf(value: unknown, name: string): Settings {
  const member = typeof value === "object" && value !== null ? (value as Settings)[name] : undefined;
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as Settings) : {}; // narrowed
}

/** Returns the settings that are non-empty strings, as the docker command uses only those. */
function* texts(settings: Settings): Generator<[name: string, text: string]> {
  for (const [name, value] of Object.entries(settings)) if (typeof value === "string" && value !== "") yield [name, value];
}

/** Whether a key of `proxies` names the endpoint. */
function names(key: string, endpoint: string): boolean {
  try {
    return [false, true].some((tls) => parseEndpoint(key, tls).text === endpoint);
  } catch {
    return false; // `default`, and what is not an endpoint
  }
}

/**
 * The settings in the docker command's `config.json` that shape requests: `HttpHeaders` and `proxies`. As in the docker command,
 * a file that cannot be read causes a warning, not an error.
 */
export class DockerSettings {
  readonly #env: Environment;
  readonly #isUsed: boolean;
  #isWarned = false;
  #headers: Readonly<Record<string, string>> | undefined;

  /**
   * @param env - the environment that locates the file.
   * @param isUsed - false for no settings.
   */
  constructor(env: Environment = process.env, isUsed = true) {
    this.#env = env;
    this.#isUsed = isUsed;
  }

  /** The headers of every request, read once. */
  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= Object.fromEntries(
      Array.from(texts(membersOf(this.#read(), "HttpHeaders"))).filter(([name]) => !ownHeaders.test(name)),
    ));
  }

  /**
   * Adds the proxies for an endpoint to the variables of a container, those under its key or else those under `default`. A variable
   * without a value counts as set, because it removes one of the image.
   */
  withProxies(config: ContainerConfig, endpoint: string): ContainerConfig {
    const own = config.Env ?? [];
    const names = new Set(own.map((entry) => entry.replace(/=.*$/s, "")));
    const added = Object.entries(this.#proxies(endpoint)).filter(([name]) => !names.has(name));
    return added.length === 0 ? config : { ...config, Env: [...own, ...added.map(([name, value]) => `${name}=${value}`)] };
  }

  /** Adds the proxies for an endpoint to build arguments that do not have them. */
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
