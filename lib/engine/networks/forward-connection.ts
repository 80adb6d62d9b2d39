import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Forwards a connection of the host to a program, both ways. The end of one direction leaves the other one open.
 *
 * @param socket - the connection, which must allow being half open.
 * @param connect - connects to the program. If that fails, the connection is reset.
 */
export async function forwardConnection(socket: Socket, connect: () => Promise<Duplex>): Promise<void> {
  socket.pause();
  socket.on("error", () => socket.destroy());
  let program: Duplex;
  try {
    program = await connect();
  } catch {
    socket.resetAndDestroy();
    return;
  }
  if (socket.destroyed) {
    program.destroy();
    return;
  }
  const isComplete = (): boolean => socket.readableEnded && program.readableEnded;
  program.on("error", () => socket.resetAndDestroy());
  // after a complete exchange, each side still delivers what it holds
  socket.once("close", () => isComplete() || program.destroy());
  program.once("close", () => isComplete() || socket.destroySoon());
  socket.pipe(program);
  program.pipe(socket);
}
