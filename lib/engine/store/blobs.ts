import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** A blob in a store. */
export interface StoredBlob {
  /** Its digest, such as `sha256:…`. */
  readonly digest: string;
  /** Its length in bytes. */
  readonly size: number;
}

/** The content of a new blob: bytes, or a stream of them. */
export type BlobContent = Uint8Array | Readable | AsyncIterable<Uint8Array>;

/** Content-addressed storage: layers, configurations and manifests by their SHA-256 digest. */
export interface BlobStore {
  /**
   * Stores a blob. A blob that exists already is not stored again. When the promise resolves, the blob is complete and survives
   * the end of the process.
   *
   * @param content - its content. A stream is read to its end, or destroyed on failure.
   * @param expected - the digest that the content must have.
   * @throws {@link DigestMismatchError} when it has another one. Nothing is stored then.
   */
  write(content: BlobContent, expected?: string): Promise<StoredBlob>;
  /**
   * Streams a blob, or a part of it. The stream fails with a {@link MissingBlobError} if there is no such blob.
   *
   * @param digest - the digest.
   * @param from - position of the first byte. By default 0.
   * @param to - position after the last byte. By default the end of the blob.
   */
  read(digest: string, from?: number, to?: number): Readable;
  /** Returns the whole content of a blob. @throws {@link MissingBlobError} */
  bytes(digest: string): Promise<Buffer>;
  /** Returns the length of a blob in bytes. @throws {@link MissingBlobError} */
  size(digest: string): Promise<number>;
  /** Returns whether a blob exists. */
  has(digest: string): Promise<boolean>;
  /** Removes a blob. Has no effect if it does not exist. Streams that read it continue. */
  remove(digest: string): Promise<void>;
  /** Returns all blobs. */
  list(): Promise<StoredBlob[]>;
}

/** A blob does not exist. */
export class MissingBlobError extends Error {
  /** The digest. */
  readonly digest: string;

  constructor(digest: string, options?: ErrorOptions) {
    super(`blob ${digest} does not exist`, options);
    this.name = "MissingBlobError";
    this.digest = digest;
  }
}

/** Content does not have the digest that it should have. */
export class DigestMismatchError extends Error {
  /** The digest that was expected. */
  readonly expected: string;
  /** The digest of the content. */
  readonly actual: string;

  constructor(expected: string, actual: string) {
    super(`the content has the digest ${actual} instead of ${expected}`);
    this.name = "DigestMismatchError";
    this.expected = expected;
    this.actual = actual;
  }
}

/** Returns the 64 hexadecimal digits of a digest; undefined for anything but a SHA-256 digest. */
export const hexOf = (digest: string): string | undefined => /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];

/** Returns the digest of bytes. */
export const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Returns the digest with this hash. @throws {@link DigestMismatchError} when it is not the expected one. */
export function checkedDigest(hex: string, expected: string | undefined): string {
  const digest = `sha256:${hex}`;
  if (expected !== undefined && expected !== digest) throw new DigestMismatchError(expected, digest);
  return digest;
}
