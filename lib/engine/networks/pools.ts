import { randomBytes } from "node:crypto";
import type { IPAMConfig } from "../../types/network.js";
import { badRequest, EngineError } from "../engine-error.js";
import {
  type Block,
  blockOf,
  contains,
  formatAddress,
  formatBlock,
  type IPAddress,
  overlaps,
  parseAddress,
  parseBlock,
} from "./address.js";

/** A pool of addresses of a network. */
export interface Pool {
  /** The subnet. */
  readonly subnet: Block;
  /** The addresses that the engine assigns. */
  readonly range: Block;
  /** The gateway: the host. */
  readonly gateway: bigint;
  /** Addresses that are not assigned. */
  readonly reserved: ReadonlySet<bigint>;
  /** Whether the client chose the subnet, so that it may choose addresses too. */
  readonly isConfigured: boolean;
}

/** The pools from which the engine chooses, as `info` reports them. */
export const defaultPools = [
  ...Array.from({ length: 15 }, (_, at) => ({ Base: `172.${17 + at}.0.0/16`, Size: 16 })),
  { Base: "192.168.0.0/16", Size: 20 },
] as const;

const overlap = (): EngineError =>
  new EngineError(403, "invalid pool request: Pool overlaps with other one on this address space");

/**
 * Checks the pools of a new network.
 *
 * @throws an {@link EngineError} with status 400 that lists everything wrong.
 */
export function checkPools(configs: readonly IPAMConfig[]): void {
  const errors = configs.flatMap(poolErrors);
  const [only] = errors;
  if (only === undefined) return;
  const list = errors.length === 1 ? only : errors.map((error) => `* ${error}`).join("\n");
  throw badRequest(`invalid network config:\n${list}`);
}

function poolErrors({ Subnet = "", IPRange = "", Gateway = "", AuxiliaryAddresses }: IPAMConfig): string[] {
  const subnet = parseBlock(Subnet);
  if (!subnet) return [`invalid subnet ${Subnet}: invalid CIDR block notation`];
  const errors: string[] = [];
  if (!isFirst(Subnet, subnet)) errors.push(`invalid subnet ${Subnet}: it should be ${formatBlock(subnet)}`);
  const addressError = (what: string, text: string): void => {
    const address = parseAddress(text);
    if (!address) errors.push(`invalid ${what}: invalid address`);
    else if (!contains(subnet, address))
      errors.push(`invalid ${what}: parent subnet ${formatBlock(subnet)} doesn't contain this address`);
  };
  if (IPRange !== "") {
    const range = parseBlock(IPRange);
    if (!range) errors.push(`invalid ip-range ${IPRange}: invalid CIDR block notation`);
    else if (range.prefix < subnet.prefix)
      errors.push(`invalid ip-range ${IPRange}: CIDR block is bigger than its parent subnet ${formatBlock(subnet)}`);
    else if (!isFirst(IPRange, range)) errors.push(`invalid ip-range ${IPRange}: it should be ${formatBlock(range)}`);
    else if (!overlaps(subnet, range))
      errors.push(`invalid ip-range ${IPRange}: parent subnet ${formatBlock(subnet)} doesn't contain ip-range`);
  }
  if (Gateway !== "") addressError(`gateway ${Gateway}`, Gateway);
  for (const [name, text] of Object.entries(AuxiliaryAddresses ?? {})) addressError(`auxiliary address ${name}`, text);
  return errors;
}

function isFirst(text: string, block: Block): boolean {
  return parseAddress(text.slice(0, text.indexOf("/")))?.value === block.first;
}

/** Returns whether an address cannot be assigned: that of the subnet itself, or the broadcast address. */
function isSpecial({ version, first, last, prefix }: Block, value: bigint): boolean {
  const bits = version === 4 ? 32 : 128;
  if (prefix >= bits - 1) return false;
  return value === first || (version === 4 && value === last);
}

/**
 * Makes the pool of a checked configuration.
 *
 * @throws an {@link EngineError} with status 500 for a gateway or an auxiliary address that is in use.
 */
export function makePool(config: IPAMConfig, isConfigured: boolean): Pool {
  const subnet = parseBlock(config.Subnet ?? "");
  if (!subnet) throw badRequest(`invalid subnet ${config.Subnet ?? ""}: invalid CIDR block notation`);
  const range = (config.IPRange && parseBlock(config.IPRange)) || subnet;
  const reserved = new Set<bigint>();
  const inUse = (what: string): EngineError => new EngineError(500, `failed to allocate ${what}: Address already in use`);
  const chosen = config.Gateway ? parseAddress(config.Gateway)?.value : undefined;
  if (chosen !== undefined && isSpecial(subnet, chosen)) throw inUse(`gateway (${config.Gateway ?? ""})`);
  let gateway = chosen ?? range.first;
  while (chosen === undefined && gateway < range.last && isSpecial(subnet, gateway)) gateway += 1n;
  for (const [name, text] of Object.entries(config.AuxiliaryAddresses ?? {})) {
    const value = parseAddress(text)?.value ?? 0n;
    if (value === gateway || reserved.has(value)) throw inUse(`secondary ip address (${name}:${text})`);
    reserved.add(value);
  }
  return { subnet, range, gateway, reserved, isConfigured };
}

/**
 * Refuses pools that have addresses in common with others, or with each other.
 *
 * @throws an {@link EngineError} with status 403.
 */
export function checkOverlaps(pools: readonly Pool[], others: readonly Pool[]): void {
  pools.forEach(({ subnet }, at) => {
    for (const other of [...others, ...pools.slice(0, at)]) if (overlaps(subnet, other.subnet)) throw overlap();
  });
}

/**
 * Chooses the subnet of a network for which the client configured none.
 *
 * @throws an {@link EngineError} with status 400 when all default pools are in use.
 */
export function choosePool(version: 4 | 6, others: readonly Pool[]): IPAMConfig {
  const isFree = (block: Block): boolean => !others.some(({ subnet }) => overlaps(subnet, block));
  for (const block of candidates(version)) {
    if (!isFree(block)) continue;
    return { Subnet: formatBlock(block), Gateway: formatAddress({ version, value: block.first + 1n }) };
  }
  throw badRequest("all predefined address pools have been fully subnetted");
}

function* candidates(version: 4 | 6): Generator<Block> {
  if (version === 6) {
    // a unique local prefix: 40 random bits make collisions unlikely
    for (;;) yield blockOf({ version, value: BigInt(`0xfd${randomBytes(5).toString("hex")}`) << 80n }, 64);
  }
  for (const { Base, Size } of defaultPools) {
    const base = parseBlock(Base);
    if (!base) continue;
    for (let first = base.first; first < base.last; first += 1n << BigInt(32 - Size))
      yield blockOf({ version, value: first }, Size);
  }
}

/** Returns whether an address of a pool can be assigned, apart from those in use. */
export function isAssignable({ subnet, gateway, reserved }: Pool, { version, value }: IPAddress): boolean {
  return contains(subnet, { version, value }) && value !== gateway && !reserved.has(value) && !isSpecial(subnet, value);
}

/** Returns the lowest address of a pool that is free; undefined if there is none. */
export function nextAddress(pool: Pool, used: ReadonlySet<bigint | undefined>): IPAddress | undefined {
  const { version } = pool.subnet;
  for (let value = pool.range.first; value <= pool.range.last; value += 1n) {
    const address = { version, value };
    if (!used.has(value) && isAssignable(pool, address)) return address;
  }
  return undefined;
}
