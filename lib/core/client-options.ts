import type { AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider } from "../auth/registry-credentials.js";
import type { Environment } from "../transport/dial/environment.js";
import type { TlsOptions } from "../transport/dial/tls.js";
import type { Timeouts } from "./call-options.js";

/** Settings of a client. All of them have defaults. @category Connecting */
export interface ClientOptions {
  /**
   * Where the engine is: `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://…`, `https://…` or
   * `ssh://user@host`. By default the engine's usual socket on this machine.
   */
  endpoint?: string | undefined;
  /** TLS settings. Giving them makes `tcp://` and `http://` endpoints TLS ones. */
  tls?: TlsOptions | undefined;
  /** The API version to speak, such as `1.41`. By default the highest that both sides know, found out with the first call. */
  apiVersion?: string | undefined;
  /** Bounds of every call, unless the call has its own. */
  timeouts?: Timeouts | undefined;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Credentials for registries: those given here by registry, a provider of one's own, or false for none.
   * By default those that `docker login` left, from `config.json` and its credential helpers.
   */
  auth?: AuthConfigurations | CredentialsProvider | false | undefined;
  /** The environment that tells where `docker login` left credentials. By default that of the process. */
  env?: Environment | undefined;
}
