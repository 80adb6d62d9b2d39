import type { Duplex } from "node:stream";
import { errorCode } from "../../../../wire/realm.js";
import { type Command, Failure } from "./command.js";

/** What the C library says about failed connections. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused",
  ENETUNREACH: "Network is unreachable",
  EHOSTUNREACH: "No route to host",
  ETIMEDOUT: "Connection timed out",
  ECONNRESET: "Connection reset by peer",
  EADDRINUSE: "Address already in use",
};

/** Returns the reason of a failed connection; undefined if the error is of another kind. */
export function connectionReason(error: unknown): string | undefined {
  return reasons[String(errorCode(error))];
}

/** Returns whether an error says that there is no host of a name. */
export const isUnknownHost = (error: unknown): boolean => ["ENOTFOUND", "EAI_AGAIN"].includes(String(errorCode(error)));

/**
 * Connects to a port.
 *
 * @throws {@link Failure} with busybox's message when that fails.
 */
export async function connectTo(command: Command, host: string, port: number): Promise<Duplex> {
  try {
    const connection = await command.context.connect(host, port);
    connection.on("error", () => undefined);
    return connection;
  } catch (error) {
    if (isUnknownHost(error)) throw new Failure(`bad address '${host}'`);
    const reason = connectionReason(error);
    if (reason === undefined) throw error;
    throw new Failure(`can't connect to remote host (${host}): ${reason}`);
  }
}

/**
 * Reads the number of a port.
 *
 * @throws {@link Failure} when it is none.
 */
export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new Failure(`bad port '${text}'`);
  return port;
}
