import { trimEnd } from "../wire/trim-end.js";
/**
 * Credentials for a registry, with the member names of the Engine API. An empty object means anonymous access.
 *
 * @category Authentication
 */
export interface AuthConfiguration {
  /** Name of the account. */
  username?: string | undefined;
  /** Password of the account, or an access token. */
  password?: string | undefined;
  /** Email address of the account. Engines ignore it. Removed in API 1.52. */
  email?: string | undefined;
  /**
   * The registry: a host with an optional port, and `https://index.docker.io/v1/` for Docker Hub.
   * Engines with a containerd image store use the credentials only for this registry.
   */
  serveraddress?: string | undefined;
  /** A token that the registry's token service issued earlier, in place of the password. */
  identitytoken?: string | undefined;
  /** A bearer token that is sent to the registry unchanged. */
  registrytoken?: string | undefined;
  /** User name and password as stored in `config.json`: joined by a colon, in base64. Engines ignore it. */
  auth?: string | undefined;
}

/**
 * Credentials by registry. A key is the host of a registry with an optional port, or a login address, such as
 * `https://index.docker.io/v1/`.
 *
 * @category Authentication
 */
export type AuthConfigurations = Record<string, AuthConfiguration>;

/** Creates the error for malformed credentials, from a description that does not reveal the value. */
export type Refusal = (problem: string) => Error;

const members = ["username", "password", "email", "serveraddress", "identitytoken", "registrytoken", "auth"] as const;

/**
 * Copies the members that the API defines.
 *
 * @param value - an unvalidated {@link AuthConfiguration}.
 * @param refuse - creates the error for a malformed value.
 */
export function pickMembers(value: unknown, refuse: Refusal): AuthConfiguration {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("is not an object");
  const picked: AuthConfiguration = {};
  for (const member of members) {
    const given = (value as Record<string, unknown>)[member]; // any object can be indexed by any name
    if (given === undefined || given === null) continue;
    if (typeof given !== "string") throw refuse(`has a "${member}" that is not a string`);
    picked[member] = given;
  }
  return picked;
}

/**
 * Copies the members that the API defines, and splits `auth` into user name and password, because engines do not.
 *
 * @param value - an unvalidated {@link AuthConfiguration}.
 * @param refuse - creates the error for a malformed value.
 */
export function readAuthConfiguration(value: unknown, refuse: Refusal): AuthConfiguration {
  const { auth, ...rest } = pickMembers(value, refuse);
  if (auth === undefined || auth === "") return rest;
  const login = decodeLogin(auth);
  if (!login) throw refuse('has an "auth" that is not a base64-encoded user name, colon and password');
  return { ...rest, ...login };
}

function decodeLogin(auth: string): { username: string; password: string } | undefined {
  const text = auth.replace(/[\r\n]/g, "");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const login = Buffer.from(text, "base64").toString("utf8");
  const colon = login.indexOf(":");
  if (colon < 1) return undefined;
  // old clients padded the password with NUL bytes
  return { username: login.slice(0, colon), password: trimEnd(login.slice(colon + 1), "\0") };
}

/** Whether a configuration contains any credentials. */
export function isUsable({ username, password, identitytoken, registrytoken }: AuthConfiguration): boolean {
  return Boolean(username || password || identitytoken || registrytoken);
}
