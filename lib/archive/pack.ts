import { handled } from "../wire/quiet.js";
import type { LoadedEntry } from "./loaded-entry.js";
import { encodeHeader, endOfArchive, padding } from "./tar-header.js";

/** The number of paths that are opened and read concurrently. */
const AHEAD = 16;

/** The size, in bytes, up to which small pieces are joined. */
const BATCH = 128 * 1024;

/** Releases the resources of a loaded entry. */
function release(entry: LoadedEntry): void {
  if (entry.content && "close" in entry.content) entry.content.close();
}

/**
 * Loads items in order, several concurrently.
 *
 * @param batches - consecutive lists of items.
 * @param load - loads an item; undefined leaves it out.
 * @returns the loaded entries, in the order of the items. If the receiver stops early, the remaining entries are released.
 */
export async function* loadInOrder<T>(
  batches: AsyncGenerator<readonly T[], void, undefined>,
  load: (item: T) => Promise<LoadedEntry | undefined>,
): AsyncGenerator<LoadedEntry, void, undefined> {
  const loading: Promise<LoadedEntry | undefined>[] = [];
  let batch: readonly T[] = [];
  let at = 0;
  let more = true;
  try {
    for (;;) {
      while (more && loading.length < AHEAD) {
        const item = batch[at++];
        if (item === undefined) {
          const next = await batches.next();
          batch = next.done ? [] : next.value;
          at = 0;
          more = !next.done;
          continue;
        }
        loading.push(handled(load(item))); // a failure is thrown in order
      }
      const first = loading.shift();
      if (!first) return;
      const entry = await first;
      if (entry) yield entry;
    }
  } finally {
    await batches.return();
    for (const result of await Promise.allSettled(loading))
      if (result.status === "fulfilled" && result.value) release(result.value);
  }
}

/**
 * Writes entries as an archive.
 *
 * A file that has already been written under another name becomes a hard link to that name.
 */
export async function* writeArchive(entries: AsyncIterable<LoadedEntry>): AsyncGenerator<Buffer, void, undefined> {
  const written = new Map<string, string>();
  let batch: Buffer[] = [];
  let length = 0;
  const add = (...pieces: Buffer[]): void => {
    for (const piece of pieces) length += piece.length;
    batch.push(...pieces);
  };
  const take = (): Buffer => {
    const taken = Buffer.concat(batch, length);
    batch = [];
    length = 0;
    return taken;
  };
  for await (const entry of entries) {
    const { header, content, inode } = entry;
    const linkname = inode === undefined ? undefined : written.get(inode);
    if (linkname !== undefined) {
      release(entry);
      add(encodeHeader({ ...header, type: "link", size: 0, linkname }));
    } else {
      if (inode !== undefined) written.set(inode, header.name);
      add(encodeHeader(header));
      if (content && "chunks" in content) {
        try {
          yield take();
          yield* content.chunks();
        } finally {
          content.close();
        }
      } else if (content) add(content);
      add(padding(header.size));
    }
    if (length >= BATCH) yield take();
  }
  add(endOfArchive());
  yield take();
}
