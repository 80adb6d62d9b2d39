import { Changes } from "../changes.js";
import { FileError } from "./file-error.js";
import type { OpenFlags } from "./file-system.js";
import type { FileStatus, OpenFile, Tree } from "./tree.js";

/** The number of bytes that a FIFO holds before writers wait, as on Linux. */
const CAPACITY = 65_536;

/** What is behind a FIFO while processes have it open. */
class Fifo {
  readonly changes = new Changes();
  readonly chunks: Buffer[] = [];
  /** The number of bytes that were written and not read. */
  length = 0;
  readers = 0;
  writers = 0;
  /** How often each end was opened: whoever waits for the other end has met it even if it is closed again. */
  readonly openings = { read: 0, write: 0 };

  /** Returns at most `length` bytes, and none when nobody writes any more. */
  async read(length: number, signal?: AbortSignal): Promise<Buffer> {
    while (this.length === 0 && this.writers > 0) await this.changes.wait(signal);
    const [chunk] = this.chunks;
    if (!chunk) return Buffer.alloc(0);
    if (chunk.length <= length) this.chunks.shift();
    else this.chunks[0] = chunk.subarray(length);
    const data = chunk.subarray(0, length);
    this.length -= data.length;
    this.changes.wake();
    return data;
  }

  async write(data: Uint8Array, path: string, signal?: AbortSignal): Promise<void> {
    while (this.length >= CAPACITY && this.readers > 0) await this.changes.wait(signal);
    if (this.readers === 0) throw new FileError("EPIPE", path);
    this.chunks.push(Buffer.from(data));
    this.length += data.length;
    this.changes.wake();
  }

  closed(): void {
    if (this.readers + this.writers === 0) {
      this.chunks.length = 0;
      this.length = 0;
    }
    this.changes.wake();
  }
}

/** The FIFOs that are open, by their tree and inode. */
const fifos = new WeakMap<Tree, Map<number, Fifo>>();

function fifoOf(tree: Tree, inode: number): Fifo {
  const ofTree = fifos.get(tree) ?? new Map<number, Fifo>();
  fifos.set(tree, ofTree);
  const fifo = ofTree.get(inode) ?? new Fifo();
  ofTree.set(inode, fifo);
  return fifo;
}

/** An end of a FIFO, or both. */
class OpenFifo implements OpenFile {
  readonly isStream = true;
  readonly #fifo: Fifo;
  readonly #ends: { readonly reads: boolean; readonly writes: boolean };
  readonly #file: { readonly path: string; readonly status: () => Promise<FileStatus> };
  readonly #signal: AbortSignal | undefined;
  #isOpen = true;

  constructor(
    fifo: Fifo,
    ends: { reads: boolean; writes: boolean },
    file: { path: string; status: () => Promise<FileStatus> },
    signal: AbortSignal | undefined,
  ) {
    this.#fifo = fifo;
    this.#ends = ends;
    this.#file = file;
    this.#signal = signal;
    if (ends.reads) fifo.readers++;
    if (ends.writes) fifo.writers++;
  }

  read(_position: number, length: number, signal = this.#signal): Promise<Buffer> {
    return this.#fifo.read(length, signal);
  }

  write(data: Uint8Array, _position?: number, signal = this.#signal): Promise<void> {
    return this.#fifo.write(data, this.#file.path, signal);
  }

  truncate(): Promise<void> {
    return Promise.reject(new FileError("EINVAL", this.#file.path));
  }

  status(): Promise<FileStatus> {
    return this.#file.status();
  }

  close(): Promise<void> {
    if (this.#isOpen) {
      if (this.#ends.reads) this.#fifo.readers--;
      if (this.#ends.writes) this.#fifo.writers--;
      this.#fifo.closed();
    }
    this.#isOpen = false;
    return Promise.resolve();
  }
}

/**
 * Opens a FIFO, as `open(2)` does: waits until a process has the other end open, unless it is opened for both.
 *
 * @param place - the FIFO.
 * @param flags - how it is opened.
 * @param path - its path, for errors.
 * @param signal - ends the wait, and those of reads and writes that have no signal of their own.
 */
export async function openFifo(
  { tree, path: inTree, inode }: { tree: Tree; path: string; inode: number },
  flags: OpenFlags,
  path: string,
  signal?: AbortSignal,
): Promise<OpenFile> {
  const fifo = fifoOf(tree, inode);
  const reads = flags === "r" || flags.endsWith("+");
  const writes = flags !== "r";
  const status = async (): Promise<FileStatus> => {
    const found = await tree.status(inTree);
    if (!found) throw new FileError("ENOENT", path);
    return found;
  };
  const opened = new OpenFifo(fifo, { reads, writes }, { path, status }, signal);
  if (reads) fifo.openings.read++;
  if (writes) fifo.openings.write++;
  fifo.changes.wake();
  const other = reads ? "write" : "read";
  const before = fifo.openings[other];
  const isMet = (): boolean => (reads && writes) || fifo.openings[other] !== before || (reads ? fifo.writers : fifo.readers) > 0;
  try {
    while (!isMet()) await fifo.changes.wait(signal);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}
