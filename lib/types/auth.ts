/** Response of a registry to valid credentials. @category Authentication */
export interface AuthResponse {
  /** Status message, such as `Login Succeeded`. */
  Status: string;
  /** Token to use instead of the password. Absent or empty if the registry does not issue one. */
  IdentityToken?: string;
}
