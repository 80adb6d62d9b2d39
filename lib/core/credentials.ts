import type { AuthConfiguration, AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider } from "../auth/registry-credentials.js";
import type { Environment } from "../transport/dial/environment.js";
import type { ClientOptions } from "./client-options.js";

/** The header for one registry. */
const REGISTRY_AUTH = "X-Registry-Auth";

function isProvider(auth: AuthConfigurations | CredentialsProvider): auth is CredentialsProvider {
  return typeof (auth as Partial<CredentialsProvider>).resolve === "function"; // a map of registries has no function in it
}

/** The credentials for registries that a client sends along. Their code is loaded when the first are wanted. */
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

  /** The content of the header for the registry of an image; undefined where there are no credentials for it. */
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
    // engines with a containerd image store use credentials only for the registry that they name
    return found ? encodeRegistryAuth(withServerAddress(found, registry)) : undefined;
  }

  /**
   * Makes the header that carries the credentials for one registry: those of the call, else the client's. It is sent
   * without any too, because older engines insist on it.
   *
   * @param reference - the image whose registry it is, or the registry.
   * @param own - the call's own credentials; false for none.
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
   * Makes the same header, but none where there are no credentials: a swarm keeps what a service comes with, and empty ones would
   * take the place of those that it has.
   *
   * @param reference - the image whose registry it is; undefined or empty where there is none.
   * @param own - the call's own credentials; false for none.
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
   * Makes the header that carries the credentials for every registry that a build may pull from.
   *
   * @param own - the call's own credentials by registry; false for none.
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
