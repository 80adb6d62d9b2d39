import { fail, FAILURES } from "../errors.js";
import type { PortPair, ReservedPair } from "../values/ports.js";

/** The ports that may be chosen for containers: from the first one to the last one before the end. @category Jobs */
export interface PortRange {
  /** The first port. */
  readonly first: number;
  /** The port after the last one. */
  readonly end: number;
}

/** The ports that are chosen by default. */
export const PORT_RANGE: PortRange = { first: 4_000, end: 60_000 };

/** Chooses ports that nobody has, one after the other, and begins again when all were given. */
export class PortAllocator {
  readonly #range: PortRange;
  #next: number;

  constructor(range: PortRange = PORT_RANGE) {
    this.#range = range;
    this.#next = range.first;
  }

  /** Returns the next port that is not taken. @throws an error if all are. */
  allocate(isTaken: (port: number) => boolean): number {
    const { first, end } = this.#range;
    for (let tried = first; tried < end; tried++) {
      const port = this.#next;
      this.#next = port + 1 < end ? port + 1 : first;
      if (!isTaken(port)) return port;
    }
    throw fail(FAILURES.portsNotReserved, new RangeError("A port could not be allocated."));
  }
}

/** Who has a port: the identifier of its container. */
export type Taken = ReadonlyMap<number, string>;

/**
 * Decides which ports of the host a container gets. A port that it has is kept, unless another one is wanted.
 *
 * @param taken - the ports of other containers.
 * @throws an error that names the port and who has it, if one that is wanted is taken.
 */
export function reserve(
  wanted: readonly PortPair[],
  existing: readonly ReservedPair[],
  taken: Taken,
  allocator: PortAllocator,
): ReservedPair[] {
  const claimed = new Set<number>();
  for (const { external = 0 } of wanted) {
    const container = taken.get(external);
    if (container !== undefined) throw fail(FAILURES.portsNotReserved, undefined, { port: external, container });
    if (external !== 0) claimed.add(external);
  }
  const old = new Map(existing.map(({ internal, external }) => [internal, external]));
  const kept = wanted.map(({ internal, external = 0 }) => {
    const before = old.get(internal);
    const isFree = before !== undefined && !taken.has(before) && !claimed.has(before);
    if (external === 0 && isFree) claimed.add(before);
    return { internal, external: external === 0 && isFree ? before : external };
  });
  return kept.map(({ internal, external }) => {
    const given = external === 0 ? allocator.allocate((port) => taken.has(port) || claimed.has(port)) : external;
    claimed.add(given);
    return { internal, external: given };
  });
}
