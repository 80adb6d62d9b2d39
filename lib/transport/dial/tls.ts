import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../errors/usage-errors.js";

/** TLS settings of an endpoint. Certificates and keys are PEM. @category Connecting */
export interface TlsOptions {
  /** Certificates of the authorities to trust. By default those that Node.js trusts. */
  ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** The client's certificate, for engines that ask for one. */
  cert?: string | Buffer | undefined;
  /** The client's private key. */
  key?: string | Buffer | undefined;
  /** Password of the private key, where it has one. */
  passphrase?: string | undefined;
  /** Whether the engine's certificate must be valid for its name. By default true; false is open to anyone in between. */
  verify?: boolean | undefined;
  /** The name that the engine's certificate must hold, when it is not the endpoint's host. */
  serverName?: string | undefined;
}

function readPem(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined; // fs errors are ErrnoExceptions
    throw new ConfigurationError(`cannot read ${path}`, { cause });
  }
}

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder, as the docker command keeps them.
 *
 * @param folder - the folder.
 * @param verify - whether the engine's certificate must be valid.
 * @throws {@link ConfigurationError} when a file cannot be read, a certificate has no key or a key no certificate,
 * or the folder has none of the three.
 * @category Connecting
 */
export function readTlsFolder(folder: string, verify = true): TlsOptions {
  const ca = readPem(join(folder, "ca.pem"));
  const cert = readPem(join(folder, "cert.pem"));
  const key = readPem(join(folder, "key.pem"));
  if (!ca && !cert && !key) throw new ConfigurationError(`there is no ca.pem, cert.pem or key.pem in ${folder}`);
  if (cert && !key) throw new ConfigurationError(`${folder} has a cert.pem but no key.pem`);
  if (key && !cert) throw new ConfigurationError(`${folder} has a key.pem but no cert.pem`);
  return { ca, cert, key, verify };
}
