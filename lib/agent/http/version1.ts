import { findMethod } from "../methods/index.js";
import { type Envelope, idOf } from "../rpc/envelope.js";
import type { RpcError } from "../rpc/rpc-error.js";

/** A request of JSON-RPC 1.0. */
export interface Version1Request {
  readonly method: string;
  /** The first of the parameters. */
  readonly params: unknown;
  /** The ID as it was written, or `undefined` for a notification. */
  readonly id: string | undefined;
}

/** Services of mdocker and of the agent. A name with another one is answered otherwise than an unknown method. */
const SERVICES = new Set(["MDocker", "Agent", "rpc"]);

/**
 * Reads a request as mdocker did.
 *
 * @returns the request, or the text of the HTTP 400 answer.
 */
export function readVersion1(envelope: Envelope): Version1Request | string {
  const { value } = envelope;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "rpc: the request is not a JSON object";
  // Go's decoder finds members without regard to case
  const members = new Map(Object.entries(value).map(([name, member]: [string, unknown]) => [name.toLowerCase(), member]));
  const method = members.get("method");
  const params = members.get("params");
  if (method !== undefined && method !== null && typeof method !== "string") return "rpc: the method is not a string";
  const name = method ?? "";
  if (!findMethod(name)) return refusal(name);
  if (params === undefined || params === null) return "rpc: method request ill-formed: missing params field";
  if (!Array.isArray(params)) return "rpc: params is not an array";
  const [first = {}] = params as unknown[];
  if (first !== null && (typeof first !== "object" || Array.isArray(first))) return "rpc: the first of params is not an object";
  const id = idOf(envelope, (member) => member.toLowerCase() === "id");
  return { method: name, params: first ?? {}, id: id === "null" ? undefined : id };
}

function refusal(method: string): string {
  const quoted = JSON.stringify(method.slice(0, 200));
  const parts = method.split(".");
  if (parts.length !== 2) return `rpc: service/method request ill-formed: ${quoted}`;
  return SERVICES.has(parts[0] ?? "") ? `rpc: can't find method ${quoted}` : `rpc: can't find service ${quoted}`;
}

/** The body of an answer with a result. */
export function version1Result(result: unknown, id: string): string {
  return `{"result":${goJson(result)},"error":null,"id":${id}}\n`;
}

/** The body of an answer with an error, which is a string. */
export function version1Error({ message }: RpcError, id: string): string {
  return `{"result":null,"error":${goJson(message)},"id":${id}}\n`;
}

/** Writes JSON as Go does: `<`, `>` and `&` are escaped. */
function goJson(value: unknown): string {
  const escapes: Record<string, string> = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
  };
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}
