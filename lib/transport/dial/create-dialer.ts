import { connect as netConnect, type Socket } from "node:net";
import { TimeoutError } from "../../errors/connection-errors.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import type { Exchange } from "../exchange.js";
import { redialWhileBusy } from "../resilient-socket.js";
import type { Dialer } from "./dialer.js";
import type { Endpoint } from "./endpoint.js";
import { withoutCertificate } from "./socket-errors.js";
import type { TlsOptions } from "./tls.js";

/** Without keep-alive probes, a stream would wait forever for an engine on a host that is no longer reachable. */
const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000 };

/** Destroys a socket that does not connect before the timeout. */
function limitConnect(socket: Socket, event: "connect" | "secureConnect", exchange: Exchange): void {
  const timeout = exchange.limits.connect;
  if (timeout <= 0) return;
  const timer = setTimeout(() => socket.destroy(new TimeoutError("connect", timeout, exchange)), timeout);
  const clear = () => {
    clearTimeout(timer);
    socket.off(event, clear).off("close", clear);
  };
  socket.on(event, clear).on("close", clear);
}

function socketDialer(options: { path: string } | { host: string; port: number }, supportsHalfClose: boolean): Dialer {
  return {
    supportsHalfClose,
    dial(exchange) {
      const full = { ...options, ...keepAlive, noDelay: true };
      const socket = netConnect(full);
      redialWhileBusy(socket, full);
      limitConnect(socket, "connect", exchange);
      return socket;
    },
    close: () => Promise.resolve(),
  };
}

/** Creates the dialer of an endpoint. TLS and ssh are loaded on demand, for a fast start. */
export async function createDialer(endpoint: Endpoint, tls: TlsOptions): Promise<Dialer> {
  switch (endpoint.kind) {
    case "unix":
    case "npipe":
      return socketDialer({ path: endpoint.path }, endpoint.kind === "unix");
    case "tcp":
      return socketDialer({ host: endpoint.host, port: endpoint.port }, true);
    case "tls": {
      const [{ connect }, { tlsConnectOptions }] = await Promise.all([import("node:tls"), import("./tls-connect.js")]);
      const { host, port } = endpoint;
      const options = { ...tlsConnectOptions(tls, endpoint), host, port };
      let session: Buffer | undefined;
      return {
        supportsHalfClose: true,
        dial(exchange) {
          const socket = connect({ ...options, ...keepAlive, session });
          // resuming the session shortens the handshakes of further connections, such as those of streams
          socket.on("session", (next) => (session = next));
          if (tls.cert === undefined) socket.on("error", (error: Error) => withoutCertificate.add(error));
          limitConnect(socket, "secureConnect", exchange);
          return socket;
        },
        close: () => Promise.resolve(),
      };
    }
    case "ssh": {
      const { SshDialer } = await import("./ssh.js");
      return new SshDialer(endpoint);
    }
  }
}
