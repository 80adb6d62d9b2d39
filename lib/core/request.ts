import type { ResponseBody } from "../transport/response-body.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import type { Duplex, Readable } from "node:stream";
import type { ApiErrorDetails, ApiErrors } from "../errors/api-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { Endpoint } from "../transport/dial/endpoint.js";
import type { Exchange, Limits } from "../transport/exchange.js";
import type { HeaderFields } from "../transport/request-writer.js";
import type { CallOptions, Timeouts } from "./call-options.js";

export type { ResponseHeaders };

/** What a request has beside its operation's metadata. */
export interface RequestExtras {
  /** The typed errors of this call by status, where they differ from those that the operation declares. */
  errors?: ApiErrors | undefined;
  /** Further headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Headers that carry credentials; interceptors do not see them. */
  secretHeaders?: Readonly<Record<string, string>> | undefined;
  /** Credentials in the body, which no error shows even if the answer does. */
  confidential?: readonly (string | undefined)[] | undefined;
  /** A body that is not JSON. */
  upload?: Readable | Buffer | string | undefined;
  /** The protocol to take the connection over for. */
  upgrade?: string | undefined;
  /** Whether the answer is a stream, which gets a connection of its own. */
  ownConnection?: boolean | undefined;
  /** Whether an answer of any status is a good one. */
  anyStatus?: boolean | undefined;
}

/** An engine's answer whose status has been found good. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: ResponseBody;
  /** The connection, where it was taken over. */
  readonly socket: Duplex | undefined;
  /** The connection that the answer comes over. */
  readonly connection: Duplex;
  readonly exchange: Exchange;
  /** What an error that the engine reports later, inside the body, is made of. */
  readonly request: Omit<ApiErrorDetails, "message">;
}

const DEFAULT_CONNECT_TIMEOUT = 10_000;

/** The longest time that a timer of Node.js can wait: 24.8 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Reads one bound. What no timer can wait for is none: the timer would fire at once.
 *
 * @throws {@link InvalidOptionError} when it is not a time.
 */
export function bound(name: string, timeout: number): number {
  if (!(timeout >= 0)) throw new InvalidOptionError(name, `${name} must be a number of milliseconds, not ${timeout}`);
  return timeout > LONGEST_TIMEOUT ? 0 : timeout;
}

/**
 * Puts together a call's own bounds and those of its client.
 *
 * @throws {@link InvalidOptionError} for a time that is none.
 * @param longRunning - whether the operation may rightly run for hours, so that only the call's own bounds on the answer count.
 */
export function limitsOf(defaults: Timeouts = {}, call: CallOptions = {}, longRunning = false): Limits {
  const own = call.timeouts ?? {};
  return {
    connect: bound("timeouts.connect", own.connect ?? defaults.connect ?? DEFAULT_CONNECT_TIMEOUT),
    headers: bound("timeouts.headers", own.headers ?? (longRunning ? 0 : (defaults.headers ?? 0))),
    inactivity: bound("timeouts.inactivity", own.inactivity ?? defaults.inactivity ?? 0),
    total: bound("timeout", call.timeout ?? own.total ?? (longRunning ? 0 : (defaults.total ?? 0))),
  };
}

/** What goes into the header `Host`. */
export function hostOf(address: Endpoint): string {
  if (address.kind !== "tcp" && address.kind !== "tls") return "docker";
  // the zone of an IPv6 address means something on this machine alone
  const host = address.host.replace(/%.*$/, "");
  return `${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

/** Puts header fields together. A later field takes the place of an earlier one of the same name, however that is written. */
export function mergeHeaders(...parts: readonly (HeaderFields | undefined)[]): HeaderFields {
  const fields = new Map<string, readonly [name: string, value: HeaderFields[string]]>();
  for (const part of parts) for (const field of Object.entries(part ?? {})) fields.set(field[0].toLowerCase(), field);
  return Object.fromEntries(fields.values());
}
