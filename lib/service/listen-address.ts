/** The certificate of a server for TCP endpoints, in PEM format. */
export interface ServerTls {
  /** Certificate of the server, with those between it and its authority. */
  cert: string | Buffer;
  /** Private key of the certificate. */
  key: string | Buffer;
  /**
   * Certificates of the authorities that sign client certificates. With them, only clients with such a certificate are served, and
   * the server may listen on addresses that other machines reach.
   */
  ca?: string | Buffer;
}

/** Where a server listens. */
export type ListenAddress =
  { readonly path: string } | { readonly host: string; readonly port: number; readonly tls?: ServerTls | undefined };

/** An address of this machine that other machines do not reach. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Parses an endpoint to listen on: `unix:///path` or `tcp://host:port`.
 *
 * @param tls - certificate for TCP.
 * @param isAuthenticated - whether clients authenticate themselves, with certificates or otherwise.
 * @throws a `TypeError` for other forms, and for addresses that other machines reach unless clients are authenticated.
 */
export function parseListenAddress(
  endpoint: string,
  tls: ServerTls | undefined,
  isAuthenticated = tls?.ca !== undefined,
): ListenAddress {
  const [, path = ""] = /^unix:\/\/(\/[^\0]+)$/.exec(endpoint) ?? [];
  if (path !== "") return { path };
  const [, name = "", port = ""] = /^tcp:\/\/(\[[^\]]+\]|[^:/]+):(\d+)$/.exec(endpoint) ?? [];
  const host = name.replace(/^\[(.*)\]$/, "$1");
  if (host === "" || Number(port) > 65_535)
    throw new TypeError(`cannot listen on ${JSON.stringify(endpoint)}: use unix:///path or tcp://127.0.0.1:port`);
  if (!LOOPBACK.test(host) && !isAuthenticated)
    throw new TypeError(`cannot listen on ${endpoint}: without client certificates, only loopback addresses are allowed`);
  return { host, port: Number(port), tls };
}
