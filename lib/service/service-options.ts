import type { ServerTls } from "./listen-address.js";
import type { ServiceLogger } from "./log.js";

/** The certificate of a service for TCP endpoints, in PEM format. @category Services on this machine */
export interface ServiceTls extends ServerTls {
  /** The names that client certificates must have, as common name or DNS name. Every verified certificate by default. */
  clientNames?: readonly string[] | undefined;
}

/** Who may call a service, and where it listens. @category Services on this machine */
export interface ServiceOptions {
  /**
   * Where the service listens: `tcp://127.0.0.1:port`, `unix:///path` or several of them. A socket gets mode 0600. Addresses that
   * other machines reach need a token or client certificates.
   */
  listen?: string | readonly string[] | undefined;
  /** Tokens that callers send as `Authorization: Bearer TOKEN`. Without any, none is asked for. */
  tokens?: readonly string[] | undefined;
  /** A file with a token on each line, which only its owner may read. */
  tokenFile?: string | undefined;
  /** Certificate for TCP. With authorities of client certificates, callers need one. */
  tls?: ServiceTls | undefined;
  /** Names that `Host` may have besides `localhost`, IP addresses and this machine's name. */
  hosts?: readonly string[] | undefined;
  /** Receives what the service logs. Nothing is logged by default. */
  logger?: ServiceLogger | undefined;
}
