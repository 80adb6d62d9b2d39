import { type ConnectionOptions, createSecureContext, type SecureContext } from "node:tls";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { TlsOptions } from "./tls.js";

/**
 * What `tls.connect` is to be given. Certificates and keys are read here, once for all connections.
 *
 * @throws {@link InvalidOptionError} when they cannot be used.
 */
export function tlsConnectOptions(tls: TlsOptions, { host, text }: { host: string; text: string }): ConnectionOptions {
  const { ca, cert, key, passphrase, verify = true, serverName } = tls;
  const trusted = ca === undefined || typeof ca === "string" || Buffer.isBuffer(ca) ? ca : [...ca];
  let secureContext: SecureContext;
  try {
    secureContext = createSecureContext({ ca: trusted, cert, key, passphrase });
  } catch (cause) {
    const why = (cause as Error).message; // what OpenSSL fails with is an error
    throw new InvalidOptionError("tls", `the TLS certificate or key for ${text} cannot be used: ${why}`, {
      cause,
      endpoint: text,
    });
  }
  return {
    secureContext,
    rejectUnauthorized: verify,
    // an IP address is no server name; the certificate is checked against it all the same
    servername: serverName ?? (/^[\d.]+$|:/.test(host) ? "" : host),
    ALPNProtocols: ["http/1.1"],
  };
}
