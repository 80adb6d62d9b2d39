import { CredentialsError, InvalidOptionError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import { LONGEST_TIMEOUT } from "../wire/limits.js";
import { type AuthConfiguration, type AuthConfigurations, isUsable, readAuthConfiguration } from "./auth-configuration.js";
import { withServerAddress } from "./auth-headers.js";
import { CredentialHelpers } from "./credential-helper.js";
import type { DockerConfig } from "./docker-config.js";
import { dockerConfigs, type DockerConfigSource } from "./docker-config-source.js";
import { findKey, keyOf, registryMeantBy, registryOfKey } from "./registry-name.js";
import { abortErrorOf } from "./shared-runs.js";

/** The number of helpers that run concurrently when all credentials are collected. */
const HELPERS_AT_ONCE = 4;

/**
 * Looks up registry credentials. Implement it for credentials that are stored elsewhere.
 *
 * @category Authentication
 */
export interface CredentialsProvider {
  /**
   * Looks up the credentials for a registry.
   *
   * @param registry - the host of the registry with an optional port; `docker.io` for Docker Hub.
   * @param signal - cancels the lookup.
   * @returns undefined if there are none.
   */
  resolve(registry: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined>;

  /**
   * Returns the credentials for all registries, for builds. Without this method, builds send none.
   *
   * @param signal - cancels the lookup.
   * @returns the credentials by registry.
   */
  all?(signal?: AbortSignal): Promise<AuthConfigurations>;
}

/** Options for {@link RegistryCredentials}. @category Authentication */
export interface RegistryCredentialsOptions {
  /**
   * Credentials by registry. They take precedence over other configuration; `{}` makes access to a registry anonymous.
   * The constructor copies them.
   */
  configurations?: AuthConfigurations | undefined;
  /** The source of further credentials. By default `"environment"`: the places that the docker CLI reads. */
  config?: DockerConfigSource | undefined;
  /** The timeout of a credential helper, in milliseconds; 0 for none. By default 10,000. */
  helperTimeout?: number | undefined;
  /** Environment variables that locate the configuration and the helpers. By default `process.env`, read on use. */
  env?: Environment | undefined;
  /**
   * Called for each helper that fails while {@link RegistryCredentials.all} collects credentials, which continues without it.
   * By default the failure becomes a process warning.
   */
  onHelperError?: ((error: CredentialsError) => void) | undefined;
}

/** A configuration with the addresses that its credential store lists. */
interface Layer {
  readonly config: DockerConfig;
  readonly listed: readonly string[];
}

/** Settings of a lookup: its signal, and the handling of a failed helper. */
interface Search {
  readonly signal: AbortSignal | undefined;
  readonly ask: <T>(answer: Promise<T>) => Promise<T | undefined>;
}

/**
 * Looks up the credentials that the docker CLI would use: those of the options, else those of `config.json`, its credential
 * store and its credential helpers. Everything is read on each lookup, so that a new login takes effect; nothing is cached.
 *
 * @example
 * ```ts
 * const credentials = new RegistryCredentials({ configurations: { "quay.io": { username: "me", password: "secret" } } });
 * await credentials.resolve(registryOf("quay.io/org/app:1.2")); // { username: "me", password: "secret", serveraddress: "quay.io" }
 * ```
 * @category Authentication
 */
export class RegistryCredentials implements CredentialsProvider {
  readonly #configurations: AuthConfigurations;
  readonly #source: DockerConfigSource;
  readonly #env: Environment;
  readonly #helpers: CredentialHelpers;
  readonly #onHelperError: (error: CredentialsError) => void;

  /**
   * @param options - credentials, and the source of others.
   * @throws {@link InvalidOptionError} when credentials are not objects with string values, or the timeout is invalid.
   */
  constructor(options: RegistryCredentialsOptions = {}) {
    const { configurations = {}, config = "environment", helperTimeout = 10_000, env = process.env } = options;
    if (!(helperTimeout >= 0 && helperTimeout <= LONGEST_TIMEOUT)) {
      throw new InvalidOptionError(
        "helperTimeout",
        `option "helperTimeout" must be between 0 and ${LONGEST_TIMEOUT} milliseconds`,
      );
    }
    this.#configurations = copyOf(configurations);
    this.#source = config;
    this.#env = env;
    this.#helpers = new CredentialHelpers({ env, timeout: helperTimeout });
    this.#onHelperError = options.onHelperError ?? warn;
  }

  /**
   * Looks up the credentials for a registry.
   *
   * @param referenceOrRegistry - the registry, as {@link registryOf} names it, or an image reference. An ambiguous string is a
   * registry: `postgres:16` is port 16 of `postgres`, so pass {@link registryOf} of an image that may be on Docker Hub.
   * @param signal - cancels the lookup, and kills a helper that no other lookup waits for.
   * @returns a new object with credentials and their `serveraddress`; undefined if there are none.
   * @throws {@link ConfigurationError} when a configuration cannot be read or is malformed.
   * @throws {@link CredentialsError} when a credential helper fails.
   * @throws {@link AbortError} when the signal is aborted.
   * @throws {@link InvalidOptionError} when the string is empty.
   */
  async resolve(referenceOrRegistry: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined> {
    if (signal?.aborted) throw abortErrorOf(signal);
    const registry = registryMeantBy(referenceOrRegistry);
    let found = this.#given(registry);
    if (!found) {
      for await (const config of dockerConfigs(this.#source, this.#env, signal)) {
        found = await this.#lookUp({ config, listed: [] }, registry, { signal, ask: (answer) => answer });
        if (found) break;
      }
    }
    return found && withServerAddress(found, registry);
  }

  /**
   * Collects the credentials of all registries, for a build. As in the docker CLI, a helper that fails is skipped: a build
   * rarely needs every registry that the user has logged in to.
   *
   * @param signal - cancels the lookup, and kills helpers that no other lookup waits for.
   * @returns credentials with their `serveraddress`, by host; Docker Hub's by `https://index.docker.io/v1/`.
   * @throws {@link ConfigurationError} when a configuration cannot be read or is malformed.
   * @throws {@link AbortError} when the signal is aborted.
   */
  async all(signal?: AbortSignal): Promise<AuthConfigurations> {
    if (signal?.aborted) throw abortErrorOf(signal);
    const search: Search = { signal, ask: (answer) => this.#tolerate(answer) };
    const layers: Layer[] = [];
    for await (const config of dockerConfigs(this.#source, this.#env, signal)) {
      const { credsStore } = config;
      const list = credsStore ? await search.ask(this.#helpers.list(credsStore, signal)) : undefined;
      layers.push({ config, listed: list ?? [] });
    }
    const registries = this.#registriesOf(layers);
    const found = new Map<string, AuthConfiguration>(registries.map((registry) => [registry, {}]));
    const pending = registries.values();
    const collect = async (): Promise<void> => {
      for (const registry of pending) found.set(registry, await this.#collect(layers, registry, search));
    };
    await Promise.all(Array.from({ length: HELPERS_AT_ONCE }, collect));
    const usable = [...found].filter(([, auth]) => isUsable(auth));
    return Object.fromEntries(usable.map(([registry, auth]) => [keyOf(registry), withServerAddress(auth, registry)]));
  }

  #given(registry: string): AuthConfiguration | undefined {
    const key = findKey(Object.keys(this.#configurations), registry);
    return key === undefined ? undefined : this.#configurations[key];
  }

  async #lookUp({ config, listed }: Layer, registry: string, { signal, ask }: Search): Promise<AuthConfiguration | undefined> {
    const { auths, credHelpers, credsStore } = config;
    const helperKey = findKey(Object.keys(credHelpers), registry);
    const helper = helperKey === undefined ? credsStore : credHelpers[helperKey];
    const address = findKey(listed, registry) ?? keyOf(registry);
    const kept = helper ? await ask(this.#helpers.get(helper, address, signal)) : undefined;
    if (kept) return kept;
    const key = findKey(Object.keys(auths), registry);
    const written = key === undefined ? undefined : auths[key];
    return written && isUsable(written) ? written : undefined;
  }

  async #collect(layers: readonly Layer[], registry: string, search: Search): Promise<AuthConfiguration> {
    const given = this.#given(registry);
    if (given) return given;
    for (const layer of layers) {
      const found = await this.#lookUp(layer, registry, search);
      if (found) return found;
    }
    return {};
  }

  #registriesOf(layers: readonly Layer[]): string[] {
    const keys = layers.flatMap(({ config: { auths, credHelpers }, listed }) => [
      ...Object.keys(credHelpers),
      ...listed,
      ...Object.keys(auths),
    ]);
    const registries = new Map<string, string>();
    for (const key of [...Object.keys(this.#configurations), ...keys]) {
      const registry = registryOfKey(key);
      if (registry !== undefined && !registries.has(registry.toLowerCase())) registries.set(registry.toLowerCase(), registry);
    }
    return [...registries.values()];
  }

  async #tolerate<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      this.#onHelperError(error);
      return undefined;
    }
  }
}

function warn(error: CredentialsError): void {
  process.emitWarning(error.message, { type: "CredentialsWarning", code: error.code });
}

function copyOf(configurations: AuthConfigurations): AuthConfigurations {
  const entries = Object.entries(configurations).map(([key, value], index): [string, AuthConfiguration] => {
    const refuse = (problem: string): Error =>
      new InvalidOptionError("configurations", `entry ${index + 1} of option "configurations" ${problem}`);
    if (registryOfKey(key) === undefined) throw refuse("has a key that is not a registry");
    return [key, readAuthConfiguration(value, refuse)];
  });
  return Object.fromEntries(entries);
}
