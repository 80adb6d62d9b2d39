import { InvalidJobError } from "../errors.js";
import { portPairs } from "../schemas.js";

/** A port of a container, and the port of the host that leads to it. @category Jobs */
export interface PortPair {
  /** Port in the container: 1 to 65535. */
  readonly internal: number;
  /** Port of the host: 1 to 65535. Chosen by the back end if it is omitted or 0. */
  readonly external?: number | undefined;
}

/** A pair whose port of the host is known. @category Jobs */
export interface ReservedPair {
  /** Port in the container. */
  readonly internal: number;
  /** Port of the host. */
  readonly external: number;
}

/** The ports of a container, as a value beside a response. @category Jobs */
export class PortMapping {
  /** The pairs. */
  readonly pairs: readonly PortPair[];

  /** @param pairs - the pairs. */
  constructor(pairs: readonly PortPair[]) {
    this.pairs = pairs;
  }

  /** What {@link portPairsHeader} writes. */
  toHeader(): string {
    return portPairsHeader(this.pairs);
  }

  /** What {@link portPairsText} writes. */
  toString(): string {
    return portPairsText(this.pairs);
  }
}

/** Writes port pairs as in a header: `8080:4000,8081:4001`, with the internal port first. @category Jobs */
export function portPairsHeader(pairs: readonly PortPair[]): string {
  return pairs.map(({ internal, external = 0 }) => `${internal}:${external}`).join(",");
}

/** Writes port pairs for people: `8080 -> 4000, 8081 -> 4001`, with the internal port first. @category Jobs */
export function portPairsText(pairs: readonly PortPair[]): string {
  return pairs.map(({ internal, external = 0 }) => `${internal} -> ${external}`).join(", ");
}

/**
 * Parses what {@link portPairsHeader} writes. An external port of 0 is one that the back end chooses.
 *
 * @throws {@link InvalidJobError} if the text has another form.
 * @category Jobs
 */
export function parsePortPairs(text: string): PortPair[] {
  if (text.trim() === "") return [];
  const parsed = portPairs.safeParse(
    text.split(",").map((pair) => {
      const [, internal, external] = /^\s*(\d{1,5}):(\d{1,5})\s*$/.exec(pair) ?? [];
      if (internal === undefined)
        throw new InvalidJobError(`port pairs have the form "8080:4000,8081:4001", unlike ${JSON.stringify(pair)}`);
      return { internal: Number(internal), external: Number(external) };
    }),
  );
  if (!parsed.success) throw new InvalidJobError(parsed.error.issues[0]?.message ?? "invalid port pairs");
  return parsed.data;
}
