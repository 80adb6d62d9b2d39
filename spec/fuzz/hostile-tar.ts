/** What an entry of an archive says of itself, true or not. */
export interface HostileEntry {
  readonly name: string;
  readonly type?: string;
  readonly linkname?: string;
  readonly content?: string;
  /** The field of the size; by default that of the content. */
  readonly size?: string | undefined;
}

/** Packs an entry without any check: its header and its content. */
export function headerBlock({ name, type = "0", linkname = "", content = "", size }: HostileEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000755\u00000000000\u00000000000\u0000", 100, "latin1");
  header.write(size ?? `${body.length.toString(8).padStart(11, "0")}\u0000`, 124, 12, "latin1");
  header.write("00000000000\u0000        ", 136, "latin1");
  header.write(type, 156, 1, "latin1");
  header.write(linkname, 157, 100);
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148, "latin1");
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
