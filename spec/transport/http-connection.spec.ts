import { PassThrough } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { Exchange } from "../../lib/transport/exchange.js";
import { HttpConnection } from "../../lib/transport/http-connection.js";

it("clears the headers timeout when the connection fails, so that the process can exit", () => {
  const set = vi.spyOn(globalThis, "setTimeout");
  const clear = vi.spyOn(globalThis, "clearTimeout");
  onTestFinished(() => {
    set.mockRestore();
    clear.mockRestore();
  });
  const limits = { connect: 0, headers: 61_000, inactivity: 0, total: 0 };
  const exchange = new Exchange("spec", "unix:///spec", limits, undefined);
  const socket = new PassThrough();
  socket._write = (_chunk, _encoding, done) => done();
  const failed = vi.fn();
  const head = { method: "GET", path: "/", headers: {}, ownConnection: false };
  const connection = new HttpConnection(socket, () => undefined);
  connection.send({ exchange, head, payload: {}, text: "GET", answered: () => undefined, failed });
  const at = set.mock.calls.findIndex(([, delay]) => delay === 61_000);
  const timer = set.mock.results[at]?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(true);
  socket.emit("error", new Error("broken"));
  expect(failed).toHaveBeenCalledOnce();
  expect(clear).toHaveBeenCalledWith(timer);
});
