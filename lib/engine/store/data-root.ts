import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FolderInUseError, takeLock } from "../../store/lock.js";
import { DiskRecords, MemoryRecords, type Records } from "../../store/records.js";
import type { Durability } from "../../store/safe-files.js";
import { errorMessage } from "../../wire/realm.js";
import type { BlobStore } from "./blobs.js";
import { DiskBlobs } from "./disk-blobs.js";
import { MemoryBlobs } from "./memory-blobs.js";

/** The kinds of records in a data root, each in a directory of this name. */
type RecordKind = "containers" | "engine" | "images" | "layers" | "networks" | "references" | "volumes";

/** The kinds of records that belong to images, and the engine's own, which says that it has got its images. */
const imageKinds = ["engine", "images", "layers", "references"] as const satisfies RecordKind[];

/** The directories of a data root whose content belongs to other modules. */
type DataDirectory = "containers" | "oci" | "scratch" | "trees" | "volumes";

/**
 * Where an engine keeps its state.
 *
 * On disk: `engine.<number>.lock`, `blobs/`, `records/<kind>/` and `data/<directory>/`.
 */
export interface DataRoot {
  /** The directory; undefined if the state is in memory. */
  readonly path: string | undefined;
  /** What completed writes survive. */
  readonly durability: Durability;
  /** Layers, configurations and manifests. */
  readonly blobs: BlobStore;
  /** Opens the records of a kind. A second call returns the same object. */
  records<T>(kind: RecordKind): Promise<Records<T>>;
  /** Returns the path of a directory for files, which is created with mode 0700; undefined if the state is in memory. */
  directory(name: DataDirectory): Promise<string | undefined>;
  /** Returns an object that ends with this one, such as files in memory. It is created the first time. */
  held<T>(name: string, create: () => T): T;
  /**
   * Returns a data root that takes the place of this one, with copies of its images or with nothing. A data root on disk is emptied
   * and closed for it.
   */
  replacement(keepsImages: boolean): Promise<DataRoot>;
  /** Frees the data root for another engine. */
  close(): Promise<void>;
}

/** Options for {@link openDataRoot}. */
export interface DataRootOptions {
  /** What completed writes survive. By default the end of the process. */
  durability?: Durability | undefined;
  /** Receives what is wrong with it: records that could not be read. */
  onReport?: ((message: string) => void) | undefined;
}

/** Holds the opened records of each kind. */
class RecordCache {
  readonly #opened = new Map<RecordKind, Promise<unknown>>();

  /** Returns the records of a kind, opened once. The caller decides on their type. */
  open<T>(kind: RecordKind, open: () => Promise<Records<T>>): Promise<Records<T>> {
    const opened = (this.#opened.get(kind) as Promise<Records<T>> | undefined) ?? open(); // one type per kind
    this.#opened.set(kind, opened);
    return opened;
  }
}

/**
 * Creates a data root in memory.
 *
 * @param folder - a temporary folder for what cannot be in memory. Without it, nothing is on disk.
 */
export function memoryDataRoot(folder?: string): DataRoot {
  return memoryRoot(new MemoryBlobs(), new RecordCache(), folder);
}

function memoryRoot(blobs: MemoryBlobs, cache: RecordCache, folder: string | undefined): DataRoot {
  const records = <T>(kind: RecordKind): Promise<Records<T>> => cache.open(kind, () => Promise.resolve(new MemoryRecords<T>()));
  return {
    path: undefined,
    durability: "process",
    blobs,
    records,
    directory: async (name) => {
      if (folder === undefined) return undefined;
      const directory = join(folder, name);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return directory;
    },
    held: holder(),
    replacement: async (keepsImages) => {
      if (!keepsImages) return memoryDataRoot(folder);
      const copies = new RecordCache();
      for (const kind of imageKinds) {
        const copy = new MemoryRecords((await records(kind)).all());
        await copies.open(kind, () => Promise.resolve(copy));
      }
      return memoryRoot(new MemoryBlobs(blobs), copies, folder);
    },
    close: () => Promise.resolve(),
  };
}

/** Returns a function that creates objects by name, each once. */
function holder(): DataRoot["held"] {
  const objects = new Map<string, unknown>();
  return <T>(name: string, create: () => T): T => {
    if (!objects.has(name)) objects.set(name, create());
    return objects.get(name) as T; // one type per name
  };
}

/**
 * Opens a data root on disk, and creates it if it does not exist.
 *
 * @param path - the directory.
 * @param options - the durability.
 * @throws {@link FolderInUseError} when another engine uses it, and an error that names it when it cannot be read or written.
 */
export async function openDataRoot(path: string, options: DataRootOptions = {}): Promise<DataRoot> {
  const root = resolve(path);
  const { durability = "process", onReport } = options;
  const onCorrupt = (file: string): void => onReport?.(`a record could not be read and was set aside: ${file}`);
  let free = (): Promise<void> => Promise.resolve();
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    free = await takeLock(root, { holder: "engine", place: "data root" });
    for (const name of await readdir(root)) if (name.endsWith(".tmp")) await rm(join(root, name), { force: true });
    const blobs = await DiskBlobs.open(join(root, "blobs"), durability);
    const cache = new RecordCache();
    return {
      path: root,
      durability,
      blobs,
      records: <T>(kind: RecordKind) =>
        cache.open(kind, () => DiskRecords.open<T>(join(root, "records", kind), durability, onCorrupt)),
      directory: async (name) => {
        const directory = join(root, "data", name);
        await mkdir(directory, { recursive: true, mode: 0o700 });
        return directory;
      },
      held: holder(),
      replacement: async (keepsImages) => {
        await emptyRoot(root, keepsImages);
        await free();
        return openDataRoot(path, options);
      },
      close: free,
    };
  } catch (error) {
    await free();
    if (error instanceof FolderInUseError) throw error;
    throw new Error(`cannot use data root ${root}: ${errorMessage(error)}`, { cause: error });
  }
}

/** The directories that an emptied data root loses. What the machine's processes have mounted is elsewhere. */
const emptied: readonly DataDirectory[] = ["containers", "scratch", "trees", "volumes"];

/** Removes everything of a data root that has no containers any more but its lock, or everything but the lock and the images. */
async function emptyRoot(root: string, keepsImages: boolean): Promise<void> {
  const kinds = await readdir(join(root, "records"));
  const removed = kinds.filter((kind) => !keepsImages || !imageKinds.some((kept) => kept === kind));
  const paths = [
    ...removed.map((kind) => join("records", kind)),
    ...emptied.map((name) => join("data", name)),
    ...(keepsImages ? [] : ["blobs"]),
  ];
  for (const path of paths) await rm(join(root, path), { recursive: true, force: true });
}
