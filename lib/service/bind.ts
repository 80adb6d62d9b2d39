import { once } from "node:events";
import { chmod, lstat, unlink } from "node:fs/promises";
import { type AddressInfo, connect, type Server } from "node:net";
import { isMainThread } from "node:worker_threads";
import type { ListenAddress } from "./listen-address.js";

/** How many connections may wait to be accepted, as far as the system allows; a client finds a full Unix socket unavailable. */
const BACKLOG = 4_096;

/**
 * Makes a server listen. A Unix socket gets mode 0600; one that nobody listens on any more is replaced.
 *
 * @returns the endpoint, such as `unix:///tmp/engine.sock` or `tcp://127.0.0.1:2375`.
 */
export async function bind(server: Server, at: ListenAddress): Promise<string> {
  if ("path" in at) {
    await removeStaleSocket(at.path);
    listenPrivately(server, at.path);
  } else server.listen({ host: at.host, port: at.port, backlog: BACKLOG });
  await once(server, "listening");
  if ("path" in at) {
    // only the main thread can create it so
    if (!isMainThread) await chmod(at.path, 0o600);
    return `unix://${at.path}`;
  }
  const { address, port, family } = server.address() as AddressInfo; // a TCP server listens on an address
  return `tcp://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Creates a socket with mode 0600 from the start, so that nobody can connect before the mode is set. */
function listenPrivately(server: Server, path: string): void {
  const before = isMainThread ? process.umask(0o177) : undefined;
  try {
    server.listen({ path, backlog: BACKLOG });
  } finally {
    if (before !== undefined) process.umask(before);
  }
}

/** Removes a socket that nobody listens on any more. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const probe = connect(path);
  const isServed = await once(probe, "connect").then(
    () => true,
    () => false,
  );
  probe.destroy();
  if (isServed) throw new Error(`${path} is in use: another process listens on it`);
  await unlink(path);
}
