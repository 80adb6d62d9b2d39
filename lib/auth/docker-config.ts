import { ConfigurationError } from "../errors/usage-errors.js";
import { type AuthConfiguration, type AuthConfigurations, readAuthConfiguration } from "./auth-configuration.js";

/**
 * The credentials in the docker CLI's `config.json`.
 *
 * @category Authentication
 */
export interface DockerConfig {
  /**
   * Credentials by registry or login address, with `auth` split into user name and password. Entries of registries with a helper
   * are empty.
   */
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
  /** Whether it has the older format of `.dockercfg`, which consists of only the entries of `auths`. Defaults to false. */
  legacy?: boolean | undefined;
}

/** Creates the error for malformed content. The description of the problem does not quote the content. */
type Malformed = (problem: string) => ConfigurationError;

/**
 * Parses the credentials in a `config.json` or `.dockercfg`. An empty string has no credentials.
 *
 * @param text - the content, as JSON.
 * @param options - settings for parsing.
 * @throws {@link ConfigurationError} when the content is malformed. The error names the place, but does not quote the content.
 * @category Authentication
 */
export function parseDockerConfig(text: string, options: ParseDockerConfigOptions = {}): DockerConfig {
  const file = new CredentialsFile(text, options);
  const { credsStore } = file;
  const auths = Object.fromEntries(file.written.map((key) => [key, file.auth(key)]));
  const credHelpers = Object.fromEntries(file.helped.map((key) => [key, file.helper(key)]));
  return credsStore === undefined ? { auths, credHelpers } : { auths, credHelpers, credsStore };
}

/**
 * A `config.json` or `.dockercfg`. Each entry is parsed only when it is read, so that a malformed entry does not affect the
 * others.
 */
export class CredentialsFile {
  /** Where the content comes from. */
  readonly source: string;
  readonly #auths: () => Record<string, unknown>;
  readonly #helpers: () => Record<string, unknown>;
  readonly #store: unknown;
  readonly #place: string;

  /**
   * @param text - the content.
   * @param options - settings for parsing.
   * @throws {@link ConfigurationError} when the content is not a JSON object.
   */
  constructor(text: string, { source = "docker's configuration", legacy = false }: ParseDockerConfigOptions = {}) {
    this.source = source;
    this.#place = legacy ? "it" : '"auths"';
    const config = objectIn(text, this.#malformed);
    const { auths, credsStore, credHelpers } = legacy ? { auths: config } : config;
    this.#auths = () => this.#record(auths, `${this.#place} that is`);
    this.#helpers = () => this.#record(credHelpers, '"credHelpers" that are');
    this.#store = credsStore ?? undefined;
  }

  /**
   * The keys of the credentials in the file itself.
   *
   * @throws {@link ConfigurationError} when `auths` is not an object.
   */
  get written(): string[] {
    return Object.keys(this.#auths());
  }

  /**
   * The keys of registries with a helper.
   *
   * @throws {@link ConfigurationError} when `credHelpers` is not an object.
   */
  get helped(): string[] {
    return Object.keys(this.#helpers());
  }

  /**
   * The helper for all credentials.
   *
   * @throws {@link ConfigurationError} when its name is not a string.
   */
  get credsStore(): string | undefined {
    const store = this.#store;
    if (store === undefined || typeof store === "string") return store;
    throw this.#malformed('has a "credsStore" that is not a string');
  }

  /**
   * Returns the credentials under a key.
   *
   * @throws {@link ConfigurationError} when they are malformed.
   */
  auth(key: string): AuthConfiguration {
    const [value, malformed] = this.#entry(this.#auths(), key, this.#place);
    const { serveraddress: _, ...auth } = readAuthConfiguration(value ?? {}, malformed); // the key names the registry, as in the docker CLI
    return auth;
  }

  /**
   * Returns the helper under a key.
   *
   * @throws {@link ConfigurationError} when its name is not a string.
   */
  helper(key: string): string {
    const [name, malformed] = this.#entry(this.#helpers(), key, '"credHelpers"');
    if (typeof name !== "string") throw malformed("is not a string");
    return name;
  }

  readonly #malformed: Malformed = (problem) => new ConfigurationError(`${this.source} ${problem}`);

  #entry(entries: Record<string, unknown>, key: string, place: string): [value: unknown, malformed: Malformed] {
    // the position instead of the key: a key may be a URL with a password
    const position = Object.keys(entries).indexOf(key) + 1;
    return [entries[key], (problem) => this.#malformed(`is malformed: entry ${position} of ${place} ${problem}`)];
  }

  #record(value: unknown, what: string): Record<string, unknown> {
    const entries = value ?? {};
    if (isRecord(entries)) return entries;
    throw this.#malformed(`has ${what} not an object`);
  }
}

function objectIn(text: string, malformed: Malformed): Record<string, unknown> {
  if (text.trim() === "") return {};
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // the cause is omitted on purpose: V8 quotes the input in it, including passwords
    throw malformed("is not JSON");
  }
  if (!isRecord(config)) throw malformed("is not a JSON object");
  return config;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
