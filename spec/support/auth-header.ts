/** Decodes a credentials header. */
export function decodeHeader(header: string | string[] | undefined): unknown {
  if (typeof header !== "string") return undefined;
  return JSON.parse(Buffer.from(header, "base64url").toString());
}
