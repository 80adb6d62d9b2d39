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

/** Parses JSON in Base64 for URLs. Returns undefined for anything that is no object, as Docker ignores a malformed header. */
function parseHeader(header: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, "base64url").toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the members that are strings. */
const textsOf = (value: object): AuthCredentials =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === "string"));

/**
 * Parses the header `X-Registry-Auth`. A malformed header is ignored.
 *
 * @param header - the header; empty for anonymous access.
 */
export const parseCredentials = (header: string): AuthCredentials => textsOf(parseHeader(header) ?? {});

/**
 * Parses the header `X-Registry-Config` of builds: credentials by registry. A malformed header is ignored.
 *
 * @returns the credentials by the host and port of the registry; Docker Hub is `docker.io`.
 */
export function parseRegistryConfig(header: string): ReadonlyMap<string, AuthCredentials> {
  const entries = Object.entries(parseHeader(header) ?? {}).flatMap(([address, value]): [string, AuthCredentials][] => {
    const host = address.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";
    const registry = /(^|\.)docker\.io$/.test(host) ? "docker.io" : host;
    return typeof value === "object" && value !== null ? [[registry, textsOf(value)]] : [];
  });
  return new Map(entries);
}
