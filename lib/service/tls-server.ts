import type { Socket } from "node:net";
import type { Server } from "node:tls";
import { clearTimeout, setTimeout } from "../wire/clock.js";

/** The first byte of a TLS connection: the type of a handshake record. */
const HANDSHAKE = 22;

/** What a client that does not use TLS is told, in the words of Go's server. */
const PLAIN_HTTP = "Client sent an HTTP request to an HTTPS server.\n";

const ANSWER = `HTTP/1.0 400 Bad Request\r\n\r\n${PLAIN_HTTP}`;

/**
 * Makes a TLS server tell clients that forgot TLS so, instead of closing their connections without a word.
 *
 * @param silence - how long a client may send nothing, in milliseconds: the server's own limit begins only with the handshake.
 */
export function answerPlainHttp(server: Server, silence: number): void {
  const begins = server.listeners("connection") as ((socket: Socket) => void)[]; // Node.js passes each the connection
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), silence);
    socket.once("close", () => clearTimeout(timer));
    socket.once("data", (first: Buffer) => {
      clearTimeout(timer);
      socket.pause();
      if (first[0] !== HANDSHAKE) return void socket.end(ANSWER);
      socket.unshift(first);
      for (const begin of begins) begin.call(server, socket);
    });
  });
}
