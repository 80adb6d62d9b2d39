import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { TLSSocket } from "node:tls";

/** Who may call a service. */
export interface AccessRules {
  /** The bearer tokens that are accepted. Without any, no token is asked for. */
  readonly tokens: readonly string[];
  /** The names that client certificates must have, as common name or DNS name. Without any, every verified certificate is accepted. */
  readonly clientNames?: readonly string[] | undefined;
  /** Names that `Host` may have besides loopback names, IP addresses and this machine's name. */
  readonly hosts?: readonly string[] | undefined;
}

/** Why a request is refused. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: 400 | 401 | 403;
  /** A sentence for the caller. */
  readonly reason: string;
}

/** Checks that requests come from callers who may use a service, and not from a page in somebody's browser. */
export class Access {
  readonly #rules: AccessRules;
  readonly #tokens: readonly Buffer[];

  constructor(rules: AccessRules) {
    this.#rules = rules;
    this.#tokens = rules.tokens.map(digest);
  }

  /** Returns why a request is refused, or `undefined` if it may be served. */
  refuse(request: IncomingMessage): Refusal | undefined {
    return this.#refuseOrigin(request) ?? this.#refuseCertificate(request) ?? this.#refuseToken(request);
  }

  /** Refuses requests of web pages: those with an `Origin`, and those to a name that somebody else resolves to this machine. */
  #refuseOrigin({ headers, socket }: IncomingMessage): Refusal | undefined {
    if (headers.origin !== undefined) return { status: 403, reason: "requests with an Origin header are refused" };
    if (socket.remoteAddress === undefined) return undefined; // a Unix socket has no name to resolve
    const host = hostOf(headers.host ?? "");
    if (host === undefined) return { status: 400, reason: "the Host header is missing or invalid" };
    const isKnown =
      isIP(host) !== 0 || host === "localhost" || host === hostname().toLowerCase() || this.#rules.hosts?.includes(host);
    return isKnown ? undefined : { status: 403, reason: "the Host header names an unknown host" };
  }

  #refuseCertificate({ socket }: IncomingMessage): Refusal | undefined {
    const { clientNames } = this.#rules;
    if (!clientNames?.length || !(socket instanceof TLSSocket)) return undefined;
    const { subject, subjectaltname = "" } = socket.getPeerCertificate();
    const names = subjectaltname.split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []));
    // a certificate without a subject has none, whatever the type says
    const all = [...names, (subject as typeof subject | undefined)?.CN].flat();
    if (all.some((name) => name !== undefined && clientNames.includes(name))) return undefined;
    return { status: 403, reason: "the client certificate has no name that is accepted" };
  }

  #refuseToken({ headers }: IncomingMessage): Refusal | undefined {
    if (this.#tokens.length === 0) return undefined;
    const [, token = ""] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "") ?? [];
    const given = digest(token);
    // compares with each token, so that the time does not depend on which one matches
    const found = this.#tokens.filter((known) => timingSafeEqual(known, given));
    if (token !== "" && found.length > 0) return undefined;
    return { status: 401, reason: headers.authorization === undefined ? "a bearer token is required" : "the token is invalid" };
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Returns the host of a `Host` header in lower case, without its port. */
function hostOf(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}
