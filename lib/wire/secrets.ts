import { ProtocolError } from "../errors/connection-errors.js";

/** Matches names of members, variables and headers whose values are secret. */
export const secretName =
  /pass(?:word|wd|phrase)?$|secret$|token$|credentials?$|api_?key$|private_?key$|access_?key|^(?:auth|data|unlockkey|signingcakey)$|^x-registry-|authorization$|cookie$/i;

/** The minimum length of a value that is masked. Masking a shorter value would garble words that happen to contain it. */
const SHORTEST = 4;

/** How many levels of nested JSON strings are searched for secrets. */
const DEPTH = 5;

/** The content of a request that may include secrets. */
export interface SecretSource {
  /** Its headers, including the hidden ones. */
  readonly headers: readonly (Readonly<Record<string, unknown>> | undefined)[];
  /** Its query. */
  readonly query: string;
  /** Its body, as JSON. */
  readonly body?: string | undefined;
}

/** Returns a text with `xxxxx` in place of the user and the password of each URL in it. */
export const publicUrls = (text: string): string => text.replace(/:\/\/[^\s/@"]*@/g, "://xxxxx@");

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Yields the secret strings in a value: strings under a secret name, values in `NAME=value` with a secret name, and passwords in
 * URLs.
 */
function* secretsIn(value: unknown, name: string, isSecret = secretName.test(name)): Generator<string> {
  if (typeof value === "string") {
    const [, variable = "", assigned = ""] = /^([^=\s]+)=(.*)$/s.exec(value) ?? [];
    for (const [, password = ""] of value.matchAll(/:\/\/[^\s/:@]*:([^\s/@]+)@/g)) yield password;
    if (isSecret) yield value;
    else if (secretName.test(variable)) yield assigned;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) yield* secretsIn(member, isList ? name : key, isList ? isSecret : undefined);
}

/** Yields a secret and, if it is base64, the text or the JSON secrets that it encodes. */
function* decoded(secret: string): Generator<string> {
  yield secret;
  const bare = secret.replace(/^(?:Basic|Bearer) +/i, "");
  if (bare !== secret) yield bare;
  const text = /^[\w+/-]{4,}={0,2}$/.test(bare) ? Buffer.from(bare, "base64").toString() : "";
  if (text === "" || text.includes("\ufffd")) return;
  yield bare.replace(/=+$/, "");
  yield text;
  const json = jsonOf(text);
  if (typeof json === "object") yield* secretsIn(json, "");
  else if (text.includes(":")) yield text.slice(text.indexOf(":") + 1);
}

/** Escapes the characters that Go escapes in JSON strings. */
const asInGo = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

const asInHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;").replaceAll("'", "&#39;");

/** Yields the encoded forms of a secret in URLs, HTML forms, HTML and JSON strings, including nested ones. */
function* spellings(secret: string): Generator<string> {
  yield asInHtml(secret);
  for (const escape of [(text: string) => text, asInGo]) {
    let spelling = secret;
    for (let depth = 0; depth < DEPTH; depth += 1) {
      // a lone surrogate cannot be percent-encoded
      const inUrl = encodeURIComponent(spelling.replace(/\p{Surrogate}/gu, "\ufffd"));
      yield* [spelling, inUrl, inUrl.replaceAll("%20", "+")];
      spelling = escape(JSON.stringify(spelling).slice(1, -1));
    }
  }
}

/**
 * The secrets of one request, which its errors never show, even if an engine or a proxy repeats them in its answer: credentials
 * in headers, keys and tokens in the body, and variables with a secret name. They are searched for only when an error is created.
 */
export class Secrets {
  readonly #source: () => SecretSource;
  #found: readonly string[] | undefined;

  /** @param source - returns the request. */
  constructor(source: () => SecretSource) {
    this.#source = source;
  }

  /** Returns all encoded forms of all secrets, longest first, because a secret may contain another one. */
  #spellings(): readonly string[] {
    if (this.#found) return this.#found;
    const { headers, query, body } = this.#source();
    const values: Generator<string>[] = headers.map((fields) => secretsIn(fields, ""));
    for (const [name, value] of new URLSearchParams(query)) values.push(secretsIn(jsonOf(value) ?? value, name));
    if (body !== undefined) values.push(secretsIn(jsonOf(body), ""));
    const found = new Set<string>();
    for (const secrets of values) {
      for (const secret of secrets) {
        for (const form of decoded(secret)) {
          for (const text of new Set([form, form.trim()])) {
            if (text.length >= SHORTEST && text !== "true" && text !== "false")
              for (const spelling of spellings(text)) found.add(spelling);
          }
        }
      }
    }
    return (this.#found = [...found].sort((a, b) => b.length - a.length));
  }

  /** Whether the request has any secrets. */
  get any(): boolean {
    return this.#spellings().length > 0;
  }

  /** Masks the secrets in a text from the engine. */
  mask(text: string): string {
    let shown = text;
    for (const spelling of this.#spellings()) shown = shown.replaceAll(spelling, "***");
    return shown;
  }

  /** Returns the error without its quotation from the response, which may end in the middle of a secret. */
  hide<E>(error: E): E | ProtocolError {
    return error instanceof ProtocolError && this.any ? error.withoutQuotation() : error;
  }
}
