import { EngineError } from "../engine-error.js";

/** The largest window, as the exponent of 2, that the decoder of Node.js accepts, too. */
const WINDOW_LIMIT = 27;

/** What is needed next: so many bytes to look at, or so many that are passed over. */
interface Need {
  readonly isRead: boolean;
  readonly length: number;
}

const read = (length: number): Need => ({ isRead: true, length });
const skip = (length: number): Need => ({ isRead: false, length });

/** Checks the header of every frame. Leaves all other faults to the decoder. */
function* headers(): Generator<Need, void, Buffer> {
  for (;;) {
    const magic = (yield read(4)).readUInt32LE();
    if (magic >>> 4 === 0x184d2a5) {
      yield skip((yield read(4)).readUInt32LE());
      continue;
    }
    if (magic !== 0xfd2fb528) return;
    const [descriptor = 0] = yield read(1);
    const isSingle = (descriptor & 0x20) !== 0;
    const [window = 0] = isSingle ? [] : yield read(1);
    yield skip([0, 1, 2, 4][descriptor & 3] ?? 0);
    const sizeLength = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const size = sizeLength === 0 ? Buffer.alloc(0) : yield read(sizeLength);
    // a frame of a single segment has no window: all of its content is kept
    const windowSize = isSingle ? numberOf(size) : 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
    if (windowSize > 2 ** WINDOW_LIMIT) throw new EngineError(400, `zstd: the window is larger than 2^${WINDOW_LIMIT} bytes`);
    for (let isLast = false; !isLast;) {
      const block = (yield read(3)).readUIntLE(0, 3);
      isLast = (block & 1) !== 0;
      const isRepeated = ((block >> 1) & 3) === 1;
      yield skip(isRepeated ? 1 : block >> 3);
    }
    if ((descriptor & 4) !== 0) yield skip(4);
  }
}

/** Returns the little-endian number in bytes. */
const numberOf = (bytes: Buffer): number => bytes.reduceRight((number, byte) => number * 256 + byte, 0);

/** Refuses frames that need too much memory, by their headers. */
export class ZstdFrames {
  readonly #headers = headers();
  /** Undefined after what is no frame. */
  #need = this.#next();
  #held = Buffer.alloc(0);
  #skipped = 0;

  /** Looks at the next bytes, before they are decompressed. @throws {@link EngineError} when a frame has too large a window. */
  check(bytes: Buffer): void {
    let rest = bytes;
    while (this.#need) {
      const { isRead, length } = this.#need;
      const missing = length - (isRead ? this.#held.length : this.#skipped);
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      if (isRead) this.#held = Buffer.concat([this.#held, part]);
      else this.#skipped += part.length;
      if (part.length < missing) return;
      this.#need = this.#next(this.#held);
      this.#held = Buffer.alloc(0);
      this.#skipped = 0;
    }
  }

  #next(given = Buffer.alloc(0)): Need | undefined {
    return this.#headers.next(given).value ?? undefined;
  }
}
