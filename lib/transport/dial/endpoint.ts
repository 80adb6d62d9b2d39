import { quoted } from "../../errors/quote.js";
import { InvalidEndpointError } from "../../errors/usage-errors.js";

/** The address of an engine. */
export type Endpoint =
  | { readonly kind: "unix" | "npipe"; readonly path: string; readonly text: string }
  | {
      readonly kind: "tcp" | "tls";
      readonly host: string;
      readonly port: number;
      readonly basePath: string;
      readonly text: string;
    }
  | {
      readonly kind: "ssh";
      readonly host: string;
      readonly port: number | undefined;
      readonly user: string | undefined;
      readonly socket: string | undefined;
      readonly text: string;
    };

/** Returns the socket or named pipe that a Docker Engine listens on by default. */
export function defaultEndpoint(platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
}

/** The socket or named pipe that a Docker Engine listens on by default. @category Connecting */
export const DEFAULT_ENDPOINT: string = defaultEndpoint();

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

function invalid(text: string, why: string): InvalidEndpointError {
  // the message must not contain a user name or password, even one with special characters
  return new InvalidEndpointError(`invalid endpoint ${quoted(text.replace(/^([a-z]+:\/\/)?.*@/is, "$1***@"))}: ${why}`);
}

function parsePort(text: string, digits: string): number {
  const port = Number(digits);
  if (!/^\d+$/.test(digits) || port < 1 || port > 65535) throw invalid(text, `the port must be between 1 and 65535`);
  return port;
}

/** Splits `host:port`. IPv6 addresses are in brackets. */
function parseAuthority(text: string, authority: string): { host: string; port: number | undefined } {
  const parts = /^(\[[0-9a-f:.]+(?:%[\w.~-]+)?\]|[^:[\]\s?#\\]*)(?::(.*))?$/i.exec(authority);
  if (!parts) throw invalid(text, "host and port are ambiguous (write IPv6 addresses in brackets)");
  const host = (parts[1] ?? "").replace(/^\[|\]$/g, "");
  return { host, port: parts[2] === undefined ? undefined : parsePort(text, parts[2]) };
}

/** Splits the user, and any password, from an authority. */
function splitUser(authority: string): { user: string | undefined; rest: string } {
  const at = authority.lastIndexOf("@");
  return at < 0 ? { user: undefined, rest: authority } : { user: authority.slice(0, at), rest: authority.slice(at + 1) };
}

/** Characters that a shell would interpret in a `ProxyCommand` of ssh. Since version 9.6, ssh itself rejects them. */
const shellCharacter = /['"`$;&<>|(){}\s\p{Cc}]/u;

function parseSsh(text: string, authority: string, path: string): Endpoint {
  const { user, rest } = splitUser(authority);
  const { host, port } = parseAuthority(text, rest);
  if (host === "") throw invalid(text, "the host is missing");
  if (user?.includes(":")) throw invalid(text, "passwords in ssh addresses are not supported: use a key");
  if (shellCharacter.test(host) || shellCharacter.test(user ?? "") || /\\|,/.test(host) || user?.endsWith("\\"))
    throw invalid(text, "host and user must not contain characters that a shell interprets");
  // the ssh command would read a leading dash as an option
  if (host.startsWith("-") || user?.startsWith("-")) throw invalid(text, "host and user must not start with a dash");
  const socket = path === "" || path === "/" ? undefined : path;
  const shown = `ssh://${user === undefined ? "" : `${user}@`}${rest}${socket ?? ""}`;
  return { kind: "ssh", host, port, user: user === "" ? undefined : user, socket, text: shown };
}

function parseTcp(text: string, scheme: string, authority: string, path: string, tls: boolean): Endpoint {
  const { user, rest } = splitUser(authority);
  if (user !== undefined) throw invalid(text, "credentials in the address are not supported: use TLS client certificates");
  const { host, port } = parseAuthority(text, rest);
  if (host === "" && port === undefined) throw invalid(text, "the host is missing");
  const secure = tls || scheme === "https";
  const name = host === "" ? "localhost" : host;
  const number = port ?? (scheme === "http" ? 80 : scheme === "https" ? 443 : secure ? DEFAULT_TLS_PORT : DEFAULT_PORT);
  if (!/^[!-~]*$/.test(path) || /[?#]/.test(path))
    throw invalid(text, "its path must be percent-encoded, without a query or fragment");
  const basePath = path.replace(/\/+$/, "");
  const shownHost = name.includes(":") ? `[${name}]` : name;
  return {
    kind: secure ? "tls" : "tcp",
    host: name,
    port: number,
    basePath,
    text: `${secure ? "https" : "http"}://${shownHost}:${number}${basePath}`,
  };
}

/**
 * Parses an endpoint.
 *
 * @param text - `unix://`, `npipe://`, `tcp://`, `http://`, `https://` or `ssh://`, followed by the address.
 * @param tls - whether TLS settings are present, so that `tcp://` and `http://` use TLS.
 * @throws {@link InvalidEndpointError} when the endpoint is malformed.
 */
export function parseEndpoint(text: string, tls = false): Endpoint {
  const parts = /^([a-z]+):\/\/([^/]*)(\/.*)?$/i.exec(text);
  const scheme = parts?.[1]?.toLowerCase();
  const authority = parts?.[2] ?? "";
  const path = parts?.[3] ?? "";
  switch (scheme) {
    case "unix": {
      const socket = authority === "" ? path : `${authority}${path}`;
      if (socket.replace(/\/+$/, "") === "") throw invalid(text, "the socket's path is missing");
      return { kind: "unix", path: socket, text: `unix://${socket}` };
    }
    case "npipe": {
      const pipe = `${authority === "" ? "" : `//${authority}`}${path}`.replaceAll("/", "\\");
      if (!/^\\\\[^\\]+\\pipe\\.+/i.test(pipe)) throw invalid(text, "a named pipe must look like npipe:////./pipe/name");
      return { kind: "npipe", path: pipe, text: `npipe://${pipe.replaceAll("\\", "/")}` };
    }
    case "tcp":
    case "http":
    case "https":
      return parseTcp(text, scheme, authority, path, tls);
    case "ssh":
      return parseSsh(text, authority, path);
    default:
      throw invalid(text, "it must start with unix://, npipe://, tcp://, http://, https:// or ssh://");
  }
}
