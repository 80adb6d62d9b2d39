import type { AuthConfiguration, AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider, CredentialsSearch } from "../auth/registry-credentials.js";
import type { SearchedCredentials } from "../errors/api-error.js";
import type { Environment } from "../wire/environment.js";

/** The header with the credentials for one registry. */
const REGISTRY_AUTH = "X-Registry-Auth";

/**
 * The credentials of a client: a map by registry, the caller's own provider, or none. By default, the docker CLI's credentials.
 */
type ClientAuth = AuthConfigurations | CredentialsProvider | false | undefined;

/** Whether credentials come from the caller's own provider, and not from a map of registries, which holds no functions. */
export const isProvider = (auth: object): auth is CredentialsProvider => "resolve" in auth && typeof auth.resolve === "function";

/** Returns the result of the lookup if the call itself passes credentials, or disables them. */
const ownSearch = (own: AuthConfiguration | false): CredentialsSearch =>
  own === false ? { credentials: undefined, places: [] } : { credentials: own, places: ['the option "auth" of the call'] };

/** The registry credentials of a client. The code that looks them up is loaded on first use. */
export class Credentials {
  readonly #auth: ClientAuth;
  readonly #env: Environment | undefined;
  #provider: Promise<CredentialsProvider> | undefined;
  /** The lookup behind each header, for the errors of its request. */
  readonly #searches = new WeakMap<object, SearchedCredentials>();

  constructor(auth: ClientAuth, env: Environment | undefined) {
    this.#auth = auth;
    this.#env = env;
  }

  #provide(): Promise<CredentialsProvider> | undefined {
    const auth = this.#auth;
    if (auth === false) return undefined;
    if (auth !== undefined && isProvider(auth)) return Promise.resolve(auth);
    return (this.#provider ??= import("../auth/registry-credentials.js").then(
      ({ RegistryCredentials }) => new RegistryCredentials({ configurations: auth, env: this.#env }),
    ));
  }

  async #search(registry: string, signal: AbortSignal | undefined): Promise<CredentialsSearch> {
    const provider = await this.#provide();
    if (!provider) return ownSearch(false);
    if (provider.search) return provider.search(registry, signal);
    return { credentials: await provider.resolve(registry, signal), places: ["the credentials provider of the client"] };
  }

  /** Returns the header with the credentials for an image's registry. Without credentials, its content is an empty object. */
  async #forImage(
    reference: string,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ header: Record<string, string>; isEmpty: boolean }> {
    const [{ encodeRegistryAuth, withServerAddress }, { registryOf }, { isUsable }] = await Promise.all([
      import("../auth/auth-headers.js"),
      import("../auth/registry-name.js"),
      import("../auth/auth-configuration.js"),
    ]);
    const registry = registryOf(reference);
    const { credentials, places } = own === undefined ? await this.#search(registry, signal) : ownSearch(own);
    // Docker with the containerd image store uses credentials only for the registry that they name
    const content = encodeRegistryAuth(credentials ? withServerAddress(credentials, registry) : {});
    const header = { [REGISTRY_AUTH]: content };
    this.#searches.set(header, { found: credentials !== undefined && isUsable(credentials), places });
    return { header, isEmpty: !credentials };
  }

  /** Returns the lookup behind a header. */
  searchOf(header: object | undefined): SearchedCredentials | undefined {
    return header && this.#searches.get(header);
  }

  /**
   * Returns the header with the credentials for one registry: the call's, or else the client's. Older engines require the header,
   * so it is sent even without credentials.
   *
   * @param reference - an image in the registry, or the registry itself.
   * @param own - the call's own credentials; false sends none.
   */
  async header(
    reference: string,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    return (await this.#forImage(reference, own, signal)).header;
  }

  /**
   * Returns the same header, but only if there are credentials: a swarm stores them with the service, and empty ones would
   * replace the stored ones.
   *
   * @param reference - an image in the registry; undefined or empty for no image.
   * @param own - the call's own credentials; false sends none.
   */
  async headerIfAny(
    reference: string | undefined,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    const { header, isEmpty } = reference ? await this.#forImage(reference, own, signal) : { header: {}, isEmpty: true };
    return isEmpty ? {} : header;
  }

  /**
   * Looks up the credentials for one registry, for a build that asks for them.
   *
   * @param registry - the host of the registry with an optional port; `docker.io` for Docker Hub.
   * @param own - the call's own credentials by registry; false gives none.
   */
  async lookUp(
    registry: string,
    own: AuthConfigurations | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<AuthConfiguration | undefined> {
    if (own === false) return undefined;
    if (own === undefined) return (await this.#search(registry, signal)).credentials;
    const { RegistryCredentials } = await import("../auth/registry-credentials.js");
    return new RegistryCredentials({ configurations: own, env: {} }).resolve(registry, signal);
  }

  /**
   * Returns the header with the credentials for every registry that a build may pull from.
   *
   * @param own - the call's own credentials by registry; false sends none.
   */
  async buildHeader(
    own: AuthConfigurations | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    const found = own ?? (await (await this.#provide())?.all?.(signal));
    if (!found) return {};
    const { encodeRegistryConfig } = await import("../auth/auth-headers.js");
    return { "X-Registry-Config": encodeRegistryConfig(found) };
  }
}
