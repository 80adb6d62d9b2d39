import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import { registryMeantBy } from "../../auth/registry-name.js";
import type { GrpcMethod } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import {
  CredentialsRequest,
  CredentialsResponse,
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from "../messages/session.js";
import { fetchToken, TokenAuthority } from "./registry-token.js";
import { unary } from "./unary.js";

/** Looks up the credentials for a registry; undefined if there are none. */
export type LookUp = (registry: string, signal: AbortSignal) => Promise<AuthConfiguration | undefined>;

/**
 * Gives the engine the credentials of the registries that it asks for, or tokens: the password then stays in this process.
 *
 * @param lookUp - looks up credentials.
 */
export function authMethods(lookUp: LookUp): [string, GrpcMethod][] {
  const authority = new TokenAuthority();
  const find = (host: string, signal: AbortSignal) => lookUp(registryMeantBy(host), signal);
  const keyFor = async (host: string, salt: Buffer, signal: AbortSignal) => {
    const found = await find(host, signal);
    const { username, password, identitytoken } = found ?? {};
    // without credentials, or with a token that is the registry's own, the engine can ask for itself
    if (!identitytoken && !(username && password)) throw new GrpcError(Code.Unavailable, "no token authority");
    return authority.keyOf(host, salt);
  };
  return [
    [
      "/moby.filesync.v1.Auth/Credentials",
      unary(CredentialsRequest, CredentialsResponse, async ({ host }, signal) => {
        const { username = "", password = "", identitytoken = "" } = (await find(host, signal)) ?? {};
        return identitytoken ? { username: "", secret: identitytoken } : { username, secret: password };
      }),
    ],
    [
      "/moby.filesync.v1.Auth/GetTokenAuthority",
      unary(GetTokenAuthorityRequest, GetTokenAuthorityResponse, async ({ host, salt }, signal) => ({
        publicKey: (await keyFor(host, salt, signal)).publicKey,
      })),
    ],
    [
      "/moby.filesync.v1.Auth/VerifyTokenAuthority",
      unary(VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse, async ({ host, payload, salt }, signal) => ({
        signed: (await keyFor(host, salt, signal)).sign(payload),
      })),
    ],
    [
      "/moby.filesync.v1.Auth/FetchToken",
      unary(FetchTokenRequest, FetchTokenResponse, async (request, signal) => {
        const credentials = await find(request.host, signal);
        return fetchToken(request, credentials ?? {}, signal);
      }),
    ],
  ];
}
