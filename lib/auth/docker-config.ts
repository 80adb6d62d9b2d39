import { ConfigurationError } from "../errors/usage-errors.js";
import { type AuthConfiguration, type AuthConfigurations, readAuthConfiguration } from "./auth-configuration.js";

/**
 * The part of the docker CLI's `config.json` that is about credentials.
 *
 * @category Authentication
 */
export interface DockerConfig {
  /** Credentials by registry or login address, with `auth` taken apart. Entries of registries that a helper serves are empty. */
  auths: AuthConfigurations;
  /** The helper that keeps all credentials, such as `osxkeychain` for the program `docker-credential-osxkeychain`. */
  credsStore?: string | undefined;
  /** The helpers of single registries, by registry. An empty name means that the registry is in `auths`. */
  credHelpers: Record<string, string>;
}

/**
 * How {@link parseDockerConfig} reads.
 *
 * @category Authentication
 */
export interface ParseDockerConfigOptions {
  /** What errors call the text. By default `docker's configuration`. */
  source?: string | undefined;
  /** Whether the text is of the older form, `.dockercfg`, which is what `auths` holds and nothing else. By default false. */
  legacy?: boolean | undefined;
}

/**
 * Reads the credentials out of the text of a `config.json` or a `.dockercfg`. An empty text has none.
 *
 * @param text - the text, JSON.
 * @param options - how to read it.
 * @throws {@link ConfigurationError} when the text is damaged. The error says where, and holds nothing of the text.
 * @category Authentication
 */
export function parseDockerConfig(text: string, options: ParseDockerConfigOptions = {}): DockerConfig {
  const { source = "docker's configuration", legacy = false } = options;
  const refuse = (problem: string): ConfigurationError => new ConfigurationError(`${source} ${problem}`);
  if (text.trim() === "") return { auths: {}, credHelpers: {} };
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // the reason is lost on purpose: V8 quotes the text in it, passwords and all
    throw refuse("is not JSON");
  }
  if (!isRecord(config)) throw refuse("is not a JSON object");
  if (legacy) return { auths: readAuths(config, "it", refuse), credHelpers: {} };
  const { auths, credsStore, credHelpers } = config;
  const parsed: DockerConfig = {
    auths: readAuths(auths ?? {}, '"auths"', refuse),
    credHelpers: readHelpers(credHelpers ?? {}, refuse),
  };
  if (typeof credsStore === "string") parsed.credsStore = credsStore;
  else if (credsStore !== undefined && credsStore !== null) throw refuse('has a "credsStore" that is not a text');
  return parsed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readAuths(auths: unknown, where: string, refuse: (problem: string) => ConfigurationError): AuthConfigurations {
  if (!isRecord(auths)) throw refuse(`has ${where} that is not an object`);
  const entries = Object.entries(auths).map(([key, value], index): [string, AuthConfiguration] => {
    // the position and not the key: a key may be a URL with a password in it
    const damaged = (problem: string): ConfigurationError => refuse(`is damaged: entry ${index + 1} of ${where} ${problem}`);
    const { serveraddress: _, ...auth } = readAuthConfiguration(value ?? {}, damaged); // the key says it, as in the docker CLI
    return [key, auth];
  });
  return Object.fromEntries(entries);
}

function readHelpers(helpers: unknown, refuse: (problem: string) => ConfigurationError): Record<string, string> {
  if (!isRecord(helpers)) throw refuse('has "credHelpers" that are not an object');
  const entries = Object.entries(helpers).map(([key, name], index): [string, string] => {
    if (typeof name !== "string") throw refuse(`is damaged: entry ${index + 1} of "credHelpers" is not a text`);
    return [key, name];
  });
  return Object.fromEntries(entries);
}
