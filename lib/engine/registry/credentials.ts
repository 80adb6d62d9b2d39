import { badRequest } from "../engine-error.js";

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
 * Parses the header `X-Registry-Auth`: JSON in Base64 for URLs.
 *
 * @param header - the header; empty for anonymous access.
 * @throws {@link EngineError} with status 400 when it is malformed. The message has nothing of the header.
 */
export function parseCredentials(header: string): AuthCredentials {
  if (header === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(header, "base64url").toString());
  } catch {
    throw badRequest("invalid X-Registry-Auth header: invalid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest("invalid X-Registry-Auth header: not an object");
  const isText = ([, item]: [string, unknown]): boolean => typeof item === "string";
  return Object.fromEntries(Object.entries(value).filter(isText));
}
