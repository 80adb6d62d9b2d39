import { ApiError } from "../../lib/errors/api-error.js";

/** What is known of an object: a description to compare, or undefined if it does not exist. */
export type State = string | undefined;

/** Stands for a state that only the response names, or for any part of what was cut off. */
const ANY = Symbol("any");

type Allowed = State | typeof ANY;

/** States by object, such as `tag a:latest` or `container web`. */
export type States = Readonly<Record<string, State>>;

/** Returns a function that makes a change and returns the states after it. */
function returning(wanted: States, act: () => PromiseLike<unknown>): () => Promise<States> {
  return async () => {
    await act();
    return wanted;
  };
}

/** What an engine has acknowledged: the states that each object may have after a crash. */
export class Ledger {
  readonly #allowed = new Map<string, ReadonlySet<Allowed>>();
  /** The number of changes that were acknowledged. */
  acknowledged = 0;
  /** The number of changes that were cut off. */
  interrupted = 0;
  /** The number of changes that the engine refused. */
  refused = 0;

  /** Returns the state of an object; undefined if it does not exist, or is unknown. */
  get(key: string): State {
    const [state, ...others] = this.#allowed.get(key) ?? [];
    return others.length === 0 && state !== ANY ? state : undefined;
  }

  /** Returns the objects with a prefix that exist. */
  existing(prefix: string): string[] {
    return [...this.#allowed.keys()].filter((key) => key.startsWith(prefix) && this.get(key) !== undefined);
  }

  /** Returns the objects with a prefix that exist, or may. */
  known(prefix: string): string[] {
    return [...this.#allowed.keys()].filter((key) => key.startsWith(prefix));
  }

  /**
   * Makes a change.
   *
   * @param wanted - the states after it.
   * @param act - makes it. When the promise resolves, the change is acknowledged.
   * @throws what `act` throws. A refusal has changed nothing; after other failures, the change may have been made.
   */
  async change(wanted: States, act: () => PromiseLike<unknown>): Promise<void> {
    await this.#change(wanted, returning(wanted, act), false);
  }

  /** Makes a change like {@link change} of which a refusal may come too late: one that stores files before it knows that they fit. */
  async store(wanted: States, act: () => PromiseLike<unknown>): Promise<void> {
    await this.#change(wanted, returning(wanted, act), true);
  }

  /** Makes a change like {@link change}, after which `act` returns the states. A change that is cut off may leave any. */
  async learn(keys: readonly string[], act: () => Promise<States>): Promise<void> {
    await this.#change(Object.fromEntries(keys.map((key) => [key, ANY])), act, false);
  }

  async #change(pending: Readonly<Record<string, Allowed>>, act: () => Promise<States>, isLateRefusal: boolean): Promise<void> {
    const before = new Map(Object.keys(pending).map((key) => [key, this.#allowed.get(key) ?? new Set([undefined])]));
    for (const [key, old] of before) this.#allowed.set(key, new Set([...old, pending[key]]));
    try {
      for (const [key, state] of Object.entries(await act())) this.#allow(key, [state]);
      this.acknowledged += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) this.interrupted += 1;
      else {
        if (!isLateRefusal) for (const [key, old] of before) this.#allow(key, [...old]);
        this.refused += 1;
      }
      throw error;
    }
  }

  /**
   * Compares the ledger with the states that a restarted engine shows, which are taken over.
   *
   * @returns what is wrong.
   */
  settle(found: ReadonlyMap<string, string>): string[] {
    const faults: string[] = [];
    for (const [key, allowed] of this.#allowed) {
      const state = found.get(key);
      const isAllowed = allowed.has(state) || (allowed.has(ANY) && state !== undefined);
      const shown = [...allowed].map((one) => (one === ANY ? "anything" : (one ?? "nothing"))).join(" or ");
      if (!isAllowed) faults.push(`${key} is ${state ?? "gone"} instead of ${shown}`);
      this.#allow(key, [state]);
    }
    for (const [key, state] of found) if (!this.#allowed.has(key)) faults.push(`${key} (${state}) was never asked for`);
    return faults;
  }

  #allow(key: string, states: readonly Allowed[]): void {
    if (states.every((state) => state === undefined)) this.#allowed.delete(key);
    else this.#allowed.set(key, new Set(states));
  }
}
