import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { ConnectionPool } from "../../lib/transport/connection-pool.js";
import { Exchange } from "../../lib/transport/exchange.js";
import type { HttpConnection } from "../../lib/transport/http-connection.js";

const limits = { connect: 5, headers: 0, inactivity: 0, total: 0 };
const exchange = (operation = "spec") => new Exchange(operation, "unix:///spec", limits, undefined);

/** A pool of connections over plain streams. */
function pool(quick: number, slow = Infinity) {
  const opened: { socket: PassThrough; operation: string }[] = [];
  const made = new ConnectionPool(
    ({ operation }) => {
      const socket = new PassThrough();
      opened.push({ socket, operation });
      return socket;
    },
    { quick, slow },
  );
  /** Sends a request over a connection and completes its response. */
  const use = (connection: HttpConnection, own = exchange()) =>
    new Promise((resolve, reject) => {
      const head = { method: "GET", path: "/", headers: {}, ownConnection: false };
      const answered = ({ body }: { body: { text(): Promise<string> } }) => void body.text().then(resolve, reject);
      connection.send({ exchange: own, head, payload: {}, text: "", answered, failed: reject });
      connection.socket.emit("data", Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    });
  return { made, opened, use };
}

describe("ConnectionPool", () => {
  it("serves waiting calls in the order in which they arrived", async () => {
    const { made, opened, use } = pool(1);
    const order: string[] = [];
    let first: HttpConnection | undefined;
    made.acquire(exchange(), (connection) => (first = connection));
    const names = ["a", "b", "c", "d"];
    const all = names.map(
      (name) =>
        new Promise<void>((resolve, reject) =>
          made.acquire(exchange(name), (connection) => {
            order.push(name);
            use(connection).then(() => resolve(), reject);
          }),
        ),
    );
    expect(order).toEqual([]);
    await use(first!);
    await Promise.all(all);
    expect(order).toEqual(names);
    expect(opened).toHaveLength(1);
  });

  it("reuses the most recently used connection", async () => {
    const { made, use } = pool(3);
    const taken: HttpConnection[] = [];
    for (let i = 0; i < 3; i++) made.acquire(exchange(), (connection) => taken.push(connection));
    for (const connection of [taken[2]!, taken[0]!, taken[1]!]) await use(connection);
    made.acquire(exchange(), (connection) => taken.push(connection));
    expect(taken[3]).toBe(taken[1]);
  });

  it("replaces a closed connection on behalf of the waiting call", async () => {
    const { made, opened } = pool(1);
    made.acquire(exchange("first"), () => undefined);
    const take = vi.fn();
    made.acquire(exchange("second"), take);
    opened[0]!.socket.destroy();
    await vi.waitFor(() => expect(take).toHaveBeenCalledOnce());
    expect(opened.map(({ operation }) => operation)).toEqual(["first", "second"]);
  });

  it("skips calls that have ended", async () => {
    const { made, opened, use } = pool(1);
    let first: HttpConnection | undefined;
    made.acquire(exchange(), (connection) => (first = connection));
    const [failed, finished, alive] = [exchange(), exchange(), exchange()];
    const takes = { failed: vi.fn(), finished: vi.fn(), alive: vi.fn() };
    made.acquire(failed, takes.failed);
    made.acquire(finished, takes.finished);
    made.acquire(alive, takes.alive);
    failed.fail(new AbortError("enough"));
    finished.finish();
    await use(first!);
    expect(takes.failed).not.toHaveBeenCalled();
    expect(takes.finished).not.toHaveBeenCalled();
    expect(takes.alive).toHaveBeenCalledOnce();
    expect(opened).toHaveLength(1);
  });

  it("does not let slow calls hold up quick calls", async () => {
    const { made, opened, use } = pool(1);
    const slow: HttpConnection[] = [];
    for (let i = 0; i < 3; i++) made.acquire(exchange("slow"), (connection) => slow.push(connection), true);
    expect(slow).toHaveLength(3);
    const take = vi.fn();
    made.acquire(exchange("quick"), take);
    expect(take).toHaveBeenCalledOnce();
    for (const connection of slow) await use(connection);
    await vi.waitFor(() => expect(opened.filter(({ socket }) => !socket.destroyed)).toHaveLength(2)); // the busy quick connection, and one idle connection
    made.acquire(exchange("slow"), take, true);
    expect(take).toHaveBeenLastCalledWith(slow[0]);
  });

  it("limits slow calls if they have a limit, but not quick calls", async () => {
    const { made, opened, use } = pool(1, 1);
    const taken: string[] = [];
    const takes = (name: string) => (connection: HttpConnection) => void use(connection).then(() => taken.push(name));
    let first: HttpConnection | undefined;
    made.acquire(exchange(), (connection) => (first = connection), true);
    made.acquire(exchange(), takes("slow"), true);
    made.acquire(exchange(), takes("quick"));
    await vi.waitFor(() => expect(taken).toEqual(["quick"]));
    await use(first!);
    await vi.waitFor(() => expect(taken).toEqual(["quick", "slow"]));
    expect(opened).toHaveLength(2);
  });

  it("does not hand out a closing connection", async () => {
    const { made, opened, use } = pool(2);
    const taken: HttpConnection[] = [];
    made.acquire(exchange(), (connection) => taken.push(connection));
    await use(taken[0]!);
    opened[0]!.socket.destroy();
    made.acquire(exchange(), (connection) => taken.push(connection));
    expect(opened).toHaveLength(2);
    expect(taken[1]).not.toBe(taken[0]);
  });

  it("forgets an idle connection that closes, and only that one", async () => {
    const { made, opened, use } = pool(2);
    const taken: HttpConnection[] = [];
    const take = (connection: HttpConnection) => taken.push(connection);
    for (let i = 0; i < 3; i++) made.acquire(exchange(), take, true);
    await use(taken[0]!);
    await use(taken[1]!);
    await once(opened[0]!.socket.destroy(), "close");
    await use(taken[2]!); // there is room for it
    expect(opened.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
    for (let i = 0; i < 2; i++) made.acquire(exchange(), take);
    expect(taken.slice(3)).toEqual([taken[2], taken[1]]);
  });

  it("keeps the process running for used connections only", async () => {
    const calls: string[] = [];
    const { made, opened, use } = pool(1);
    let connection: HttpConnection | undefined;
    const take = (one: HttpConnection) => (connection = one);
    made.acquire(exchange(), take);
    Object.assign(opened[0]!.socket, { ref: () => calls.push("ref"), unref: () => calls.push("unref") });
    await use(connection!);
    expect(calls).toEqual(["unref"]);
    made.acquire(exchange(), take);
    expect(calls).toEqual(["unref", "ref"]);
  });

  it("counts a call as waiting only until it has a connection", async () => {
    const { made, use } = pool(1);
    let first: HttpConnection | undefined;
    made.acquire(exchange(), (connection) => (first = connection));
    const controllers = [new AbortController(), new AbortController()];
    const [served, waiting] = controllers.map(({ signal }) => new Exchange("spec", "unix:///spec", limits, signal));
    for (const own of [served!, waiting!]) made.acquire(own, () => undefined);
    await use(first!);
    for (const controller of controllers) controller.abort();
    expect(served?.failure?.message).toBe("spec was aborted");
    expect(waiting?.failure?.message).toBe("spec was aborted while it waited for a free connection (1 in use)");
  });

  it("closes only idle connections on request", async () => {
    const { made, opened, use } = pool(3);
    const taken: HttpConnection[] = [];
    for (let i = 0; i < 3; i++) made.acquire(exchange(), (connection) => taken.push(connection));
    await use(taken[0]!);
    await use(taken[1]!);
    made.dropIdle();
    expect(opened.map(({ socket }) => socket.destroyed)).toEqual([true, true, false]);
  });
});
