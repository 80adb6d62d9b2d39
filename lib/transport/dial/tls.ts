import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, InvalidOptionError } from "../../errors/usage-errors.js";

/** TLS settings for an endpoint. Certificates and keys are in PEM format. @category Connecting */
export interface TlsOptions {
  /** Trusted certificate authorities. By default, Node.js's own list. */
  ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** The client's certificate, for engines that require one. */
  cert?: string | Buffer | undefined;
  /** The client's private key. */
  key?: string | Buffer | undefined;
  /** Passphrase of an encrypted private key. */
  passphrase?: string | undefined;
  /** Whether to verify the engine's certificate and its name. Defaults to true; false allows man-in-the-middle attacks. */
  verify?: boolean | undefined;
  /** The name that the engine's certificate must have. By default the endpoint's host. */
  serverName?: string | undefined;
}

/**
 * Returns the half that is missing in a pair of certificate and key. Without it, Node.js would silently connect without the
 * certificate.
 */
function missingHalf({ cert, key }: Pick<TlsOptions, "cert" | "key">): "cert" | "key" | undefined {
  if (!cert?.length === !key?.length) return undefined;
  return cert?.length ? "key" : "cert";
}

/**
 * Checks that TLS settings are complete.
 *
 * @throws {@link InvalidOptionError} when a certificate has no key, a key has no certificate, or a setting is empty.
 */
export function checkTlsOptions(tls: TlsOptions): void {
  const missing = missingHalf(tls);
  if (missing !== undefined) {
    const present = missing === "key" ? "cert" : "key";
    throw new InvalidOptionError("tls", `option "tls" has a ${present} but no ${missing}: pass both, or neither`);
  }
  // with an empty value, Node.js would trust its own list of authorities, and present no certificate
  const empty = (["ca", "cert", "key"] as const).find((name) => tls[name]?.length === 0);
  if (empty !== undefined) throw new InvalidOptionError("tls", `option "tls" has an empty ${empty}: omit it, or pass PEM data`);
}

function readPem(path: string): Buffer | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined; // fs errors are ErrnoExceptions
    throw new ConfigurationError(`cannot read ${path}`, { cause });
  }
  if (content.length === 0) throw new ConfigurationError(`${path} is empty`);
  return content;
}

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` from a folder, as the docker command stores them.
 *
 * @param folder - the folder.
 * @param verify - whether the engine's certificate must be valid.
 * @throws {@link ConfigurationError} when a file is empty or cannot be read, a certificate has no key or a key no certificate,
 * or all three files are missing.
 * @category Connecting
 */
export function readTlsFolder(folder: string, verify = true): TlsOptions {
  const ca = readPem(join(folder, "ca.pem"));
  const cert = readPem(join(folder, "cert.pem"));
  const key = readPem(join(folder, "key.pem"));
  if (!ca && !cert && !key) throw new ConfigurationError(`${folder} has no ca.pem, cert.pem or key.pem`);
  const missing = missingHalf({ cert, key });
  if (missing === "key") throw new ConfigurationError(`${folder} has a cert.pem but no key.pem`);
  if (missing === "cert") throw new ConfigurationError(`${folder} has a key.pem but no cert.pem`);
  return { ca, cert, key, verify };
}
