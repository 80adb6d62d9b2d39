import type { AuthConfigurations } from "../auth/auth-configuration.js";
import type { CredentialsProvider } from "../auth/registry-credentials.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { TlsOptions } from "../transport/dial/tls.js";
import type { Environment } from "../wire/environment.js";
import { notOptions, presentNames } from "./call-check.js";
import type { Timeouts } from "./call-options.js";
import { isProvider } from "./credentials.js";
import { isRecord } from "./fields/fields.js";
import { authConfiguration } from "./fields/query.js";
import { memberProblem, type OptionMembers } from "./member-check.js";
import { mapOf, type MembersOf, type Shape, value } from "./members/shape.js";
import { suggestion } from "./names.js";

/** Settings of a client, all optional. @category Connecting */
export interface ClientOptions {
  /**
   * The engine's address: `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://…`, `https://…` or
   * `ssh://user@host`. By default the engine's standard socket on this machine.
   */
  endpoint?: string | undefined;
  /** TLS settings. With them, `tcp://` and `http://` endpoints use TLS. */
  tls?: TlsOptions | undefined;
  /**
   * The API version to use, such as `1.41`. By default the highest version that both sides support, negotiated on the first call.
   */
  apiVersion?: string | undefined;
  /** Default timeouts for all calls. A call can set its own. */
  timeouts?: Timeouts | undefined;
  /**
   * The number of calls that may wait for responses at the same time; further calls are queued. Streams, and calls that can
   * legitimately take a long time, such as {@link Client.stopContainer}, do not count. By default 100, or 8 over ssh, where each
   * connection is a process. Over ssh, the long calls have a separate limit of the same size.
   */
  maxConnections?: number | undefined;
  /** Additional headers for every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Registry credentials: a map keyed by registry, a custom provider, or false to send none. By default the credentials that
   * `docker login` stored in `config.json` or in credential helpers.
   */
  auth?: AuthConfigurations | CredentialsProvider | false | undefined;
  /**
   * Whether to use `HttpHeaders` and `proxies` from `config.json`, as the docker command does: the headers for every request, the
   * proxies as build arguments and as environment variables of new containers. Defaults to true.
   */
  dockerConfig?: boolean | undefined;
  /** The environment variables that locate `config.json` and its credential helpers. By default `process.env`. */
  env?: Environment | undefined;
}

const names = Object.keys({
  endpoint: 1,
  tls: 1,
  apiVersion: 1,
  timeouts: 1,
  maxConnections: 1,
  headers: 1,
  auth: 1,
  dockerConfig: 1,
  env: 1,
} satisfies Record<keyof ClientOptions, 1>);

const members: OptionMembers = {
  tls: { ca: value, cert: value, key: value, passphrase: value, verify: value, serverName: value } satisfies Record<
    keyof TlsOptions,
    Shape
  >,
  timeouts: { connect: value, headers: value, inactivity: value, total: value } satisfies MembersOf<Timeouts>,
  auth: mapOf(authConfiguration),
};

const endpointHint = "endpoint: tcp://host:port, https://host:port or ssh://user@host";

/** Options of other Docker clients, and their equivalents here. */
const replacements: Readonly<Record<string, string>> = {
  socketPath: "endpoint: unix:///path/of/docker.sock",
  host: endpointHint,
  port: endpointHint,
  protocol: endpointHint,
  url: endpointHint,
  ca: "tls: { ca, cert, key }",
  cert: "tls: { ca, cert, key }",
  key: "tls: { ca, cert, key }",
  version: "apiVersion",
  timeout: "timeouts: { total }",
  context: "Client.fromEnv({ context })",
};

/**
 * Checks the names of a client's options.
 *
 * @param call - the call as the user writes it, for the message.
 * @param more - additional valid names.
 * @throws {@link InvalidOptionError} for an unknown name.
 */
export function checkClientOptions(call: string, options: unknown, more: readonly string[] = []): void {
  if (!isRecord(options)) throw new InvalidOptionError("options", notOptions(call, options, "endpoint"));
  const unknown = presentNames(options).find((name) => !names.includes(name) && !more.includes(name));
  if (unknown === undefined) {
    for (const [name, given] of Object.entries(options)) {
      if (name === "auth" && isRecord(given) && isProvider(given)) continue;
      const problem = memberProblem(call, members, [name, given]);
      if (problem) throw new InvalidOptionError(...problem);
    }
    return;
  }
  const replacement = Object.hasOwn(replacements, unknown) ? replacements[unknown] : undefined;
  const usual = replacement === undefined ? suggestion(unknown, [...names, ...more]) : `: set ${replacement}`;
  const hint = /^[A-Z][A-Z_]+$/.test(unknown) ? ": pass environment variables as the second argument" : usual;
  throw new InvalidOptionError(unknown, `${call} has no option "${unknown}"${hint}`);
}
