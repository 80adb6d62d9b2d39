import type { ResponseHeaders } from "../../core/request.js";
import { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import type { TextField } from "../../core/fields/fields.js";
import type { HttpMethod, Operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";

import { HijackedStream } from "../../streams/hijacked-stream.js";

/** A value in the query of {@link Client.request}. A list repeats its key. */
export type QueryValue = string | number | boolean | readonly (string | number | boolean)[];

/** Options of {@link Client.request}. */
export interface RawRequestOptions {
  /** HTTP method. By default `GET`. */
  method?: HttpMethod | undefined;
  /** Path without the version, such as `/containers/json`. What is not a path's own must be percent-encoded. */
  path: string;
  /** The query. What is undefined is left out; true and false are written so. */
  query?: Readonly<Record<string, QueryValue | undefined>> | undefined;
  /** Further headers. Interceptors see them. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The body: texts, bytes and streams as they are, anything else as JSON. Interceptors do not see it. */
  body?: unknown;
  /** Whether the path gets the API version as its prefix. By default true. */
  versioned?: boolean | undefined;
  /** Whether a status of 400 and more is an error. By default true. */
  errors?: boolean | undefined;
  /** Whether the connection is taken over, and for which protocol; true for `tcp`. By default false. */
  hijack?: boolean | "tcp" | "h2c" | "websocket" | (string & {}) | undefined;
}

/** An engine's answer as it is. */
export interface RawResult {
  /** HTTP status. */
  status: number;
  /** Headers, their names in small letters. */
  headers: ResponseHeaders;
  /** The body. It must be read or destroyed: until then it keeps its connection. */
  body: Readable;
}

/** Options of a request that takes the connection over. */
export type HijackRequestOptions = RawRequestOptions & {
  /** The protocol that the connection is taken over for; true for `tcp`. */
  hijack: true | string;
};

type Query = Readonly<Record<string, QueryValue | undefined>>;

const queryField = (key: string): TextField<QueryValue> => ({
  in: "query",
  key,
  encoding: "text",
  expects: "a text, a number, a boolean or a list of those",
  encode: (value) => {
    const isPlain = (v: unknown) => typeof v === "string" || typeof v === "number" || typeof v === "boolean";
    if (Array.isArray(value)) return value.every(isPlain) ? value.map(String) : undefined;
    return isPlain(value) ? String(value) : undefined;
  },
});

function declare({ method = "GET", path, query = {}, versioned }: RawRequestOptions, longRunning: boolean): Operation<Query> {
  if (!path.startsWith("/") || path.includes("?")) {
    const message = `request: the option "path" must begin with a slash and have no query, which is an option of its own`;
    throw new InvalidOptionError("path", message, { operation: "request" });
  }
  // braces stand for parameters elsewhere
  const literal = path.replaceAll("{", "%7B").replaceAll("}", "%7D");
  const fields = Object.fromEntries(Object.keys(query).map((key) => [key, queryField(key)]));
  return { name: "request", method, path: literal, fields, versioned: versioned ?? true, longRunning };
}

/** The body, and what it is when nobody says otherwise. */
function payload(body: unknown): { upload?: string | Buffer | Readable; headers?: Record<string, string> } {
  if (body === undefined) return {};
  if (typeof body === "string" || body instanceof Readable) return { upload: body };
  if (body instanceof Uint8Array) return { upload: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  return { upload: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** Mixed into {@link Client}. */
export default abstract class SystemRequestMixin extends Connection {
  /**
   * Sends a request of one's own making, over the same way as all others: for what this package does not know.
   *
   * @returns the answer, or with `hijack` the connection itself.
   * @category System
   * @throws {@link ApiError} for a status of 400 and more, unless `errors` is false.
   * @throws {@link InvalidOptionError} when the path or the query cannot be sent.
   * @example
   * ```ts
   * const { body } = await client.request({ path: "/containers/json", query: { all: true } });
   * ```
   */
  request(options: HijackRequestOptions, call?: CallOptions): Promise<HijackedStream>;
  request(options: RawRequestOptions, call?: CallOptions): Promise<RawResult>;
  async request(options: RawRequestOptions, call?: CallOptions): Promise<HijackedStream | RawResult> {
    const { query = {}, hijack = false, errors = true } = options;
    const { upload, headers } = payload(options.body);
    const declaration = declare(options, hijack !== false);
    const extras = { upload, headers: { ...headers, ...options.headers } };
    if (hijack !== false) {
      const upgrade = hijack === true ? "tcp" : hijack;
      return new HijackedStream(await this.hijack(declaration, query, call, { ...extras, upgrade }));
    }
    const answer = await this.open(declaration, query, call, { ...extras, ownConnection: true, anyStatus: !errors });
    return { status: answer.status, headers: answer.headers, body: answer.body };
  }
}
