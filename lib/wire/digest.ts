type Crypto = typeof import("node:crypto");

/** The crypto module of Node.js. It is loaded on first use, because loading takes 2 ms and few calls need it. */
const crypto = (): Crypto => process.getBuiltinModule("node:crypto");

/** Returns the digest of bytes or a string. */
export const digest = (algorithm: "sha1" | "sha256", data: string | Uint8Array, encoding: "hex" | "base64"): string =>
  crypto().createHash(algorithm).update(data).digest(encoding);

/**
 * Returns a random string.
 *
 * @param size - the number of random bytes.
 * @param encoding - how the string represents them.
 */
export const randomText = (size: number, encoding: "hex" | "base64"): string => crypto().randomBytes(size).toString(encoding);
