/**
 * What a registry is shown to let someone in, in the Engine API's own spelling. An empty object stands for an anonymous visitor.
 *
 * @category Authentication
 */
export interface AuthConfiguration {
  /** Name of the account. */
  username?: string | undefined;
  /** Password of the account, or an access token in its place. */
  password?: string | undefined;
  /** Address of the account's owner. Engines read it no more. Gone from API 1.52. */
  email?: string | undefined;
  /**
   * The registry: a host with an optional port, and `https://index.docker.io/v1/` for Docker Hub.
   * Engines with a containerd image store use the credentials only for this registry.
   */
  serveraddress?: string | undefined;
  /** A token that the registry's token service gave out earlier, in place of the password. */
  identitytoken?: string | undefined;
  /** A bearer token that goes to the registry as it is. */
  registrytoken?: string | undefined;
  /** User name and password as `config.json` keeps them: base64 of both with a colon between. Engines do not read it. */
  auth?: string | undefined;
}

/**
 * Credentials by registry. A key is a registry's host with an optional port, or the address that somebody logged in at,
 * such as `https://index.docker.io/v1/`.
 *
 * @category Authentication
 */
export type AuthConfigurations = Record<string, AuthConfiguration>;

/** Makes the error for something that cannot be credentials, from a description that holds nothing of the value. */
export type Refusal = (problem: string) => Error;

const members = ["username", "password", "email", "serveraddress", "identitytoken", "registrytoken", "auth"] as const;

/**
 * Copies the members that the API knows.
 *
 * @param value - what should be an {@link AuthConfiguration}.
 * @param refuse - makes the error that is thrown when it is none.
 */
export function pickMembers(value: unknown, refuse: Refusal): AuthConfiguration {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("is not an object");
  const picked: AuthConfiguration = {};
  for (const member of members) {
    const given = (value as Record<string, unknown>)[member]; // any object may be asked for any name
    if (given === undefined || given === null) continue;
    if (typeof given !== "string") throw refuse(`has a member "${member}" that is not a text`);
    picked[member] = given;
  }
  return picked;
}

/**
 * Copies the members that the API knows, and takes `auth` apart into user name and password, because engines do not.
 *
 * @param value - what should be an {@link AuthConfiguration}.
 * @param refuse - makes the error that is thrown when it is none.
 */
export function readAuthConfiguration(value: unknown, refuse: Refusal): AuthConfiguration {
  const { auth, ...rest } = pickMembers(value, refuse);
  if (auth === undefined || auth === "") return rest;
  const login = decodeLogin(auth);
  if (!login) throw refuse('has a member "auth" that is not the base64 form of a user name, a colon and a password');
  return { ...rest, ...login };
}

function decodeLogin(auth: string): { username: string; password: string } | undefined {
  const text = auth.replace(/[\r\n]/g, "");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const login = Buffer.from(text, "base64").toString("utf8");
  const colon = login.indexOf(":");
  if (colon < 1) return undefined;
  // old clients padded the login to a multiple of some block size with NUL bytes
  return { username: login.slice(0, colon), password: login.slice(colon + 1).replace(/\0+$/, "") };
}

/** Tells whether there is anything in it that a registry could be shown. */
export function isUsable({ username, password, identitytoken, registrytoken }: AuthConfiguration): boolean {
  return Boolean(username || password || identitytoken || registrytoken);
}
