import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { digestOf } from "../store/blobs.js";
import { RegistryFault } from "./registry-fault.js";

/** Who may use an embedded registry. */
export interface RegistryAccessOptions {
  /** User names and passwords. Without them, access is anonymous. */
  users?: Readonly<Record<string, string>>;
  /** How clients authenticate: with the password, or with a token that they get for it. By default `basic`. */
  authentication?: "basic" | "token";
  /** Whether everyone may pull, and only pushes need a user. By default false. */
  anonymousPull?: boolean;
}

/** The path of the service for tokens. */
const TOKENS = "/token";

/** The access that a token allows: `pull` or `push` by repository. */
type Grants = ReadonlySet<string>;

/** Compares secrets of any length in constant time. */
const equals = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(digestOf(one)), Buffer.from(digestOf(other)));

/** Checks who may do what in the embedded registry. */
export class RegistryAccess {
  readonly #users: Readonly<Record<string, string>> | undefined;
  readonly #isTokens: boolean;
  readonly #anonymousPull: boolean;
  readonly #tokens = new Map<string, Grants>();

  constructor({ users, authentication = "basic", anonymousPull = false }: RegistryAccessOptions) {
    this.#users = users;
    this.#isTokens = authentication === "token";
    this.#anonymousPull = anonymousPull;
  }

  /** Whether a request goes to the service for tokens. */
  isTokenRequest(path: string): boolean {
    return this.#isTokens && this.#users !== undefined && path === TOKENS;
  }

  /**
   * Checks that a request is allowed.
   *
   * @throws {@link RegistryFault} with status 401 and a challenge.
   */
  check(request: IncomingMessage, repository: string, isPull: boolean): void {
    if (!this.#users) return;
    const { authorization = "" } = request.headers;
    if (this.#isTokens) this.#checkToken(request, authorization, repository, isPull);
    else if (!(this.#anonymousPull && isPull && repository !== "") && this.#userOf(authorization) === undefined) {
      throw unauthorized('Basic realm="Embedded Registry"');
    }
  }

  /**
   * Issues a token for a user.
   *
   * @throws {@link RegistryFault} with status 401 for wrong credentials.
   */
  issue(request: IncomingMessage, query: URLSearchParams): { token: string; expires_in: number } {
    const { authorization } = request.headers;
    const user = this.#userOf(authorization ?? "");
    if (user === undefined && authorization !== undefined) throw unauthorized('Basic realm="Embedded Registry"');
    const wanted = query.getAll("scope").flatMap((scope) => {
      const [, repository = "", actions = ""] = /^repository:(.+):([a-z,]+)$/.exec(scope) ?? [];
      return actions.split(",").map((action) => `${repository}:${action}`);
    });
    const grants = wanted.filter((grant) => user !== undefined || (this.#anonymousPull && grant.endsWith(":pull")));
    const token = randomBytes(24).toString("base64url");
    this.#tokens.set(token, new Set(user === undefined ? grants : [...grants, "user"]));
    return { token, expires_in: 300 };
  }

  #checkToken(request: IncomingMessage, authorization: string, repository: string, isPull: boolean): void {
    const grants = this.#tokens.get(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? "");
    const action = isPull ? "pull" : "push";
    if (grants && (repository === "" || grants.has(`${repository}:${action}`))) return;
    const scope = repository === "" ? "" : `,scope="repository:${repository}:${isPull ? "pull" : "pull,push"}"`;
    const realm = `http://${request.headers.host ?? "localhost"}${TOKENS}`;
    const challenge = `Bearer realm="${realm}",service="Embedded Registry"${scope}`;
    if (!grants) throw unauthorized(challenge);
    const denied = `${challenge},error="insufficient_scope"`;
    throw new RegistryFault(401, "DENIED", "requested access to the resource is denied", { "www-authenticate": denied });
  }

  #userOf(authorization: string): string | undefined {
    const encoded = /^Basic (.+)$/i.exec(authorization)?.[1] ?? "";
    const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
    const right = this.#users && Object.hasOwn(this.#users, user) ? this.#users[user] : undefined;
    return right !== undefined && equals(password, right) ? user : undefined;
  }
}

const unauthorized = (challenge: string): RegistryFault =>
  new RegistryFault(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
