/** The types of entries. */
export type EntryType = "file" | "link" | "symlink" | "character-device" | "block-device" | "directory" | "fifo";

/** The metadata of an entry. */
export interface TarHeader {
  /** Path in the archive, with `/` as separator. For a directory, a trailing slash is added automatically. */
  name: string;
  /** Type of the entry. */
  type: EntryType;
  /** Permission bits, including setuid, setgid and sticky. */
  mode: number;
  /** User ID of the owner. */
  uid: number;
  /** Group ID of the owner. */
  gid: number;
  /** Length of the content in bytes; 0 except for files. */
  size: number;
  /** Modification time, in whole seconds since 1970. */
  mtime: number;
  /** Target of a symbolic link, or name of the entry that a hard link refers to. */
  linkname?: string | undefined;
  /** Major and minor number of a device. */
  device?: readonly [major: number, minor: number] | undefined;
  /** Further records of the extended header (pax) by key, such as `SCHILY.xattr.user.name`. */
  records?: Readonly<Record<string, string | Uint8Array>> | undefined;
}

const typeFlags: Readonly<Record<EntryType, string>> = {
  file: "0",
  link: "1",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  directory: "5",
  fifo: "6",
};

/** Block size of archives. */
const BLOCK = 512;
const NAME = 100;
const PREFIX = 155;

const zeros = Buffer.alloc(BLOCK);

/** Returns the two empty blocks that end an archive. */
export const endOfArchive = (): Buffer => Buffer.alloc(2 * BLOCK);

/** Returns the padding after content of this size; empty if its last block is full. */
export function padding(size: number): Buffer {
  return zeros.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}

/** Writes a number in octal digits or, if the field is too short, in base 256, which all current readers support. */
function writeNumber(block: Buffer, value: number, at: number, length: number): void {
  const digits = value.toString(8);
  if (digits.length < length) {
    block.write(digits.padStart(length - 1, "0"), at, "latin1");
    return;
  }
  block[at] = 0x80;
  let rest = value;
  for (let index = at + length - 1; index > at; index--) {
    block[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function ustarBlock(header: TarHeader, flag: string, name: string, prefix: string, linkname: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, "latin1");
  writeNumber(block, header.mode & 0o7777, 100, 8);
  writeNumber(block, header.uid, 108, 8);
  writeNumber(block, header.gid, 116, 8);
  writeNumber(block, header.size, 124, 12);
  writeNumber(block, Math.max(header.mtime, 0), 136, 12);
  block.write(flag, 156, "latin1");
  block.write(linkname, 157, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  if (header.device) {
    writeNumber(block, header.device[0], 329, 8);
    writeNumber(block, header.device[1], 337, 8);
  }
  block.write(prefix, 345, "latin1");
  let sum = 8 * 32; // the checksum field counts as spaces
  for (let at = 0; at < BLOCK; at++) sum += block[at] ?? 0;
  block.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148, "latin1");
  return block;
}

/** Whether a string is ASCII only, so that its byte length equals its length. */
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * Splits a name that is too long for its field, so that its start goes into the prefix field; returns undefined if this is
 * impossible.
 */
function splitName(name: string): { prefix: string; rest: string } | undefined {
  if (!isAscii(name)) return undefined;
  if (name.length <= NAME) return { prefix: "", rest: name };
  // some readers reject an empty rest, which the name of a directory would leave after its last slash
  const slash = name.indexOf("/", name.length - NAME - 1);
  if (slash === -1 || slash > PREFIX || slash === name.length - 1) return undefined;
  return { prefix: name.slice(0, slash), rest: name.slice(slash + 1) };
}

/** Writes a record of an extended header. The length in the record includes its own digits. */
function record(key: string, value: string | Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from("\n")]);
  let length = text.length;
  while (String(length).length + text.length !== length) length = String(length).length + text.length;
  return Buffer.concat([Buffer.from(String(length)), text]);
}

/** Shortens a string, for old readers that ignore extended headers. */
const shortened = (text: string): string => text.replace(/[^\x20-\x7e]/g, "_").slice(0, NAME);

/**
 * Writes the header of an entry, preceded by an extended header (pax) if the name, the link or the time does not fit.
 *
 * @returns one block, plus the blocks of any extended header.
 */
export function encodeHeader(header: TarHeader): Buffer {
  const name = header.type === "directory" && !header.name.endsWith("/") ? `${header.name}/` : header.name;
  const linkname = header.linkname ?? "";
  const split = splitName(name);
  const records: Buffer[] = [];
  if (!split) records.push(record("path", name));
  const linkFits = linkname.length <= NAME && isAscii(linkname);
  if (!linkFits) records.push(record("linkpath", linkname));
  if (header.mtime < 0) records.push(record("mtime", String(header.mtime)));
  for (const [key, value] of Object.entries(header.records ?? {})) records.push(record(key, value));
  const { prefix, rest } = split ?? { prefix: "", rest: shortened(name) };
  const block = ustarBlock(header, typeFlags[header.type], rest, prefix, linkFits ? linkname : shortened(linkname));
  if (records.length === 0) return block;
  const content = Buffer.concat(records);
  const extended = ustarBlock(
    { ...header, size: content.length, device: undefined },
    "x",
    shortened(`PaxHeaders/${name}`),
    "",
    "",
  );
  return Buffer.concat([extended, content, padding(content.length), block]);
}
