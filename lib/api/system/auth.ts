import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { registryRefusal } from "../../core/errors/registry.js";
import { member, notSent } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiErrorFactory, ApiErrors } from "../../errors/api-error.js";
import { RegistryAuthenticationError } from "../../errors/stream-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { readJson } from "../../streams/body.js";
import type { AuthResponse } from "../../types/common.js";

/** Distinguishes rejected credentials from other failures. The status for rejected credentials differs between engines. */
function loginErrors(registry: string): ApiErrors {
  const refused: ApiErrorFactory = (details) => new RegistryAuthenticationError(registry, details);
  return { 401: refused, 403: registryRefusal(registry), 500: registryRefusal(registry) };
}

const authCheck = operation<AuthConfiguration>({
  name: "authCheck",
  method: "POST",
  path: "/auth",
  slow: true,
  fields: {
    username: member("username"),
    password: member("password"),
    email: member("email"),
    serveraddress: member("serveraddress"),
    identitytoken: member("identitytoken"),
    registrytoken: member("registrytoken"),
    auth: notSent,
  },
  errors: ({ serveraddress = "" }) => loginErrors(serveraddress),
});

/** Splits `auth` into a user name and a password, because engines ignore `auth` itself. */
async function login(options: AuthConfiguration): Promise<AuthConfiguration> {
  if (options.auth === undefined) return options;
  const { readAuthConfiguration } = await import("../../auth/auth-configuration.js");
  const refuse = (problem: string) =>
    new InvalidOptionError("auth", `authCheck: the options object ${problem}`, { operation: "authCheck" });
  return { ...options, ...readAuthConfiguration(options, refuse) };
}

/** Mixed into {@link Client}. */
export default abstract class SystemAuthMixin extends Connection {
  /**
   * Asks the engine to check credentials at their registry.
   *
   * The credentials are sent in the request body, which interceptors do not see, and never appear in errors.
   *
   * @param options - the credentials. They are for Docker Hub unless `serveraddress` is set.
   * @category System
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemAuth | SystemAuth}
   * @throws {@link RegistryAuthenticationError} when the registry rejects the credentials.
   * @throws {@link ServerError} when the engine cannot reach the registry.
   * @throws {@link InvalidOptionError} when `auth` does not contain a user name and password.
   */
  async authCheck(options: AuthConfiguration, call?: CallOptions): Promise<AuthResponse> {
    const { serveraddress } = options;
    if (serveraddress !== undefined && typeof serveraddress !== "string") {
      const message = "authCheck: serveraddress must be a string, such as registry.example.com";
      throw new InvalidOptionError("serveraddress", message, { operation: authCheck.name });
    }
    const { dockerHub, registryOfKey } = await import("../../auth/registry-name.js");
    const registry = registryOfKey(serveraddress ?? "") ?? dockerHub;
    // errors must name the registry as the client's credentials do
    const errors = loginErrors(registry);
    const { status, body, exchange } = await this.open(authCheck, await login(options), call, { errors });
    if (status !== 204) return readJson<AuthResponse>(body, exchange);
    await body.discard();
    return { Status: "" };
  }
}
