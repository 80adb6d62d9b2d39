import type { Duplex, Writable } from "node:stream";

// The package exports these two classes, but its type declarations omit them.
declare module "ws" {
  /** Reads frames from the bytes that are written to it. */
  export class Receiver extends Writable {
    constructor(options?: { isServer?: boolean; maxPayload?: number; skipUTF8Validation?: boolean });
    on(event: "message", listener: (data: Buffer, isBinary: boolean) => void): this;
    on(event: "ping" | "pong", listener: (data: Buffer) => void): this;
    on(event: "conclude", listener: (code: number, reason: Buffer) => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    on(event: "drain", listener: () => void): this;
  }

  /** Writes frames to a connection. */
  export class Sender {
    constructor(socket: Duplex);
    send(
      data: Buffer,
      options: { binary: boolean; compress: boolean; fin: boolean; mask: boolean },
      done: (error?: Error) => void,
    ): void;
    pong(data: Buffer, mask: boolean, done?: (error?: Error) => void): void;
    close(code: number, reason: string | Buffer, mask: boolean, done: (error?: Error) => void): void;
  }
}
