import { type Envelope, idOf } from "../rpc/envelope.js";
import { RpcError } from "../rpc/rpc-error.js";

/** A request of JSON-RPC 2.0. */
export interface Version2Request {
  readonly method: string;
  readonly params: unknown;
  /** The ID as it was written, or `undefined` for a notification. */
  readonly id: string | undefined;
}

/**
 * Whether a request is one of JSON-RPC 2.0: any `jsonrpc` but that of JSON-RPC 1.0 makes it one. One that is null is none, as for
 * Bitcoin Core, which serves both versions as well: encoders write null for what is not set, and mdocker ignored the member.
 */
export function isVersion2(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("jsonrpc" in value)) return false;
  return value.jsonrpc !== null && value.jsonrpc !== "1.0";
}

/** Reads a request. Returns the whole answer if it is invalid. */
export function readVersion2(envelope: Envelope): Version2Request | { readonly answer: string } {
  const { value } = envelope;
  const invalid = (message: string, to = "null"): { answer: string } => ({
    answer: version2Error(new RpcError("invalidRequest", message), to),
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) return invalid("a request is a JSON object");
  const id = idOf(envelope);
  const { jsonrpc, method, params, id: parsed } = value as Record<string, unknown>;
  if (id !== undefined && parsed !== null && typeof parsed !== "string" && typeof parsed !== "number")
    return invalid("the id is a string, a number or null");
  if (jsonrpc !== "2.0") return invalid('jsonrpc is "2.0"', id);
  if (typeof method !== "string") return invalid("the method is a string", id);
  if (params !== undefined && (typeof params !== "object" || params === null))
    return invalid("the params are an object or an array", id);
  return { method, params, id };
}

/** The text of an answer with a result. */
export function version2Result(result: unknown, id: string): string {
  return `{"jsonrpc":"2.0","result":${JSON.stringify(result)},"id":${id}}`;
}

/** The text of an answer with an error. */
export function version2Error(error: RpcError, id: string): string {
  return `{"jsonrpc":"2.0","error":${JSON.stringify(error.toObject())},"id":${id}}`;
}
