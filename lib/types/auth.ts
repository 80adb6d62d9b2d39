/** Credentials for a registry, as the engine takes them: in the body of a login, and encoded in headers. @category Authentication */
export interface AuthConfig {
  /** Name of the user. */
  username?: string;
  /** The user's password or access token. */
  password?: string;
  /** Mail address of the user. Engines ignore it. Gone from API 1.52. */
  email?: string;
  /** The registry: a host, and for Docker Hub `https://index.docker.io/v1/`. */
  serveraddress?: string;
  /** Name and password joined by a colon, in base64, as config files keep them. The API's schema lacks it. */
  auth?: string;
  /** A token that a login gave in place of the password. The API's schema lacks it. */
  identitytoken?: string;
  /** A token that is sent to the registry as it is. The API's schema lacks it. */
  registrytoken?: string;
}

/** What a registry says of credentials that are right. @category Authentication */
export interface AuthResponse {
  /** The answer in words. */
  Status: string;
  /** A token to be used in place of the password, if the registry gives any. */
  IdentityToken?: string;
}
