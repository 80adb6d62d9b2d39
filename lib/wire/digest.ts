type Crypto = typeof import("node:crypto");

/** Node's cryptography. It is loaded when it is needed: it takes 2 ms, and few calls need it. */
const crypto = (): Crypto => process.getBuiltinModule("node:crypto");

/** Returns the digest of bytes or of a text. */
export const digest = (algorithm: "sha1" | "sha256", data: string | Uint8Array, encoding: "hex" | "base64"): string =>
  crypto().createHash(algorithm).update(data).digest(encoding);

/**
 * Returns a random text.
 *
 * @param size - the number of random bytes.
 * @param encoding - how the text represents them.
 */
export const randomText = (size: number, encoding: "hex" | "base64"): string => crypto().randomBytes(size).toString(encoding);
