import { CredentialsError, InvalidOptionError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import { abortErrorOf } from "./shared-runs.js";
import { type AuthConfiguration, type AuthConfigurations, isUsable, readAuthConfiguration } from "./auth-configuration.js";
import { withServerAddress } from "./auth-headers.js";
import { CredentialHelpers } from "./credential-helper.js";
import type { DockerConfig } from "./docker-config.js";
import { dockerConfigs, type DockerConfigSource } from "./docker-config-source.js";
import { findKey, keyOf, registryMeantBy, registryOfKey } from "./registry-name.js";

/** The longest time that `setTimeout` can wait, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** How many helpers run at once when all credentials are collected. */
const HELPERS_AT_ONCE = 4;

/**
 * Finds credentials for registries. Whoever keeps them somewhere of their own implements this.
 *
 * @category Authentication
 */
export interface CredentialsProvider {
  /**
   * Finds the credentials for a registry.
   *
   * @param registry - the registry's host with an optional port; `docker.io` for Docker Hub.
   * @param signal - ends the search.
   * @returns undefined when there are none.
   */
  resolve(registry: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined>;

  /**
   * Finds the credentials for all registries, for builds. A build has none where this is left out.
   *
   * @param signal - ends the search.
   * @returns the credentials by registry.
   */
  all?(signal?: AbortSignal): Promise<AuthConfigurations>;
}

/** Options of {@link RegistryCredentials}. @category Authentication */
export interface RegistryCredentialsOptions {
  /**
   * Credentials by registry. They win over what is configured elsewhere; `{}` makes visits to a registry anonymous.
   * They are copied when the object is made.
   */
  configurations?: AuthConfigurations | undefined;
  /** Where further credentials are configured. By default `"environment"`: where the docker CLI looks. */
  config?: DockerConfigSource | undefined;
  /** The time that a credential helper has to answer, in milliseconds; 0 for all the time it wants. By default 10,000. */
  helperTimeout?: number | undefined;
  /** Environment variables that say where the configuration and the helpers are. By default those of the process, at the time of use. */
  env?: Environment | undefined;
  /**
   * Told of each helper that fails while {@link RegistryCredentials.all} collects credentials, which goes on without it.
   * By default the failure becomes a warning of the process.
   */
  onHelperError?: ((error: CredentialsError) => void) | undefined;
}

/** A configuration with the addresses that its store says it has credentials for. */
interface Layer {
  readonly config: DockerConfig;
  readonly listed: readonly string[];
}

/** How a search goes: until when, and what a helper's answer comes to when it is a failure. */
interface Search {
  readonly signal: AbortSignal | undefined;
  readonly ask: <T>(answer: Promise<T>) => Promise<T | undefined>;
}

/**
 * Finds the credentials that the docker CLI would use: those given, else those of `config.json`, its credential store and its
 * credential helpers. Everything is read when it is asked for, so that a login made meanwhile counts; nothing is kept.
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
   * @param options - the credentials, and where others are configured.
   * @throws {@link InvalidOptionError} when credentials are not an object of texts, or the timeout is not a time.
   */
  constructor(options: RegistryCredentialsOptions = {}) {
    const { configurations = {}, config = "environment", helperTimeout = 10_000, env = process.env } = options;
    if (!(helperTimeout >= 0 && helperTimeout <= LONGEST_TIMEOUT)) {
      throw new InvalidOptionError("helperTimeout", `option "helperTimeout" must be 0 to ${LONGEST_TIMEOUT} milliseconds`);
    }
    this.#configurations = copyOf(configurations);
    this.#source = config;
    this.#env = env;
    this.#helpers = new CredentialHelpers({ env, timeout: helperTimeout });
    this.#onHelperError = options.onHelperError ?? warn;
  }

  /**
   * Finds the credentials for a registry.
   *
   * @param referenceOrRegistry - the registry, as {@link registryOf} names it, or an image reference. What can be both is a
   * registry: `postgres:16` is port 16 of `postgres`, so give {@link registryOf} of an image that may be on Docker Hub.
   * @param signal - ends the search, and a helper that nobody else waits for.
   * @returns credentials with their `serveraddress`, an object of the caller's own; undefined when there are none.
   * @throws {@link ConfigurationError} when a configuration cannot be read or is damaged.
   * @throws {@link CredentialsError} when a credential helper fails.
   * @throws {@link AbortError} when the signal is aborted.
   * @throws {@link InvalidOptionError} when the text is empty.
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
   * Collects the credentials for all registries there are any for, as a build needs them. A helper that fails is left out, as the
   * docker CLI does: a build does not need every registry that somebody once logged in to.
   *
   * @param signal - ends the search, and helpers that nobody else waits for.
   * @returns credentials with their `serveraddress`, by host; Docker Hub's by `https://index.docker.io/v1/`.
   * @throws {@link ConfigurationError} when a configuration cannot be read or is damaged.
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
    if (registryOfKey(key) === undefined) throw refuse("has a key that is no registry");
    return [key, readAuthConfiguration(value, refuse)];
  });
  return Object.fromEntries(entries);
}
