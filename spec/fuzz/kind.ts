import fc from "fast-check";
import { cutAt } from "../support/streams.js";

/** A kind of input, and the property that each input must satisfy. */
interface Kind {
  /** The implementations that are compared, for the report. */
  readonly about: string;
  /** Checked for one input after another. */
  readonly property: fc.IRawProperty<unknown>;
  /** The number of inputs by outcome, for the report. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Removes everything that the kind has created. */
  readonly close: () => Promise<void> | void;
}

/** Creates a kind when it is run. */
export type KindFactory = () => Promise<Kind> | Kind;

/** Counts outcomes by name. */
export class Outcomes extends Map<string, number> {
  count(outcome: string): void {
    this.set(outcome, (this.get(outcome) ?? 0) + 1);
  }
}

/**
 * A change to bytes: some are removed at a position and others inserted. A position is a fraction of the length, in
 * ten-thousandths.
 */
export interface Mutation {
  readonly place: number;
  readonly removed: number;
  readonly inserted: string;
}

/** Up to three changes; often none. The inserted text has one character per byte. */
export const mutations = (snippets: readonly string[]): fc.Arbitrary<readonly Mutation[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 3,
      arbitrary: fc.array(
        fc.record({
          place: fc.nat({ max: 9_999 }),
          removed: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 40 })),
          inserted: fc.oneof(
            fc.constantFrom("", ...snippets),
            fc.nat({ max: 255 }).map((byte) => String.fromCharCode(byte)),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    },
  );

/** Applies changes in order. */
export function mutated(bytes: Buffer, changes: readonly Mutation[]): Buffer {
  let text = bytes.toString("latin1");
  for (const { place, removed, inserted } of changes) {
    const at = Math.floor((place / 10_000) * (text.length + 1));
    text = text.slice(0, at) + inserted + text.slice(at + removed);
  }
  return Buffer.from(text, "latin1");
}

/** Where bytes are cut into pieces: everywhere, or at these positions. */
export type Cuts = "everywhere" | readonly number[];

export const cuts = (): fc.Arbitrary<Cuts> =>
  fc.oneof(
    fc.constant([]),
    fc.constant("everywhere" as const),
    fc.array(fc.nat({ max: 4_000 }), { maxLength: 12 }),
    fc.array(fc.nat({ max: 100 }), { maxLength: 12 }),
  );

/** Cuts bytes into pieces, which are copies. */
export const cut = (bytes: Buffer, places: Cuts): Buffer[] =>
  cutAt(bytes, places === "everywhere" ? Array.from(bytes, (_, place) => place) : places);

/** Thrown when an input violates the property. Its message describes the finding. */
export class Finding extends Error {
  override readonly name = "Finding";
}

/** Compares two results by their JSON, which the finding quotes. */
export function mustEqual(what: string, ours: unknown, theirs: unknown): void {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (a !== b) throw new Finding(`${what}: ours ${a.slice(0, 2_000)}, expected ${b.slice(0, 2_000)}`);
}
