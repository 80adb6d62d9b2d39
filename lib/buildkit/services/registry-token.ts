import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import { ConnectionError } from "../../errors/connection-errors.js";
import { CredentialsError } from "../../errors/usage-errors.js";
import type { FetchTokenRequest, FetchTokenResponse } from "../messages/session.js";

/** What precedes the 32 bytes of an Ed25519 key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The length of an Ed25519 public key, which is the end of its SPKI. */
const PUBLIC_KEY = 32;

/** How long a token is valid whose registry does not say, in seconds. */
const DEFAULT_EXPIRY = 60;

/** The longest answer of a token service, in characters. */
const LONGEST_ANSWER = 1024 * 1024;

/** The key with which the engine recognizes this client, to use a token again. */
class TokenKey {
  readonly #key: KeyObject;
  /** The public key. */
  readonly publicKey: Buffer;

  constructor(seed: Buffer) {
    this.#key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
    this.publicKey = createPublicKey(this.#key).export({ format: "der", type: "spki" }).subarray(-PUBLIC_KEY);
  }

  /** Returns the signature of a payload, followed by the payload. */
  sign(payload: Buffer): Buffer {
    return Buffer.concat([sign(null, payload, this.#key), payload]);
  }
}

/** Derives keys from a secret of this process. */
export class TokenAuthority {
  static readonly #secret = randomBytes(32);

  /** Returns the key for a registry. */
  keyOf(host: string, salt: Buffer): TokenKey {
    return new TokenKey(createHmac("sha256", salt).update(TokenAuthority.#secret).update(host).digest());
  }
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

function realmOf(realm: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (!url || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))) {
    throw new CredentialsError("the registry names a token service that is not reached over https");
  }
  return url;
}

/** Asks the token service for a token. */
async function ask(request: FetchTokenRequest, credentials: AuthConfiguration, signal: AbortSignal): Promise<Response> {
  const { realm, service, scopes, clientId } = request;
  const url = realmOf(realm);
  const { username = "", password = "", identitytoken } = credentials;
  if (identitytoken) {
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: identitytoken,
      service,
      scope: scopes.join(" "),
      client_id: clientId || "ts-dockerclient",
    });
    return fetch(url, { method: "POST", body, signal, redirect: "error" });
  }
  if (service !== "") url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  return fetch(url, { headers: username === "" ? {} : { Authorization: `Basic ${login}` }, signal, redirect: "error" });
}

/**
 * Asks the token service of a registry for a token.
 *
 * @throws {@link CredentialsError} when the service is not reached over https, or refuses.
 * @throws {@link ConnectionError} when it cannot be reached.
 */
export async function fetchToken(
  request: FetchTokenRequest,
  credentials: AuthConfiguration,
  signal: AbortSignal,
): Promise<FetchTokenResponse> {
  let answer: Response;
  let text: string;
  try {
    answer = await ask(request, credentials, signal);
    text = (await answer.text()).slice(0, LONGEST_ANSWER);
  } catch (cause) {
    if (cause instanceof CredentialsError) throw cause;
    throw new ConnectionError(`the token service of ${request.host} cannot be reached`, { cause });
  }
  if (!answer.ok) {
    throw new CredentialsError(`the token service of ${request.host} refused the credentials (status ${answer.status})`);
  }
  const content = parse(text);
  const token = content["token"] ?? content["access_token"];
  if (typeof token !== "string" || token === "") {
    throw new CredentialsError(`the token service of ${request.host} answered without a token`);
  }
  const issued = Date.parse(String(content["issued_at"]));
  return {
    token,
    expiresIn: Number(content["expires_in"]) || DEFAULT_EXPIRY,
    issuedAt: Math.floor((Number.isNaN(issued) ? Date.now() : issued) / 1000),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>; // any object can be indexed by any name
  } catch {
    return {};
  }
}
