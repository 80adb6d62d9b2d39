import type { AuthConfiguration, AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider } from "../auth/registry-credentials.js";
import type { Environment } from "../wire/environment.js";
import type { ClientOptions } from "./client-options.js";

/** The header with the credentials for one registry. */
const REGISTRY_AUTH = "X-Registry-Auth";

function isProvider(auth: AuthConfigurations | CredentialsProvider): auth is CredentialsProvider {
  return typeof (auth as Partial<CredentialsProvider>).resolve === "function"; // a map of registries holds no functions
}

/** The registry credentials of a client. Their code is loaded on first use. */
export class Credentials {
  readonly #auth: ClientOptions["auth"];
  readonly #env: Environment | undefined;
  #provider: Promise<CredentialsProvider> | undefined;

  constructor(auth: ClientOptions["auth"], env: Environment | undefined) {
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

  /** Returns the header value for the registry of an image; undefined without credentials for it. */
  async #forImage(
    reference: string,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const [{ encodeRegistryAuth, withServerAddress }, { registryOf }] = await Promise.all([
      import("../auth/auth-headers.js"),
      import("../auth/registry-name.js"),
    ]);
    const registry = registryOf(reference);
    const found = own ?? (await (await this.#provide())?.resolve(registry, signal));
    // Docker with the containerd image store uses credentials only for the registry that they name
    return found ? encodeRegistryAuth(withServerAddress(found, registry)) : undefined;
  }

  /**
   * Returns the header with the credentials for one registry: those of the call, else the client's. It is sent without
   * credentials as well, because older engines require it.
   *
   * @param reference - an image in the registry, or the registry itself.
   * @param own - the call's own credentials; false sends none.
   */
  async header(
    reference: string,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    const content = await this.#forImage(reference, own, signal);
    return { [REGISTRY_AUTH]: content ?? (await import("../auth/auth-headers.js")).encodeRegistryAuth({}) };
  }

  /**
   * Returns the same header, but only if there are credentials: a swarm stores what it receives with a service, so empty
   * credentials would replace the stored ones.
   *
   * @param reference - an image in the registry; undefined or empty for no image.
   * @param own - the call's own credentials; false sends none.
   */
  async headerIfAny(
    reference: string | undefined,
    own: AuthConfiguration | false | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    const content = reference ? await this.#forImage(reference, own, signal) : undefined;
    return content === undefined ? {} : { [REGISTRY_AUTH]: content };
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
