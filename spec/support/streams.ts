import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { onTestFinished } from "vitest";
import { Exchange } from "../../lib/transport/exchange.js";

const unbounded = { connect: 0, headers: 0, inactivity: 0, total: 0 };

/** An exchange that reads its response from a stream, connected as the transport connects them. */
export function exchangeOf(source: Readable, signal?: AbortSignal): Exchange {
  const exchange = new Exchange("logs", "unix:///engine.sock", unbounded, signal);
  exchange.setCanceller((error) => source.destroy(error));
  source.once("close", () => exchange.finish());
  return exchange;
}

/** A stream that yields these chunks unchanged and then ends. */
export function sourceOf(chunks: Iterable<Buffer>): Readable {
  return Readable.from(chunks, { objectMode: false });
}

/** A stream that is pushed to manually and never requests data. */
export function pushed(highWaterMark?: number): Readable {
  return new Readable({ highWaterMark, read: () => undefined });
}

/** Cuts bytes into pieces, at positions that may lie outside of them. */
export function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const cuts = [...new Set(positions.map((position) => position % (bytes.length + 1)))].sort((a, b) => a - b);
  const ends = [...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length];
  let from = 0;
  return ends.map((end) => {
    // a copy, because decoders may write into their input
    const piece = Buffer.from(bytes.subarray(from, end));
    from = end;
    return piece;
  });
}

/** Ways to cut bytes: everywhere, nowhere, or at random. */
export const cuts = (bytes: Buffer): fc.Arbitrary<Buffer[]> =>
  fc
    .oneof(
      fc.constant(Array.from(bytes, (_, i) => i)),
      fc.constant([]),
      fc.array(fc.nat({ max: Math.max(1, bytes.length) }), { maxLength: 12 }),
    )
    .map((positions) => cutAt(bytes, positions));

/** A sink that accepts writes only on request and records the most bytes that it held. */
export class HeldSink extends Writable {
  readonly chunks: Buffer[] = [];
  mostHeld = 0;
  writes = 0;
  #release: (() => void) | undefined;
  #isOpen = false;

  override write(...parameters: unknown[]): boolean {
    this.writes += 1;
    const more = (super.write as (...given: unknown[]) => boolean)(...parameters);
    this.mostHeld = Math.max(this.mostHeld, this.writableLength);
    return more;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // later writes must not change earlier ones
    this.chunks.push(Buffer.from(chunk));
    if (this.#isOpen) setImmediate(done);
    else this.#release = done;
  }

  /** Accepts every write from now on. */
  open(): void {
    this.#isOpen = true;
    this.#release?.();
  }

  get content(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** The number of a stream's listeners by event. */
export function listenerCounts(stream: NodeJS.EventEmitter): Record<string, number> {
  return Object.fromEntries(stream.eventNames().map((name) => [String(name), stream.listenerCount(name)]));
}

/** Waits until all pending events have been handled. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The rejection reason of a promise. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was fulfilled");
}

/** Both ends of a connection over a unix socket: the client's, and the engine's, which does not read automatically. */
export async function socketPair(): Promise<{ near: Socket; far: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-pair-"));
  const path = join(folder, "socket");
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const near = connect({ path });
  await once(near, "connect");
  const far = await accepted;
  far.on("error", () => undefined);
  server.close();
  onTestFinished(async () => {
    near.destroy();
    far.destroy();
    await rm(folder, { recursive: true });
  });
  return { near, far };
}

/** The data that a socket receives until the other end closes its half. The socket remains open. */
export async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).resume();
  await once(socket, "end");
  return Buffer.concat(chunks).toString();
}
