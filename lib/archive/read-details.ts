import type { Readable } from "node:stream";
import { type Extract, extract } from "tar-stream";
import { type ArchiveEntryHeader, OpenEntry } from "./open-entry.js";
import { type RawHeader, readEntries, readerOptions } from "./read-archive.js";

/** The prefix of the records that hold extended attributes. */
export const ATTRIBUTE_RECORD = "SCHILY.xattr.";

/** An entry of an archive, with what only file systems need. */
export class DetailedEntry extends OpenEntry {
  /** Where the content begins in the archive, in bytes. */
  readonly position: number;
  /** Modification time in nanoseconds since 1970. */
  readonly mtimeNanoseconds: bigint;
  /** Major and minor number of a device; undefined for other entries. */
  readonly device: readonly [major: number, minor: number] | undefined;
  /** Extended attributes by name; undefined without any. */
  readonly attributes: Readonly<Record<string, Uint8Array>> | undefined;

  constructor(
    header: ArchiveEntryHeader,
    next: () => Promise<IteratorResult<Buffer, unknown>>,
    raw: RawHeader,
    pax?: Uint8Array,
  ) {
    super(header, next);
    this.position = raw.byteOffset;
    this.mtimeNanoseconds = parseTime(raw.pax?.["mtime"]) ?? BigInt(header.mtime.getTime()) * 1_000_000n;
    const isDevice = header.type === "character-device" || header.type === "block-device";
    this.device = isDevice ? [raw.devmajor, raw.devminor] : undefined;
    this.attributes = pax && attributesOf(pax);
  }
}

/** Parses a time of an extended header: seconds with any number of decimals, possibly negative. */
function parseTime(text: string | undefined): bigint | undefined {
  const [, sign, seconds, decimals = ""] = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(text ?? "") ?? [];
  if (seconds === undefined) return undefined;
  const time = BigInt(seconds) * 1_000_000_000n + BigInt(decimals.slice(0, 9).padEnd(9, "0"));
  return sign ? -time : time;
}

/** Finds extended attributes in an extended header. Their values are bytes, not text. */
function attributesOf(pax: Uint8Array): Record<string, Uint8Array> | undefined {
  const buffer = Buffer.from(pax.buffer, pax.byteOffset, pax.byteLength);
  const found: [string, Uint8Array][] = [];
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(" ", at);
    const length = Number.parseInt(buffer.toString("latin1", at, space), 10);
    if (space < 0 || !(length > space - at + 1)) break;
    const equals = buffer.indexOf("=", space);
    const key = buffer.toString("utf8", space + 1, equals);
    if (equals > 0 && equals < at + length && key.startsWith(ATTRIBUTE_RECORD))
      found.push([key.slice(ATTRIBUTE_RECORD.length), Uint8Array.from(buffer.subarray(equals + 1, at + length - 1))]);
    at += length;
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** The methods of tar-stream's parser that see the bytes of an extended header. Its own result holds the values as text. */
interface HeaderDecoder {
  _header: { type: unknown };
  _decodeLongHeader(bytes: Uint8Array): void;
}

/**
 * Reads the entries of a tar archive in order, as `readArchive` does, with exact times, devices and extended attributes. What follows
 * the content of the last entry may be missing: `docker build -f -` sends none of it, and Docker does not ask for it.
 *
 * @param tar - the uncompressed archive.
 * @throws {@link ArchiveError} when the archive is corrupt or cut off.
 * @throws {@link InputStreamError} when the stream fails.
 */
export function readDetails(tar: Readable): AsyncGenerator<DetailedEntry, void, undefined> {
  const parser = extract(readerOptions) as Extract & HeaderDecoder; // with its internal methods
  let extended: Uint8Array | undefined;
  const decode = parser._decodeLongHeader.bind(parser);
  parser._decodeLongHeader = (bytes) => {
    if (parser._header.type === "pax-header") extended = bytes;
    decode(bytes);
  };
  const make = (header: ArchiveEntryHeader, next: () => Promise<IteratorResult<Buffer, unknown>>, raw: RawHeader) => {
    const pax = raw.pax ? extended : undefined;
    extended = undefined;
    return new DetailedEntry(header, next, raw, pax);
  };
  return readEntries(tar, parser, make, true);
}
