import { type ConnectionOptions, createSecureContext, type SecureContext } from "node:tls";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { TlsOptions } from "./tls.js";

/**
 * Returns the options for `tls.connect`. Certificates and keys are parsed once here, not for each connection.
 *
 * @throws {@link InvalidOptionError} when they are invalid.
 */
export function tlsConnectOptions(tls: TlsOptions, { host, text }: { host: string; text: string }): ConnectionOptions {
  const { ca, cert, key, passphrase, verify = true, serverName } = tls;
  const trusted = ca === undefined || typeof ca === "string" || Buffer.isBuffer(ca) ? ca : [...ca];
  let secureContext: SecureContext;
  try {
    secureContext = createSecureContext({ ca: trusted, cert, key, passphrase });
  } catch (cause) {
    const why = (cause as Error).message; // OpenSSL throws errors
    throw new InvalidOptionError("tls", `the TLS certificate or key for ${text} is invalid: ${why}`, {
      cause,
      endpoint: text,
    });
  }
  return {
    secureContext,
    rejectUnauthorized: verify,
    // an IP address is not a valid server name; the certificate is still checked against it
    servername: serverName ?? (/^[\d.]+$|:/.test(host) ? "" : host),
    ALPNProtocols: ["http/1.1"],
  };
}
