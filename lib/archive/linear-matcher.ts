/** One step of an expression. */
export type Step =
  /** One character, or any number of them. */
  | { readonly kind: "one" | "many"; readonly accepts: (char: string) => boolean }
  /** The next steps, or none of them. */
  | { readonly kind: "optional"; readonly steps: number }
  /** A position between two characters, which are undefined at the start and at the end. */
  | { readonly kind: "place"; readonly holds: (before: string | undefined, after: string | undefined) => boolean };

/** The steps of an expression that the text so far may have reached, with the known states after one more character. */
interface State {
  readonly at: readonly number[];
  /** A character that stands for the last one when positions are tested; undefined at the start. */
  readonly before: string | undefined;
  readonly next: Map<string, State>;
}

/** The maximum number of transitions to remember. */
const LONGEST_MEMORY = 10_000;

/**
 * Matches whole strings against an expression in linear time. All alternatives are followed at the same time, as in Go. A matcher
 * that backtracks, as JavaScript's does, can take hours for a malicious pattern in someone else's ignore file.
 */
export class LinearMatcher {
  readonly #steps: readonly Step[];
  readonly #hasPlaces: boolean;
  readonly #states = new Map<string, State>();
  readonly #start: State;
  #remembered = 0;

  /** @param steps - the expression. */
  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#hasPlaces = steps.some(({ kind }) => kind === "place");
    this.#start = { at: [0], before: undefined, next: new Map() };
  }

  /** Whether the whole string matches. */
  matches(text: string): boolean {
    let state = this.#start;
    for (const char of text) {
      state = state.next.get(char) ?? this.#advance(state, char);
      if (state.at.length === 0) return false;
    }
    return this.#reach(state, undefined).includes(this.#steps.length);
  }

  /** Returns all steps that can be reached from a state without another character. */
  #reach({ at, before }: State, after: string | undefined): number[] {
    const reached = new Set(at);
    for (const place of reached) {
      const step = this.#steps[place];
      if (step?.kind === "many" || (step?.kind === "place" && step.holds(before, after))) reached.add(place + 1);
      else if (step?.kind === "optional") reached.add(place + 1).add(place + 1 + step.steps);
    }
    return [...reached];
  }

  #advance(state: State, char: string): State {
    const places = new Set<number>();
    for (const place of this.#reach(state, char)) {
      const step = this.#steps[place];
      if (step?.kind === "one" && step.accepts(char)) places.add(place + 1);
      else if (step?.kind === "many" && step.accepts(char)) places.add(place);
    }
    const at = [...places].sort((a, b) => a - b);
    const before = this.#hasPlaces && /\w/.test(char) ? "a" : ".";
    if (++this.#remembered > LONGEST_MEMORY) {
      for (const { next } of [this.#start, ...this.#states.values()]) next.clear();
      this.#states.clear();
      this.#remembered = 0;
    }
    const key = `${before}${at.join()}`;
    let next = this.#states.get(key);
    if (!next) this.#states.set(key, (next = { at, before, next: new Map() }));
    state.next.set(char, next);
    return next;
  }
}
