import type { IncomingMessage } from "node:http";
import { parseJson } from "../bounded-json.js";
import { EngineError } from "../engine-error.js";
import { readBody } from "./http.js";

/** A registry refuses a request. */
export class RegistryError extends EngineError {
  /** The code of the registry, such as `MANIFEST_UNKNOWN`; empty if it sent none. */
  readonly code: string;

  constructor(status: number, message: string, code: string) {
    super(status, message);
    this.name = "RegistryError";
    this.code = code;
  }
}

/** The codes that statuses stand for, where the registry sends none. */
const codes: Readonly<Record<number, string>> = { 401: "UNAUTHORIZED", 403: "DENIED", 404: "NOT_FOUND", 429: "TOOMANYREQUESTS" };

const texts: Readonly<Record<string, string>> = {
  UNAUTHORIZED: "authentication required",
  DENIED: "requested access to the resource is denied",
  TOOMANYREQUESTS: "too many requests",
};

/** Formats an error as Docker does: the code in words, and the message. */
function describe(code: string, message: string | undefined): string {
  return `${code.toLowerCase().replaceAll("_", " ")}: ${message ?? texts[code] ?? "unknown error"}`;
}

/**
 * Reads the error in a response.
 *
 * @param response - the response, whose body is read.
 */
export async function registryError(response: IncomingMessage): Promise<RegistryError> {
  const status = response.statusCode ?? 0;
  const code = codes[status] ?? "";
  const text = (await readBody(response)).toString();
  const listed = listedErrors(text);
  const [first] = listed;
  if (first) return new RegistryError(status, listed.map((error) => describe(error.code, error.message)).join("\n"), first.code);
  if (code !== "") return new RegistryError(status, describe(code, undefined), code);
  return new RegistryError(status, `received unexpected HTTP status: ${status} ${response.statusMessage ?? ""}`.trim(), code);
}

function listedErrors(text: string): { code: string; message?: string }[] {
  try {
    const body = parseJson(text);
    const errors: unknown = typeof body === "object" && body !== null && "errors" in body ? body.errors : undefined;
    if (!Array.isArray(errors)) return [];
    return errors.flatMap((error: unknown) => {
      if (typeof error !== "object" || error === null || !("code" in error) || typeof error.code !== "string") return [];
      const message = "message" in error && typeof error.message === "string" ? error.message : undefined;
      return [{ code: error.code, ...(message !== undefined && { message }) }];
    });
  } catch {
    return []; // not JSON
  }
}
