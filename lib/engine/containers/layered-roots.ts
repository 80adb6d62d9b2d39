import type { Clock } from "../clock.js";
import { applyLayer } from "../files/apply-layer.js";
import { LayeredRoot } from "../files/layered-root.js";
import { LayeredTree } from "../files/layered-tree.js";
import { Snapshot } from "../files/snapshot.js";
import { withInitLayer } from "./init-layer.js";
import type { ContainerRecord } from "./record.js";
import type { PlacedTree, RootStore } from "./root-store.js";
import type { WrittenFiles } from "./written-files.js";

/** Keeps what containers write in memory while the engine runs, for executors that mount nothing. */
export class LayeredRoots implements RootStore {
  readonly #clock: Clock;
  readonly #written: WrittenFiles | undefined;
  readonly #roots = new Map<string, Promise<LayeredRoot>>();
  readonly #own = new Map<string, LayeredTree>();

  /** @param written - keeps what containers wrote; undefined if that ends with the engine. */
  constructor(clock: Clock, written: WrittenFiles | undefined) {
    this.#clock = clock;
    this.#written = written;
  }

  root(record: ContainerRecord, snapshot: (layers: readonly string[]) => Promise<Snapshot>): Promise<LayeredRoot> {
    const root = this.#roots.get(record.id) ?? this.#open(record, snapshot);
    this.#roots.set(record.id, root);
    return root;
  }

  async #open(record: ContainerRecord, snapshot: (layers: readonly string[]) => Promise<Snapshot>): Promise<LayeredRoot> {
    const base = await withInitLayer(await snapshot(record.layers));
    const archive = this.#written?.source(record);
    const written = archive && (await applyLayer(base, archive));
    return new LayeredRoot(base, { now: () => this.#clock.now(), ...(written ? { written } : {}) });
  }

  own({ id }: ContainerRecord): Promise<PlacedTree> {
    const tree = this.#own.get(id) ?? new LayeredTree(Snapshot.empty, { now: () => this.#clock.now() });
    this.#own.set(id, tree);
    return Promise.resolve({ tree });
  }

  async keep(record: ContainerRecord): Promise<void> {
    const root = await this.#roots.get(record.id);
    if (root) await this.#written?.keep(record, root);
  }

  async settle(record: ContainerRecord): Promise<void> {
    await this.#written?.settle(record);
  }

  async remove({ id }: ContainerRecord): Promise<void> {
    await this.#written?.remove(id);
    this.#roots.delete(id);
    this.#own.delete(id);
  }
}
