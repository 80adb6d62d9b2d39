import { packEntries } from "../../archive/pack-entries.js";
import { MountedFiles } from "../files/mounted-files.js";
import { unpackInto } from "../files/unpack.js";
import type { TestedState } from "./tested-state.js";

/** What a volume has, for {@link EngineVolumes.add}. */
export interface NewEngineVolume {
  /** Contents of files by path in the volume. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** Labels. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * Adds volumes with their files: `engine.volumes`.
 *
 * @category Embedded engine
 */
export class EngineVolumes {
  readonly #state: () => TestedState;

  /** @internal */
  constructor(state: () => TestedState) {
    this.#state = state;
  }

  /**
   * Adds a volume, or files to one that exists.
   *
   * @throws an error with `status` 400 for an invalid name.
   */
  async add(name: string, { files = {}, labels }: NewEngineVolume = {}): Promise<void> {
    const { volumes } = this.#state();
    await volumes.create({ name, ...(labels && { labels }) });
    const entries = Object.entries(files).map(([path, content]) => ({ name: path.replace(/^\/+/, ""), content }));
    if (entries.length > 0) await unpackInto(MountedFiles.of(await volumes.tree(name)), "/", packEntries(entries));
  }

  /**
   * Reads a file of a volume.
   *
   * @param path - its path in the volume.
   * @throws an error with `code` `ENOENT` if there is no such file, and one with `status` 404 if there is no such volume.
   */
  async read(name: string, path: string): Promise<Buffer> {
    const tree = await this.#state().volumes.tree(name);
    return MountedFiles.of(tree).readFile(path.startsWith("/") ? path : `/${path}`);
  }
}
