import { isIPv4, isIPv6 } from "node:net";

/** What a resolver is asked. */
export interface DnsQuestion {
  /** The name, without the dot at its end. */
  readonly name: string;
  /** The kind of record: `A` and `AAAA` are addresses. */
  readonly type: "A" | "AAAA" | "other";
  /** The bytes of the message up to the end of the question. */
  readonly bytes: Buffer;
}

const HEADER = 12;
const types: Readonly<Record<number, DnsQuestion["type"]>> = { 1: "A", 28: "AAAA" };

/** How long clients may keep an answer, in seconds: that of Docker. */
const LIFETIME = 600;

/** Reads a question. Returns undefined for messages that are none. */
export function readQuestion(message: Buffer): DnsQuestion | undefined {
  if (message.length < HEADER + 5 || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + length + 5 >= message.length) return undefined;
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  const end = at + 5;
  return { name: labels.join("."), type: types[message.readUInt16BE(at + 1)] ?? "other", bytes: message.subarray(0, end) };
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined): string[] => (text ? text.split(":") : []);
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill("0"), ...last];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

/**
 * Answers a question.
 *
 * @param addresses - all addresses of the name; undefined for a name that does not exist.
 */
export function writeAnswer({ type, bytes }: DnsQuestion, addresses: readonly string[] | undefined): Buffer {
  const isWanted = type === "A" ? isIPv4 : isIPv6;
  const wanted = type === "other" ? [] : (addresses ?? []).filter(isWanted);
  const head = Buffer.from(bytes);
  // an answer of a resolver that asks others, or that there is no such name
  head.writeUInt16BE(addresses === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(wanted.length, 6);
  head.writeUInt32BE(0, 8);
  const records = wanted.map((address) => {
    const data = addressBytes(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc000 | HEADER, 0); // the name of the question
    record.writeUInt16BE(type === "A" ? 1 : 28, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(LIFETIME, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([head, ...records]);
}
