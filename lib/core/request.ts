import type { Duplex, Readable } from "node:stream";
import type { ApiErrorDetails, ApiErrors } from "../errors/api-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { Endpoint } from "../transport/dial/endpoint.js";
import type { Exchange, Limits } from "../transport/exchange.js";
import type { HeaderFields } from "../transport/request-writer.js";
import type { ResponseBody } from "../transport/response-body.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import { LONGEST_TIMEOUT } from "../wire/limits.js";
import type { CallOptions, Timeouts } from "./call-options.js";

export type { ResponseHeaders };

/** Settings of a request beyond the metadata of its operation. */
export interface RequestExtras {
  /** The typed errors of this call by status, where they differ from the declared ones. */
  errors?: ApiErrors | undefined;
  /** Additional headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Headers with credentials, hidden from interceptors. */
  secretHeaders?: Readonly<Record<string, string>> | undefined;
  /** A body other than JSON. */
  upload?: Readable | Buffer | string | undefined;
  /** The protocol to upgrade the connection to. */
  upgrade?: string | undefined;
  /** Whether the request gets its own connection, because the response is a stream. */
  ownConnection?: boolean | undefined;
  /** Whether to return the response for every status, instead of throwing an error. */
  anyStatus?: boolean | undefined;
}

/** A response with a successful status and an unread body. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: ResponseBody;
  /** The connection, if it was upgraded. */
  readonly socket: Duplex | undefined;
  /** The connection that the response arrives on. */
  readonly connection: Duplex;
  readonly exchange: Exchange;
  /** Context for errors that the engine reports inside the body. */
  readonly request: Omit<ApiErrorDetails, "message">;
}

const DEFAULT_CONNECT_TIMEOUT = 10_000;

/**
 * Validates one timeout. Values beyond setTimeout's limit mean no timeout: such a timer would fire at once.
 *
 * @throws {@link InvalidOptionError} when it is not a number of milliseconds.
 */
export function validTimeout(name: string, timeout: number): number {
  if (!(timeout >= 0)) throw new InvalidOptionError(name, `${name} must be a number of milliseconds, not ${timeout}`);
  return timeout > LONGEST_TIMEOUT ? 0 : timeout;
}

/**
 * Merges the timeouts of a call with those of its client.
 *
 * @throws {@link InvalidOptionError} when a timeout is not a number of milliseconds.
 * @param grace - the number of milliseconds by which the response may exceed the client's timeouts; `Infinity` if only the
 * call's own timeouts apply to the response.
 */
export function limitsOf(defaults: Timeouts = {}, call: CallOptions = {}, grace = 0): Limits {
  const own = call.timeouts ?? {};
  const extended = (timeout = 0) => (timeout === 0 ? 0 : timeout + grace);
  return {
    connect: validTimeout("timeouts.connect", own.connect ?? defaults.connect ?? DEFAULT_CONNECT_TIMEOUT),
    headers: validTimeout("timeouts.headers", own.headers ?? extended(defaults.headers)),
    inactivity: validTimeout("timeouts.inactivity", own.inactivity ?? defaults.inactivity ?? 0),
    total: validTimeout("timeout", call.timeout ?? own.total ?? extended(defaults.total)),
  };
}

/** Returns the value of the `Host` header. */
export function hostOf(address: Endpoint): string {
  if (address.kind !== "tcp" && address.kind !== "tls") return "docker";
  // the zone of an IPv6 address is meaningful only on this machine
  const host = address.host.replace(/%.*$/, "");
  return `${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

/** Merges header fields. A later field replaces an earlier one with the same name, ignoring case. */
export function mergeHeaders(...parts: readonly (HeaderFields | undefined)[]): HeaderFields {
  const fields = new Map<string, readonly [name: string, value: HeaderFields[string]]>();
  for (const part of parts) for (const field of Object.entries(part ?? {})) fields.set(field[0].toLowerCase(), field);
  return Object.fromEntries(fields.values());
}
