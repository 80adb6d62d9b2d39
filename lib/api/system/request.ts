import { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import type { TextField } from "../../core/fields/fields.js";
import { anyBody } from "../../core/fields/fields.js";
import type { HttpMethod, Operation } from "../../core/operation.js";
import type { ResponseHeaders } from "../../core/request.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { HijackedStream } from "../../streams/hijacked-stream.js";
import { isBytes } from "../../wire/realm.js";

/** A query value for {@link Client.request}. For a list, the key is repeated. */
export type QueryValue = string | number | boolean | readonly (string | number | boolean)[];

/** Options for {@link Client.request}. */
export interface RawRequestOptions {
  /** HTTP method. Defaults to `GET`. */
  method?: HttpMethod | undefined;
  /** Percent-encoded path without the API version, such as `/containers/json`. */
  path: string;
  /** The query. Undefined values are omitted; booleans become `true` and `false`. */
  query?: Readonly<Record<string, QueryValue | undefined>> | undefined;
  /** Additional headers, which interceptors can see. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The request body. Strings, bytes and streams are sent unchanged, other values as JSON. Interceptors cannot see the body. */
  body?: unknown;
  /** Whether to prefix the path with the API version. Defaults to true. */
  versioned?: boolean | undefined;
  /** Whether to throw an error for a status of 400 or above. Defaults to true. */
  errors?: boolean | undefined;
  /** The protocol to upgrade the connection to; true for `tcp`. Defaults to false, which does not upgrade it. */
  hijack?: boolean | "tcp" | "h2c" | "websocket" | (string & {}) | undefined;
}

/** The raw response of an engine. */
export interface RawResult {
  /** HTTP status. */
  status: number;
  /** Headers by lowercase name. */
  headers: ResponseHeaders;
  /** The response body. Read it to the end or destroy it, because it occupies a connection until then. */
  body: Readable;
}

/** Options for a request that hijacks the connection. */
export type HijackRequestOptions = RawRequestOptions & {
  /** The protocol to upgrade the connection to; true for `tcp`. */
  hijack: true | string;
};

type Query = Readonly<Record<string, QueryValue | undefined>>;

const queryField = (key: string): TextField<QueryValue> => ({
  in: "query",
  key,
  encoding: "text",
  expects: "a string, a number, a boolean or a list of these",
  encode: (value) => {
    const isPlain = (v: unknown) => typeof v === "string" || typeof v === "number" || typeof v === "boolean";
    if (Array.isArray(value)) return value.every(isPlain) ? value.map(String) : undefined;
    return isPlain(value) ? String(value) : undefined;
  },
});

const request = composite("request", {
  method: "optional",
  path: "required",
  query: "optional",
  headers: "optional",
  body: anyBody,
  versioned: "optional",
  errors: "optional",
  hijack: "optional",
} satisfies OptionKinds<RawRequestOptions>);

function declare({ method = "GET", path, query = {}, versioned }: RawRequestOptions, longRunning: boolean): Operation<Query> {
  if (!path.startsWith("/") || path.includes("?")) {
    const message = `request: the option "path" must start with a slash and have no query: use the option "query"`;
    throw new InvalidOptionError("path", message, { operation: "request" });
  }
  // in declarations, braces mark parameters
  const literal = path.replaceAll("{", "%7B").replaceAll("}", "%7D");
  const fields = Object.fromEntries(Object.keys(query).map((key) => [key, queryField(key)]));
  return { name: "request", method, path: literal, fields, versioned: versioned ?? true, longRunning };
}

/** Returns the body to send, with its default content type. */
function payload(body: unknown): { upload?: string | Buffer | Readable; headers?: Record<string, string> } {
  if (body === undefined) return {};
  if (typeof body === "string" || body instanceof Readable) return { upload: body };
  if (isBytes(body)) return { upload: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  return { upload: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** Mixed into {@link Client}. */
export default abstract class SystemRequestMixin extends Connection {
  /**
   * Sends a custom request, for features that this package does not support. It is handled like all other requests.
   *
   * @returns the response or, with `hijack`, the connection.
   * @category System
   * @throws {@link ApiError} for a status of 400 or above, unless `errors` is false.
   * @throws {@link InvalidOptionError} when the path or the query is invalid.
   * @example
   * ```ts
   * const { body } = await client.request({ path: "/containers/json", query: { all: true } });
   * ```
   */
  request(options: HijackRequestOptions, call?: CallOptions): Promise<HijackedStream>;
  request(options: RawRequestOptions, call?: CallOptions): Promise<RawResult>;
  async request(options: RawRequestOptions, call?: CallOptions): Promise<HijackedStream | RawResult> {
    return this.withStreams(request, options, call, async (taken, inner): Promise<HijackedStream | RawResult> => {
      const { query = {}, hijack = false, errors = true } = options;
      const { upload, headers } = payload(taken.body);
      const declaration = declare(options, hijack !== false);
      const extras = { upload, headers: { ...headers, ...options.headers } };
      if (hijack !== false) {
        const upgrade = hijack === true ? "tcp" : hijack;
        return new HijackedStream(await this.hijack(declaration, query, inner, { ...extras, upgrade }));
      }
      const answer = await this.open(declaration, query, inner, { ...extras, ownConnection: true, anyStatus: !errors });
      return { status: answer.status, headers: answer.headers, body: answer.body };
    });
  }
}
