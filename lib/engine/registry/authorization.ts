import { EngineError } from "../engine-error.js";
import type { AuthCredentials } from "./credentials.js";
import { registryError } from "./errors.js";
import { readObject, type RegistryRequest, send } from "./http.js";

/** What a registry asks for. */
export interface Challenge {
  /** The scheme in lower case: `basic` or `bearer`. */
  readonly scheme: string;
  /** The parameters, such as `realm`, `service` and `scope`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parses the header `WWW-Authenticate`. Returns undefined for schemes that registries do not use. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*(basic|bearer)\b(.*)$/is.exec(header ?? "") ?? [];
  if (scheme === "") return undefined;
  const parameters: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

/** Returns the value of the header `Authorization` for basic authentication. */
const basic = ({ username = "", password = "" }: AuthCredentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** Answers the challenges of a registry. */
export class Authorization {
  readonly #credentials: AuthCredentials;
  readonly #options: Pick<RegistryRequest, "isInsecure" | "signal">;
  #value: string | undefined;

  /**
   * @param credentials - the credentials; empty for anonymous access.
   * @param options - how requests for tokens are sent.
   */
  constructor(credentials: AuthCredentials, options: Pick<RegistryRequest, "isInsecure" | "signal">) {
    this.#credentials = credentials;
    this.#options = options;
    if (credentials.registrytoken) this.#value = `Bearer ${credentials.registrytoken}`;
  }

  /** The value of the header `Authorization`, once a challenge was answered. */
  get value(): string | undefined {
    return this.#value;
  }

  /**
   * Answers a challenge.
   *
   * @param challenge - the challenge.
   * @param scope - the access that is needed, unless the challenge names it.
   * @throws {@link EngineError} when there are no credentials, or the service for tokens refuses them.
   */
  async answer({ scheme, parameters }: Challenge, scope: string): Promise<void> {
    const { username } = this.#credentials;
    if (scheme === "basic") {
      if (!username) throw new EngineError(500, "no basic auth credentials");
      this.#value = basic(this.#credentials);
      return;
    }
    this.#value = `Bearer ${await this.#token(parameters, scope)}`;
  }

  async #token(parameters: Readonly<Record<string, string>>, scope: string): Promise<string> {
    const { realm = "", service = "" } = parameters;
    if (!/^https?:\/\//.test(realm) || !URL.canParse(realm))
      throw new EngineError(500, `invalid realm in the challenge of the registry`);
    const wanted = parameters["scope"] ?? scope;
    const query = new URLSearchParams({ ...(service !== "" && { service }), ...(wanted !== "" && { scope: wanted }) });
    const { identitytoken, username } = this.#credentials;
    const response = await (identitytoken ? this.#refresh(realm, query, identitytoken) : this.#fetch(realm, query, username));
    if (response.statusCode !== 200) throw await registryError(response);
    const body = await readObject(response, "token response");
    const token = body["token"] ?? body["access_token"];
    if (typeof token !== "string" || token === "")
      throw new EngineError(500, "authorization server did not include a token in the response");
    return token;
  }

  #fetch(realm: string, query: URLSearchParams, username: string | undefined): ReturnType<typeof send> {
    const url = new URL(realm);
    if (username) query.set("account", username);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return send(url.href, { ...this.#options, ...(username && { headers: { authorization: basic(this.#credentials) } }) });
  }

  #refresh(realm: string, query: URLSearchParams, identitytoken: string): ReturnType<typeof send> {
    query.set("grant_type", "refresh_token");
    query.set("refresh_token", identitytoken);
    query.set("client_id", "ts-dockerclient");
    const body = Buffer.from(query.toString());
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": String(body.length) };
    return send(realm, { ...this.#options, method: "POST", headers, body });
  }
}
