import { connect as netConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { expect, it, vi } from "vitest";
import { createDialer } from "../../../lib/transport/dial/create-dialer.js";
import { parseEndpoint } from "../../../lib/transport/dial/endpoint.js";
import { Exchange } from "../../../lib/transport/exchange.js";

vi.mock("node:net", async (original) => {
  const net = await original<typeof import("node:net")>();
  return { ...net, connect: vi.fn(net.connect) };
});
vi.mock("node:tls", async (original) => {
  const tls = await original<typeof import("node:tls")>();
  return { ...tls, connect: vi.fn(tls.connect) };
});

it.each([
  ["tcp://127.0.0.1:1", netConnect],
  ["https://127.0.0.1:1", tlsConnect],
])("createDialer enables TCP keep-alive probes after 30 seconds for %s", async (text, connect) => {
  const dialer = await createDialer(parseEndpoint(text), {});
  const limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };
  const socket = dialer.dial(new Exchange("spec", text, limits, undefined));
  socket.on("error", () => undefined).destroy();
  expect(connect).toHaveBeenLastCalledWith(expect.objectContaining({ keepAlive: true, keepAliveInitialDelay: 30_000 }));
  await dialer.close();
});
