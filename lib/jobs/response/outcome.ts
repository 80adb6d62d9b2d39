import { type JobError, ResponseOrderError } from "../errors.js";
import type { JobResponse, JobSuccess, JobWriter, PendingValue, WriteOptions } from "./job-response.js";

/** The most bytes of output that callers who come later receive. */
const REPLAY_LIMIT = 1024 * 1024;

/** What stands in the place of output that is not replayed. */
const GAP = Buffer.from("…\n");

/** How many bytes a reader may have waiting before the job is told to wait. */
const HIGH_WATER = 256 * 1024;

/** What a response begins with. */
export type Head =
  | { readonly kind: "failure"; readonly error: JobError }
  | {
      readonly kind: "success";
      readonly type: JobSuccess;
      readonly pending: ReadonlyMap<string, PendingValue>;
      readonly data?: object;
    }
  | {
      readonly kind: "stream";
      readonly type: JobSuccess;
      readonly pending: ReadonlyMap<string, PendingValue>;
      readonly options: WriteOptions;
    };

/** Receives a response. */
export interface OutcomeReader {
  /** Called once, before all output. */
  head(head: Head): void;
  /** Called with output in order. Returns a promise that resolves when more may come, also if the reader is gone. It never rejects. */
  output(chunk: Uint8Array): Promise<void> | undefined;
  /** Called when the response is complete. */
  end(): void;
}

/** A reader, and what it has not received yet. */
class Attached {
  readonly #reader: OutcomeReader;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(reader: OutcomeReader) {
    this.#reader = reader;
  }

  head(head: Head): void {
    this.#reader.head(head);
  }

  /** Adds output. Returns a promise that resolves when the reader is not far behind. */
  push(chunk: Uint8Array): Promise<void> | undefined {
    this.#waiting += chunk.length;
    this.#last = this.#last.then(async () => {
      await this.#reader.output(chunk);
      this.#waiting -= chunk.length;
    });
    return this.#waiting > HIGH_WATER ? this.#last : undefined;
  }

  end(): void {
    this.#last = this.#last.then(() => this.#reader.end());
  }
}

/**
 * The response of one run of a job. It refuses what the protocol does not allow, and replays everything to callers who join later.
 */
export class Outcome implements JobResponse {
  readonly #isStreamed: boolean;
  readonly #readers = new Set<Attached>();
  readonly #closed = new AbortController();
  readonly #pending = new Map<string, PendingValue>();
  readonly #replay: Buffer[] = [];
  #replayed = 0;
  #isCut = false;
  #head: Head | undefined;
  #hasEnded = false;

  /** @param isStreamed - whether the first caller wants output as it comes. */
  constructor(isStreamed: boolean) {
    this.#isStreamed = isStreamed;
  }

  /** Whether the job has said how it ends. */
  get hasBegun(): boolean {
    return this.#head !== undefined;
  }

  /** Whether the response is complete. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Adds a reader, which receives what there is at once. Returns a function that removes it. */
  attach(reader: OutcomeReader): () => void {
    const attached = new Attached(reader);
    if (this.#head) attached.head(this.#head);
    for (const chunk of this.#replay) void attached.push(chunk);
    if (this.#isCut) void attached.push(GAP);
    if (this.#hasEnded) attached.end();
    else this.#readers.add(attached);
    return () => {
      this.#readers.delete(attached);
      if (this.#readers.size === 0) this.#closed.abort();
    };
  }

  streamResult(): boolean {
    return this.#isStreamed;
  }

  success(type: JobSuccess): void {
    this.#begin({ kind: "success", type, pending: this.#pending });
  }

  successWithData(type: JobSuccess, data: object): void {
    this.#begin({ kind: "success", type, pending: this.#pending, data });
  }

  successWithWrite(type: JobSuccess, options: WriteOptions = {}): JobWriter {
    this.#begin({ kind: "stream", type, pending: this.#pending, options });
    return { write: (chunk) => this.#write(chunk) };
  }

  failure(error: JobError): void {
    this.#begin({ kind: "failure", error });
  }

  writePendingSuccess(name: string, value: PendingValue): void {
    if (this.#head)
      throw new ResponseOrderError(`the value ${JSON.stringify(name)} comes after the ${this.#said()} of the response`);
    this.#pending.set(name, value);
  }

  writeClosed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * Completes the response when the job has ended.
   *
   * @throws {@link ResponseOrderError} if it has neither succeeded nor failed.
   */
  end(): void {
    if (!this.#head) throw new ResponseOrderError("the job ended without success or failure");
    this.#hasEnded = true;
    for (const reader of this.#readers) reader.end();
  }

  #begin(head: Head): void {
    if (this.#head) {
      const asked = head.kind === "failure" ? "fail" : "succeed";
      throw new ResponseOrderError(`the response cannot ${asked} after its ${this.#said()}`);
    }
    this.#head = head;
    for (const reader of this.#readers) reader.head(head);
  }

  #said(): string {
    return this.#head?.kind === "failure" ? "failure" : "success";
  }

  async #write(chunk: string | Uint8Array): Promise<void> {
    if (this.#hasEnded) throw new ResponseOrderError("the response has ended, and takes no more output");
    const bytes = Buffer.from(chunk);
    this.#keep(bytes);
    await Promise.all([...this.#readers].flatMap((reader) => reader.push(bytes) ?? []));
  }

  #keep(bytes: Buffer): void {
    const room = REPLAY_LIMIT - this.#replayed;
    if (bytes.length > room) this.#isCut = true;
    if (room === 0) return;
    const kept = bytes.subarray(0, room);
    this.#replay.push(kept);
    this.#replayed += kept.length;
  }
}
