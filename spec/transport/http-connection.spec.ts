import { PassThrough } from "node:stream";
import { expect, it, vi } from "vitest";
import { Exchange } from "../../lib/transport/exchange.js";
import { HttpConnection } from "../../lib/transport/http-connection.js";

/** Returns the number of timers that keep the process running. */
const activeTimers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

it("an HTTP connection clears the headers timeout when it fails, so that the process can exit", () => {
  const limits = { connect: 0, headers: 61_000, inactivity: 0, total: 0 };
  const exchange = new Exchange("spec", "unix:///spec", limits, undefined);
  const socket = new PassThrough();
  socket._write = (_chunk, _encoding, done) => done();
  const failed = vi.fn();
  const head = { method: "GET", path: "/", headers: {}, ownConnection: false };
  const connection = new HttpConnection(socket, () => undefined);
  const before = activeTimers();
  connection.send({ exchange, head, payload: {}, text: "GET", answered: () => undefined, failed });
  expect(activeTimers()).toBe(before + 1);
  socket.emit("error", new Error("broken"));
  expect(failed).toHaveBeenCalledOnce();
  expect(activeTimers()).toBe(before);
});
