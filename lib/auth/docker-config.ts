import { ConfigurationError } from "../errors/usage-errors.js";
import { type AuthConfiguration, type AuthConfigurations, readAuthConfiguration } from "./auth-configuration.js";

/**
 * The credentials in the docker CLI's `config.json`.
 *
 * @category Authentication
 */
export interface DockerConfig {
  /** Credentials by registry or login address, with `auth` split. Entries of registries with a helper are empty. */
  auths: AuthConfigurations;
  /** The helper for all credentials, such as `osxkeychain` for the program `docker-credential-osxkeychain`. */
  credsStore?: string | undefined;
  /** The helpers of individual registries. An empty name means that the registry is in `auths`. */
  credHelpers: Record<string, string>;
}

/**
 * Options for {@link parseDockerConfig}.
 *
 * @category Authentication
 */
export interface ParseDockerConfigOptions {
  /** The name of the configuration in errors. By default `docker's configuration`. */
  source?: string | undefined;
  /** Whether it has the older format, `.dockercfg`, which consists of the entries of `auths`. By default false. */
  legacy?: boolean | undefined;
}

/**
 * Parses the credentials in a `config.json` or `.dockercfg`. An empty string has none.
 *
 * @param text - the content, as JSON.
 * @param options - settings for parsing.
 * @throws {@link ConfigurationError} when the content is malformed. The error names the place, but does not quote the content.
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
    // the cause is omitted on purpose: V8 quotes the input in it, including passwords
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
  else if (credsStore !== undefined && credsStore !== null) throw refuse('has a "credsStore" that is not a string');
  return parsed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readAuths(auths: unknown, where: string, refuse: (problem: string) => ConfigurationError): AuthConfigurations {
  if (!isRecord(auths)) throw refuse(`has ${where} that is not an object`);
  const entries = Object.entries(auths).map(([key, value], index): [string, AuthConfiguration] => {
    // the position instead of the key: a key may be a URL with a password
    const malformed = (problem: string): ConfigurationError => refuse(`is malformed: entry ${index + 1} of ${where} ${problem}`);
    const { serveraddress: _, ...auth } = readAuthConfiguration(value ?? {}, malformed); // the key names it, as in the docker CLI
    return [key, auth];
  });
  return Object.fromEntries(entries);
}

function readHelpers(helpers: unknown, refuse: (problem: string) => ConfigurationError): Record<string, string> {
  if (!isRecord(helpers)) throw refuse('has "credHelpers" that are not an object');
  const entries = Object.entries(helpers).map(([key, name], index): [string, string] => {
    if (typeof name !== "string") throw refuse(`is malformed: entry ${index + 1} of "credHelpers" is not a string`);
    return [key, name];
  });
  return Object.fromEntries(entries);
}
