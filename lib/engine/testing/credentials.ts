import { secretName } from "../../wire/secrets.js";

/** What stands in place of a credential. */
const REMOVED = "[removed]";

const inText = '(?:[^"\\\\]|\\\\.)*';

/** A string under a name, a variable with its value, in JSON that may be cut off; the password of a URL; a token of a swarm. */
const member = new RegExp(`"(\\w+)"(\\s*:\\s*)"${inText}("?)`, "g");
const variable = new RegExp(`"(\\w+)=${inText}("?)`, "g");
const password = /(:\/\/|%3A%2F%2F)[^\s/:@"?&#%]*(?::|%3A)[^\s/@"?&#]+?(@|%40)/gi;
const joinToken = /SWMTKN-[\w-]+/g;

/** Returns headers by name. Those with credentials have the value `[removed]`. Several values of one header are joined. */
export function publicHeaders(headers: NodeJS.Dict<string | readonly string[]>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    found[name] = secretName.test(name) ? REMOVED : typeof value === "string" ? value : value.join(", ");
  }
  return found;
}

/** Returns a text with `[removed]` in place of its credentials: in JSON, also incomplete, in URLs, and tokens of swarms. */
export function publicText(text: string): string {
  return text
    .replace(member, (all, name: string, colon: string, end: string) =>
      secretName.test(name) ? `"${name}"${colon}"${REMOVED}${end}` : all,
    )
    .replace(variable, (all, name: string, end: string) => (secretName.test(name) ? `"${name}=${REMOVED}${end}` : all))
    .replace(password, `$1${REMOVED}$2`)
    .replace(joinToken, REMOVED);
}

/** Returns a body with `[removed]` in place of its credentials if it is JSON, and else as it is. */
export function publicBody(body: Buffer): Buffer {
  return /^\s*[[{]/.test(body.toString("latin1", 0, 64)) ? Buffer.from(publicText(body.toString())) : body;
}
