import type { RootTree } from "../files/root-tree.js";
import type { Snapshot } from "../files/snapshot.js";
import type { Tree } from "../files/tree.js";
import type { ContainerRecord } from "./record.js";

/** Files of a container that are mounted over those of its image. */
export interface PlacedTree {
  /** The files. */
  readonly tree: Tree;
  /** Their folder on the host, if they are in one. */
  readonly folder?: string;
}

/** Keeps the root file systems of containers. */
export interface RootStore {
  /**
   * Opens the root of a container. A second call returns the same.
   *
   * @param snapshot - returns the files of layers, the lowest first.
   */
  root(record: ContainerRecord, snapshot: (layers: readonly string[]) => Promise<Snapshot>): Promise<RootTree>;
  /** Opens the files that the engine writes for a container: a flat directory, which is empty at first. */
  own(record: ContainerRecord): Promise<PlacedTree>;
  /** Keeps what a container wrote over a restart of the engine. The caller saves the record. */
  keep(record: ContainerRecord): Promise<void>;
  /** Removes what earlier calls of `keep` kept, when the record that names the last one is saved. */
  settle?(record: ContainerRecord): Promise<void>;
  /** Removes what no image and no container has any more, by the layers of all of them. No container is made meanwhile. */
  collect?(used: Iterable<readonly string[]>): Promise<void>;
  /** Removes the files of a container. */
  remove(record: ContainerRecord): Promise<void>;
}
