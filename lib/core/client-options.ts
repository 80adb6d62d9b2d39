import type { AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider } from "../auth/registry-credentials.js";
import type { TlsOptions } from "../transport/dial/tls.js";
import type { Environment } from "../wire/environment.js";
import type { Timeouts } from "./call-options.js";

/** Settings of a client, all optional. @category Connecting */
export interface ClientOptions {
  /**
   * Where the engine is: `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://…`, `https://…` or
   * `ssh://user@host`. By default the engine's standard socket on this machine.
   */
  endpoint?: string | undefined;
  /** TLS settings. With them, `tcp://` and `http://` endpoints use TLS. */
  tls?: TlsOptions | undefined;
  /** The API version to use, such as `1.41`. By default the highest that both sides support, negotiated by the first call. */
  apiVersion?: string | undefined;
  /** Timeouts of every call; a call may set its own. */
  timeouts?: Timeouts | undefined;
  /**
   * The number of calls that may wait for responses at the same time; the next one waits for its turn. Calls that may rightly take long,
   * such as {@link Client.stopContainer}, and streams do not count. By default 100, and 8 over ssh, where each connection is a process;
   * there, as many calls that take long may wait beside them.
   */
  maxConnections?: number | undefined;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Registry credentials: a map by registry, a custom provider, or false to send none.
   * By default those stored by `docker login`, from `config.json` and its credential helpers.
   */
  auth?: AuthConfigurations | CredentialsProvider | false | undefined;
  /** The environment variables that locate the credentials of `docker login`. By default `process.env`. */
  env?: Environment | undefined;
}
