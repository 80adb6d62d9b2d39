import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate } from "../../wire/clock.js";
import type { EngineRequest } from "./engine-request.js";

/** What is sent in place of a part of a response's body, and what becomes of the connection afterwards. */
export interface Passage {
  /** The bytes that are sent. */
  readonly bytes: Uint8Array;
  /** Whether the body continues, the connection is closed, or the client waits for more in vain. */
  readonly then: "continue" | "close" | "hold";
}

/**
 * Decides on each part of a response's body before it is sent, also on a hijacked connection. It is called with no bytes when the
 * headers of a stream have been sent.
 */
export type BodyFilter = (part: Buffer) => Passage;

const nothing = Buffer.alloc(0);
const passAll: BodyFilter = (bytes) => ({ bytes, then: "continue" });

type Callback = (error?: Error | null) => void;

function bytesOf(data: unknown, encoding: unknown): Buffer {
  if (typeof data === "string") return Buffer.from(data, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  return Buffer.from(data as Uint8Array); // the only other type that responses accept
}

/** A response whose body can be observed and changed on its way to the client. */
export class EngineResponse extends ServerResponse<EngineRequest> {
  /** Decides on the body. */
  filter: BodyFilter = passAll;
  /** Called with each part of the body as it is sent, also on a hijacked connection. */
  onBody: ((part: Uint8Array) => void) | undefined;
  /** Closes the connection in place of the response. */
  isLost = false;
  /** Whether nothing of the body is sent any more. */
  #isCut = false;

  override writeHead(...args: unknown[]): this {
    if (this.isLost) this.#cut();
    else super.writeHead(...(args as [number])); // one of the overloads
    return this;
  }

  override flushHeaders(): void {
    if (this.#isCut) return;
    super.flushHeaders();
    this.#stop(this.filter(nothing).then);
  }

  override write(data: unknown, ...rest: unknown[]): boolean {
    if (this.#isCut) return true;
    if (!this.#isWatched) return super.write(data, ...(rest as [])); // one of the overloads
    const callback = rest.find((value): value is Callback => typeof value === "function");
    return this.#pass(this.filter(bytesOf(data, rest[0])), callback);
  }

  override end(...args: unknown[]): this {
    const [data, encoding] = args;
    if (this.#isWatched && data !== undefined && data !== null && typeof data !== "function" && !this.#isCut) {
      const passage = this.filter(bytesOf(data, encoding));
      if (passage.then === "continue") {
        this.onBody?.(passage.bytes);
        args.splice(0, 2, passage.bytes);
      } else this.#pass(passage);
    }
    if (!this.#isCut) super.end(...(args as [])); // one of the overloads
    return this;
  }

  get #isWatched(): boolean {
    return this.filter !== passAll || this.onBody !== undefined;
  }

  #pass({ bytes, then }: Passage, callback?: Callback): boolean {
    this.onBody?.(bytes);
    const isTaken = super.write(bytes, callback);
    this.#stop(then);
    return isTaken || this.#isCut;
  }

  #stop(then: Passage["then"]): void {
    if (then === "close") this.#cut();
    else if (then === "hold") this.#isCut = true;
  }

  /** Closes the connection after what has been written. */
  #cut(): void {
    this.#isCut = true;
    const { socket } = this;
    // what was written in this turn is still corked
    setImmediate(() => socket?.destroySoon());
  }

  /** Applies the filter to a hijacked connection, and passes its input to the listener of the request's body. */
  hijacked(connection: Duplex, socket: Socket): Duplex {
    if (this.isLost) socket.destroySoon();
    const { onBody: onInput } = this.req;
    if (!this.#isWatched && !onInput) return connection;
    return new FilteredConnection(connection, { socket, filter: this.filter, onOutput: this.onBody, onInput });
  }
}

/** What a filtered connection does with its bytes. */
interface ConnectionFilters {
  readonly socket: Socket;
  readonly filter: BodyFilter;
  readonly onOutput: ((part: Uint8Array) => void) | undefined;
  readonly onInput: ((part: Buffer) => void) | undefined;
}

/** A hijacked connection whose output passes through a filter. */
class FilteredConnection extends Duplex {
  readonly #connection: Duplex;
  readonly #filters: ConnectionFilters;
  #isCut = false;

  constructor(connection: Duplex, filters: ConnectionFilters) {
    super();
    this.#connection = connection;
    this.#filters = filters;
    connection.on("data", (part: Buffer) => {
      filters.onInput?.(part);
      if (!this.push(part)) connection.pause();
    });
    connection.pause();
    connection.once("end", () => this.push(null));
    connection.once("error", () => this.destroy());
    connection.once("close", () => this.destroy());
    this.#stop(filters.filter(nothing).then);
  }

  #stop(then: Passage["then"]): void {
    this.#isCut = then !== "continue";
    if (then === "close") this.#filters.socket.destroySoon();
  }

  override _read(): void {
    this.#connection.resume();
  }

  override _write(part: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    if (this.#isCut) {
      callback();
      return;
    }
    const { bytes, then } = this.#filters.filter(part);
    this.#filters.onOutput?.(bytes);
    this.#connection.write(bytes, callback);
    this.#stop(then);
  }

  override _final(callback: Callback): void {
    if (!this.#isCut) this.#connection.end();
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#connection.destroy();
    callback(error);
  }
}
