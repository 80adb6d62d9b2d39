import { isIPv4, isIPv6 } from "node:net";

/** An IP address as a number. */
export interface IPAddress {
  /** The version of the protocol. */
  readonly version: 4 | 6;
  /** Its 32 or 128 bits. */
  readonly value: bigint;
}

/** A block of addresses. */
export interface Block {
  /** The version of the protocol. */
  readonly version: 4 | 6;
  /** The first address. */
  readonly first: bigint;
  /** The last address. */
  readonly last: bigint;
  /** The number of bits that all its addresses share. */
  readonly prefix: number;
}

const bitsOf = (version: 4 | 6): number => (version === 4 ? 32 : 128);

/** Parses an IP address; returns undefined for anything else. */
export function parseAddress(text: string): IPAddress | undefined {
  if (isIPv4(text)) return { version: 4, value: text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  // the last 32 bits may be written as an IPv4 address
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => {
    return `${((+a << 8) | +b).toString(16)}:${((+c << 8) | +d).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return { version: 6, value: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) };
}

/** Formats an IP address; IPv6 in its canonical, shortest form. */
export function formatAddress({ version, value }: IPAddress): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(":");
  // the longest run of zeros, the first of equally long ones, is left out
  const runs = [...groups.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (best, run) => (best && best[0].length >= run[0].length ? best : run),
    undefined,
  );
  if (!longest) return groups;
  const before = groups.slice(0, longest.index).replace(/:$/, "");
  const after = groups.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}

/** Parses a block in CIDR notation; bits after the prefix are ignored. Returns undefined for anything else. */
export function parseBlock(text: string): Block | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? "");
  const prefix = Number(match?.[2]);
  if (!address || prefix > bitsOf(address.version)) return undefined;
  return blockOf(address, prefix);
}

/** Returns the block with a prefix of this length that contains an address. */
export function blockOf({ version, value }: IPAddress, prefix: number): Block {
  const size = 1n << BigInt(bitsOf(version) - prefix);
  const first = value - (value % size);
  return { version, first, last: first + size - 1n, prefix };
}

/** Formats a block in CIDR notation. */
export const formatBlock = ({ version, first, prefix }: Block): string => `${formatAddress({ version, value: first })}/${prefix}`;

/** Returns whether a block contains an address. */
export const contains = (block: Block, { version, value }: IPAddress): boolean =>
  block.version === version && block.first <= value && value <= block.last;

/** Returns whether two blocks have an address in common. */
export const overlaps = (a: Block, b: Block): boolean => a.version === b.version && a.first <= b.last && b.first <= a.last;
