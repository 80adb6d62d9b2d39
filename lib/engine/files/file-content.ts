import { type ContentRange, readSource } from "./content-source.js";

/** The size of the pieces in which written content is held, in bytes. */
const PAGE = 64 * 1024;

/** The smallest memory of a page that is being written, in bytes. */
const SMALLEST_PAGE = 256;

/** Counts the bytes that the files of a tree hold in memory. */
export class MemoryBudget {
  /** The number of bytes. */
  used = 0;
  /** The maximum number of bytes. */
  readonly limit: number;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.limit = limit;
  }

  /** The number of bytes that may still be taken. */
  get left(): number {
    return this.limit - this.used;
  }

  /** Adds to the count; a negative number frees. Throws {@link NoRoomError} beyond the limit. */
  take(bytes: number): void {
    if (bytes > 0 && this.used + bytes > this.limit) throw new NoRoomError(0);
    this.used += bytes;
  }
}

/** Written content exceeds the limit of its tree. */
export class NoRoomError extends Error {
  /** The position that was reached. */
  readonly reached: number;

  constructor(reached: number) {
    super("no room");
    this.name = "NoRoomError";
    this.reached = reached;
  }
}

/**
 * The content of a regular file: a range of a source that never changes, and over it the pages that were written. Pages that were
 * never written take no memory, so a file may have holes.
 */
export class FileContent {
  /** The number of bytes. */
  size: number;
  #base: ContentRange | undefined;
  /** The bytes of the base that still belong to the file: fewer than its size after the file was cut off. */
  #baseSize: number;
  readonly #pages = new Map<number, Buffer>();
  /** Counts the memory of the pages. Content without one never changes. */
  readonly budget: MemoryBudget | undefined;

  /**
   * @param base - the content to start from. Without it, the file is empty.
   * @param budget - counts the memory of the pages.
   */
  constructor(base?: ContentRange, budget?: MemoryBudget) {
    this.#base = base;
    this.#baseSize = this.size = base?.size ?? 0;
    this.budget = budget;
  }

  /** Returns a copy that changes independently. Only pages that were written are copied. */
  copy(budget: MemoryBudget): FileContent {
    const copy = new FileContent(this.#base, budget);
    copy.size = this.size;
    copy.#baseSize = this.#baseSize;
    for (const [index, page] of this.#pages) copy.#setPage(index, Buffer.from(page));
    return copy;
  }

  /** Returns at most `length` bytes from `position`, and no bytes at the end. */
  async read(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size);
    if (position >= end) return Buffer.alloc(0);
    if (this.#pages.size === 0 && end <= this.#baseSize) return this.#readBase(position, end);
    const result = Buffer.alloc(end - position);
    for (let at = position; at < end;) {
      const index = Math.floor(at / PAGE);
      const until = Math.min(end, (index + 1) * PAGE);
      const page = this.#pages.get(index);
      if (page) result.set(page.subarray(at - index * PAGE, until - index * PAGE), at - position);
      else if (at < this.#baseSize) result.set(await this.#readBase(at, until), at - position);
      at = until;
    }
    return result;
  }

  /** Yields the bytes from `from` to `to`, which is excluded, or to the end. */
  async *chunks(from = 0, to = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer, void, undefined> {
    const end = Math.min(to, this.size);
    if (this.#pages.size === 0 && this.#base && from < end && end <= this.#baseSize) {
      const start = this.#base.from;
      if (end - from <= PAGE) yield await this.#readBase(from, end);
      else yield* this.#base.source.read(start + from, start + end) as AsyncIterable<Buffer>;
      return;
    }
    for (let at = from; at < Math.min(to, this.size);) {
      const chunk = await this.read(at, Math.min(PAGE, to - at));
      if (chunk.length === 0) return;
      at += chunk.length;
      yield chunk;
    }
  }

  /** Writes bytes at `position`. A gap before them reads as zeros. */
  async write(data: Uint8Array, position: number): Promise<void> {
    const end = position + data.length;
    for (let at = position; at < end;) {
      const index = Math.floor(at / PAGE);
      const start = index * PAGE;
      const until = Math.min(end, start + PAGE);
      const covered = at === start && until >= Math.min(this.#baseSize, start + PAGE);
      if (!covered && !this.#pages.has(index) && start < this.#baseSize) await this.#loadPage(index);
      // as much is written as there is room for
      const room = this.#room(index, until - start);
      const reached = Math.max(at, Math.min(until, start + room.length));
      room.set(data.subarray(at - position, reached - position), at - start);
      if (reached > at) this.size = Math.max(this.size, reached);
      if (reached < until) throw new NoRoomError(reached);
      at = reached;
    }
  }

  /** Writes bytes at the end. The place is taken at once, so that concurrent writers do not overwrite each other. */
  async append(data: Uint8Array): Promise<void> {
    const start = this.size;
    const end = (this.size += data.length);
    try {
      await this.write(data, start);
    } catch (error) {
      if (this.size === end) this.truncate(error instanceof NoRoomError ? error.reached : start);
      throw error;
    }
  }

  /** Cuts the content off, or extends it with zeros. */
  truncate(length: number): void {
    if (length < this.size) {
      for (const [index, page] of this.#pages) {
        const start = index * PAGE;
        if (start >= length) this.#dropPage(index, page);
        else if (start + page.length > length) page.fill(0, length - start);
      }
      this.#baseSize = Math.min(this.#baseSize, length);
      if (this.#baseSize === 0) this.#base = undefined;
    }
    this.size = length;
  }

  /** Frees the memory of the pages. The content is empty afterwards. */
  free(): void {
    this.truncate(0);
  }

  #readBase(from: number, to: number): Promise<Buffer> {
    if (!this.#base) return Promise.resolve(Buffer.alloc(0));
    const start = this.#base.from;
    return readSource(this.#base.source, start + from, start + Math.min(to, this.#baseSize));
  }

  /** Copies a page of the base, unless someone else has done so in the meantime. */
  async #loadPage(index: number): Promise<void> {
    const start = index * PAGE;
    const bytes = await this.#readBase(start, start + PAGE);
    if (!this.#pages.has(index)) this.#setPage(index, Buffer.from(bytes.subarray(0, Math.max(0, this.#baseSize - start))));
  }

  /** Returns a page with room for a number of bytes, or for as many as the limit allows. */
  #room(index: number, length: number): Buffer {
    const page = this.#pages.get(index);
    if (page && page.length >= length) return page;
    const most = (page?.length ?? 0) + (this.budget?.left ?? Infinity);
    const grown = Buffer.alloc(Math.min(PAGE, most, Math.max(length, SMALLEST_PAGE, (page?.length ?? 0) * 2)));
    if (page) grown.set(page);
    this.#setPage(index, grown);
    return grown;
  }

  #setPage(index: number, page: Buffer): void {
    this.budget?.take(page.length - (this.#pages.get(index)?.length ?? 0));
    this.#pages.set(index, page);
  }

  #dropPage(index: number, page: Buffer): void {
    this.budget?.take(-page.length);
    this.#pages.delete(index);
  }
}
