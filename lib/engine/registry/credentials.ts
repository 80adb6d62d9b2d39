/** Credentials for a registry, as clients send them in `X-Registry-Auth`. */
export interface AuthCredentials {
  /** User name. */
  readonly username?: string;
  /** Password. */
  readonly password?: string;
  /** Token that is exchanged for tokens of the registry. */
  readonly identitytoken?: string;
  /** Token of the registry itself. */
  readonly registrytoken?: string;
  /** Address of the registry. */
  readonly serveraddress?: string;
}

/**
 * Parses the header `X-Registry-Auth`: JSON in Base64 for URLs. A malformed header is ignored, as Docker does.
 *
 * @param header - the header; empty for anonymous access.
 */
export function parseCredentials(header: string): AuthCredentials {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, "base64url").toString());
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === "string"));
  } catch {
    return {};
  }
}
