import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** The length of the number before each datagram. */
const HEAD = 2;

/** Datagrams over a connection, one for each chunk: each is preceded by its length, as 16 bits in network order. */
export class DatagramStream extends Duplex {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  /** @param socket - the connection. */
  constructor(socket: Socket) {
    super({ objectMode: true });
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", () => this.destroy()).on("close", () => this.destroy());
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEAD) {
      const end = HEAD + this.#rest.readUInt16BE();
      if (this.#rest.length < end) return;
      if (!this.push(this.#rest.subarray(HEAD, end))) this.#socket.pause();
      this.#rest = this.#rest.subarray(end);
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(data: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const head = Buffer.alloc(HEAD);
    head.writeUInt16BE(data.length); // a datagram has at most 65,507 bytes
    this.#socket.write(Buffer.concat([head, data]), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }
}
