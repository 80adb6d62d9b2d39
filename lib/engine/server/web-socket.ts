import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { Receiver, Sender } from "ws";

/** The GUID of RFC 6455, which proves that a server knows the protocol. */
const PROTOCOL_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The longest message of a client, in bytes. */
const LONGEST_MESSAGE = 32 * 1024 * 1024;

/** The close codes for connections that ended normally, and for clients that break the protocol. */
const NORMAL = 1000;
const PROTOCOL_ERROR = 1002;

/** Returns the head of the response that accepts the key of a client. */
export function acceptWebSocket(key: string): string {
  const accept = createHash("sha1").update(`${key}${PROTOCOL_ID}`).digest("base64");
  const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  return [...lines, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n");
}

/**
 * The server's side of a WebSocket. Each chunk that is written is a binary message; messages of the client are read as one stream.
 *
 * A close frame of the client ends what it sends, as on Docker: it still receives until the engine closes the WebSocket.
 */
export class WebSocketStream extends Duplex {
  readonly #socket: Socket;
  readonly #receiver = new Receiver({ isServer: true, maxPayload: LONGEST_MESSAGE, skipUTF8Validation: true });
  readonly #sender: Sender;
  #isConcluded = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    this.#sender = new Sender(socket);
    this.#receiver
      .on("message", (data) => {
        if (!this.push(data)) socket.pause();
      })
      .on("ping", (data) => this.#sender.pong(data, false))
      .on("conclude", () => this.#conclude())
      .on("error", (error) => {
        this.#sender.close(PROTOCOL_ERROR, "", false, () => this.destroy(error));
      });
    socket
      .on("data", (chunk: Buffer) => {
        if (!this.#isConcluded) this.#receiver.write(chunk);
      })
      .on("end", () => this.#lose())
      .on("close", () => this.#lose());
    socket.pause();
  }

  #conclude(): void {
    this.#isConcluded = true;
    this.push(null);
    // what follows is not read, but the end of the connection must be noticed
    this.#socket.resume();
  }

  /** The connection ended without a close frame: the client is gone. */
  #lose(): void {
    if (!this.writableFinished) this.destroy();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sender.send(chunk, { binary: true, compress: false, fin: true, mask: false }, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#sender.close(NORMAL, "", false, (error) => {
      this.#socket.destroySoon();
      done(error);
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroySoon();
    done(error);
  }
}
