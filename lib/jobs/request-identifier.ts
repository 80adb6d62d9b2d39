import { randomBytes } from "node:crypto";
import { InvalidJobError } from "./errors.js";

const LENGTH = 16;

/**
 * The identity of a request: a second request with the same identifier does not run again. 16 bytes.
 *
 * @category Jobs
 */
export class RequestIdentifier {
  /** The bytes. */
  readonly bytes: Uint8Array;

  /**
   * @param bytes - 16 bytes. Random ones by default.
   * @throws {@link InvalidJobError} if there are more or fewer.
   */
  constructor(bytes: Uint8Array = randomBytes(LENGTH)) {
    if (bytes.length !== LENGTH) throw new InvalidJobError(`a request identifier has ${LENGTH} bytes, not ${bytes.length}`);
    this.bytes = Uint8Array.from(bytes);
  }

  /**
   * Parses the text of an identifier: 32 hexadecimal digits, or 22 characters of base64url with or without `==`.
   *
   * @throws {@link InvalidJobError} if it has none of these forms.
   */
  static parse(text: string): RequestIdentifier {
    if (/^[\da-f]{32}$/i.test(text)) return new RequestIdentifier(Buffer.from(text, "hex"));
    if (/^[\w-]{22}(==)?$/.test(text)) return new RequestIdentifier(Buffer.from(text, "base64url"));
    throw new InvalidJobError(
      `a request identifier has 32 hexadecimal digits or 22 characters of base64url, unlike ${JSON.stringify(text.slice(0, 64))}`,
    );
  }

  /** The text with padding: 24 characters of base64url. */
  exact(): string {
    return `${this.toString()}==`;
  }

  /** The text without padding: 22 characters of base64url. */
  toString(): string {
    return Buffer.from(this.bytes).toString("base64url");
  }

  /** The same as {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}
