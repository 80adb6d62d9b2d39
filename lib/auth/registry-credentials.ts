import { ConfigurationError, CredentialsError, InvalidOptionError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import { LONGEST_TIMEOUT } from "../wire/limits.js";
import { type AuthConfiguration, type AuthConfigurations, isUsable, readAuthConfiguration } from "./auth-configuration.js";
import { withServerAddress } from "./auth-headers.js";
import { CredentialHelpers } from "./credential-helper.js";
import type { CredentialsFile } from "./docker-config.js";
import { dockerConfigs, type DockerConfigSource } from "./docker-config-source.js";
import { findKey, keyOf, registryMeantBy, registryOfKey } from "./registry-name.js";
import { abortErrorOf } from "./shared-runs.js";

/** The number of helpers that run concurrently when all credentials are collected. */
const HELPERS_AT_ONCE = 4;

/** The outcome of a credential lookup. @category Authentication */
export interface CredentialsSearch {
  /** The credentials; undefined if there are none. */
  readonly credentials: AuthConfiguration | undefined;
  /** The places that were searched, in order. If a search failed, its place includes the reason. They contain no credentials. */
  readonly places: readonly string[];
}

/**
 * Looks up registry credentials. Implement this interface for credentials that are stored elsewhere.
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
   * Looks up the credentials for a registry, and reports where it searched, for errors. If this method exists, the client uses it
   * instead of `resolve`.
   *
   * @param registry - the host of the registry with an optional port; `docker.io` for Docker Hub.
   * @param signal - cancels the lookup.
   */
  search?(registry: string, signal?: AbortSignal): Promise<CredentialsSearch>;

  /**
   * Returns the credentials for all registries, for builds. Without this method, builds send no credentials.
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
   * Called for each credential helper that fails, and for each malformed entry that {@link RegistryCredentials.all} skips; the
   * lookup continues without the helper or the entry. If the callback throws an error, the lookup ends with it. By default, each
   * distinct failure causes one process warning.
   */
  onHelperError?: ((error: CredentialsError) => void) | undefined;
}

/** A configuration with the addresses that its credential store lists. */
interface Layer {
  readonly file: CredentialsFile;
  readonly listed: readonly string[];
}

/** The state of a lookup: the caller's signal, a function that runs a step and may skip its failure, and the searched places. */
interface Search {
  readonly signal: AbortSignal | undefined;
  readonly tolerate: <T>(step: () => Promise<T | undefined>) => Promise<T | undefined>;
  readonly places: string[];
}

/**
 * Looks up the credentials that the docker CLI would use: those in the options, or else those in `config.json`, its credential
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
   * @param options - credentials, and the source of further ones.
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
    this.#onHelperError = options.onHelperError ?? warner();
  }

  /**
   * Looks up the credentials for a registry. As in the docker CLI, a helper that fails is skipped, because the image may be
   * public.
   *
   * @param referenceOrRegistry - the registry, as {@link registryOf} names it, or an image reference. An ambiguous string counts
   * as a registry: `postgres:16` is port 16 of the host `postgres`. For an image that may be on Docker Hub, pass the result of
   * {@link registryOf}.
   * @param signal - cancels the lookup, and kills a helper that no other lookup waits for.
   * @returns a new object with credentials and their `serveraddress`; undefined if there are none.
   * @throws {@link ConfigurationError} when a configuration cannot be read, or its entry for this registry is malformed.
   * @throws {@link AbortError} when the signal is aborted.
   * @throws {@link InvalidOptionError} when the string is empty.
   */
  async resolve(referenceOrRegistry: string, signal?: AbortSignal): Promise<AuthConfiguration | undefined> {
    return (await this.search(referenceOrRegistry, signal)).credentials;
  }

  /**
   * Looks up the credentials for a registry as {@link RegistryCredentials.resolve} does, and reports where it searched.
   *
   * @param referenceOrRegistry - the registry, or an image reference.
   * @param signal - cancels the lookup, and kills a helper that no other lookup waits for.
   * @throws {@link ConfigurationError} when a configuration cannot be read, or its entry for this registry is malformed.
   * @throws {@link AbortError} when the signal is aborted.
   * @throws {@link InvalidOptionError} when the string is empty.
   */
  async search(referenceOrRegistry: string, signal?: AbortSignal): Promise<CredentialsSearch> {
    if (signal?.aborted) throw abortErrorOf(signal);
    const registry = registryMeantBy(referenceOrRegistry);
    const places: string[] = [];
    const search: Search = { signal, places, tolerate: (step) => this.#tolerate(step, false, places) };
    const credentials = await this.#find(registry, search);
    return { credentials: credentials && withServerAddress(credentials, registry), places };
  }

  /**
   * Collects the credentials for all registries, for a build. Helpers that fail and malformed entries are skipped, because a
   * build rarely needs every registry that the user has logged in to.
   *
   * @param signal - cancels the lookup, and kills helpers that no other lookup waits for.
   * @returns credentials with their `serveraddress`, by host, or by `https://index.docker.io/v1/` for Docker Hub.
   * @throws {@link ConfigurationError} when a configuration cannot be read or is not a JSON object.
   * @throws {@link AbortError} when the signal is aborted.
   */
  async all(signal?: AbortSignal): Promise<AuthConfigurations> {
    if (signal?.aborted) throw abortErrorOf(signal);
    const places: string[] = [];
    const search: Search = { signal, places, tolerate: (step) => this.#tolerate(step, true, places) };
    const layers: Layer[] = [];
    for await (const file of dockerConfigs(this.#source, this.#env, signal)) {
      const list = async () => (file.credsStore ? this.#helpers.list(file.credsStore, signal) : undefined);
      layers.push({ file, listed: (await search.tolerate(list)) ?? [] });
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

  async #find(registry: string, search: Search): Promise<AuthConfiguration | undefined> {
    const { places, signal } = search;
    if (Object.keys(this.#configurations).length > 0) places.push("the credentials in the options");
    const given = this.#given(registry);
    if (given) return given;
    const missing = (path: string) => places.push(`${path}, which does not exist`);
    for await (const file of dockerConfigs(this.#source, this.#env, signal, undefined, missing)) {
      const found = await this.#lookUp({ file, listed: [] }, registry, search);
      if (found) return found;
    }
    return undefined;
  }

  async #lookUp({ file, listed }: Layer, registry: string, search: Search): Promise<AuthConfiguration | undefined> {
    const { signal, places, tolerate } = search;
    const helperKey = findKey(file.helped, registry);
    const helper = helperKey === undefined ? file.credsStore : file.helper(helperKey);
    if (helper) {
      const address = findKey(listed, registry) ?? keyOf(registry);
      const kept = await tolerate(async () => {
        const answer = await this.#helpers.get(helper, address, signal);
        places.push(`the credential helper docker-credential-${helper}`);
        return answer;
      });
      if (kept) return kept;
    }
    places.push(file.source);
    const key = findKey(file.written, registry);
    const written = key === undefined ? undefined : file.auth(key);
    return written && isUsable(written) ? written : undefined;
  }

  async #collect(layers: readonly Layer[], registry: string, search: Search): Promise<AuthConfiguration> {
    const given = this.#given(registry);
    if (given) return given;
    for (const layer of layers) {
      const found = await search.tolerate(() => this.#lookUp(layer, registry, search));
      if (found) return found;
    }
    return {};
  }

  #registriesOf(layers: readonly Layer[]): string[] {
    const keys = layers.flatMap(({ file, listed }) => [...file.helped, ...listed, ...file.written]);
    const registries = new Map<string, string>();
    for (const key of [...Object.keys(this.#configurations), ...keys]) {
      const registry = registryOfKey(key);
      if (registry !== undefined && !registries.has(registry.toLowerCase())) registries.set(registry.toLowerCase(), registry);
    }
    return [...registries.values()];
  }

  /** Skips a step if a helper fails or, with `isMalformedTolerated`, an entry is malformed, and reports the failure. */
  async #tolerate<T>(
    step: () => Promise<T | undefined>,
    isMalformedTolerated: boolean,
    places: string[],
  ): Promise<T | undefined> {
    try {
      return await step();
    } catch (cause) {
      const isMalformed = isMalformedTolerated && cause instanceof ConfigurationError;
      const error = isMalformed ? new CredentialsError(cause.message, { cause }) : cause;
      if (!(error instanceof CredentialsError)) throw error;
      places.push(error.message);
      this.#onHelperError(error);
      return undefined;
    }
  }
}

/** Returns a function that emits one process warning for each distinct failure, because a job may pull many images. */
function warner(): (error: CredentialsError) => void {
  const warned = new Set<string>();
  return ({ message, code }) => {
    if (warned.has(message)) return;
    warned.add(message);
    process.emitWarning(message, { type: "CredentialsWarning", code });
  };
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
