import type { NetConnectOpts, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "../wire/clock.js";

/*
 * All hooks into the internals of Node.js sockets are in this module: `_write`, `_writev`, `destroy` and `_handle`. `resilient-socket.spec.ts` fails on a version of Node.js that ignores one of them.
 */

type Done = (error?: Error | null) => void;

/** Decides which errors a socket survives. */
export interface WriteErrorPolicy {
  /** Returns whether the socket survives this write error. If so, the write counts as successful. */
  tolerates(error: Error): boolean;
  /** Returns whether to drop a write instead of sending it. */
  drops?(): boolean;
  /** Returns whether this error ends the socket's output instead of destroying the socket. Called only after a write. */
  endsOutput?(error: Error): boolean;
}

/**
 * Keeps a socket readable after a failed write.
 *
 * An engine closes the connection while the client is still writing if it answers early or the container has ended. Node.js
 * destroys a socket on its first write error, and loses output that has arrived but has not been read.
 */
export function tolerateWriteErrors(socket: Duplex, policy: WriteErrorPolicy): void {
  let hasWritten = false;
  const send = (write: (sent: Done) => void, done: Done) => {
    hasWritten = true;
    if (policy.drops?.()) done();
    else write((error) => done(error && policy.tolerates(error) ? null : error));
  };
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  socket._write = (chunk, encoding, done) => send((sent) => write(chunk, encoding, sent), done);
  if (writev) socket._writev = (chunks, done) => send((sent) => writev(chunks, sent), done);

  if (!policy.endsOutput) return;
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (!error || !hasWritten || socket.readableEnded || !policy.endsOutput?.(error)) return destroy(error);
    socket.push(null);
    return socket;
  };
}

/** Whether the peer closed the connection before it had read everything. */
export function isReset(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException; // an error has a code or undefined
  return code === "ECONNRESET" || code === "EPIPE";
}

/** The time between attempts to connect to a busy socket, in milliseconds. */
const REDIAL = 10;

/**
 * Retries connecting to a Unix socket while its backlog is full. Linux rejects such a connection with `EAGAIN`, whereas it lets a
 * TCP connection wait.
 */
export function redialWhileBusy(socket: Socket, options: NetConnectOpts): void {
  const destroy = socket.destroy.bind(socket);
  let timer: NodeJS.Timeout | undefined;
  socket.destroy = (error?: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    if (error?.code !== "EAGAIN" || error.syscall !== "connect") return destroy(error);
    const internals = socket as unknown as { connecting: boolean; _handle: { close(): void } | null }; // these properties are writable
    internals.connecting = true; // reads and writes wait for the connection
    internals._handle?.close();
    internals._handle = null; // libuv cannot connect with a handle again after a failed attempt
    timer = setTimeout(() => socket.connect(options), REDIAL);
    return socket;
  };
}
