/** A registry's answer to valid credentials. @category Authentication */
export interface AuthResponse {
  /** The answer as a sentence. */
  Status: string;
  /** A token to use in place of the password. Absent or empty when the registry issues none. */
  IdentityToken?: string;
}
