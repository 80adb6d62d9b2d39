import type { IncomingMessage } from "node:http";

/** What a request asks for. */
export interface RequestTarget {
  readonly method: string;
  /** Path without the API version, decoded. */
  readonly path: string;
  /** API version in the path; undefined without one. */
  readonly version: string | undefined;
  readonly query: URLSearchParams;
}

/** Reads what a request asks for. Unlike the server, it accepts every version, and paths that are not encoded correctly. */
export function targetOf({ method = "GET", url = "/" }: Pick<IncomingMessage, "method" | "url">): RequestTarget {
  const [, encoded = "", search = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  const whole = encoded.replace(/^https?:\/\/[^/]*/, "").replace(/\/{2,}/g, "/");
  const [, version, path = "/"] = /^(?:\/v(\d+\.\d+)(?=\/))?(.*)$/s.exec(whole) ?? [];
  return { method, path: decoded(path), version, query: new URLSearchParams(search) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
