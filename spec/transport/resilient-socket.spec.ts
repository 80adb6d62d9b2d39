import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { tolerateWriteErrors } from "../../lib/transport/resilient-socket.js";
import { netServer } from "../support/servers.js";

const kinds = [
  ["a unix socket", undefined],
  ["TCP", 0],
] as const;

/** Connects to a server of this kind. */
async function connected(where: number | undefined, serve: (socket: Socket) => void, allowHalfOpen: boolean): Promise<Socket> {
  const { endpoint, port } = await netServer(serve, where);
  const target = port === 0 ? { path: endpoint.replace("unix://", "") } : { port, host: "127.0.0.1" };
  const socket = connect({ ...target, allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Connects to a peer that sends an early answer and then closes the connection without reading. */
async function refused(where: number | undefined): Promise<Socket> {
  const socket = await connected(where, (peer) => peer.end("refused", () => setImmediate(() => peer.destroy())), true);
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, "end");
  expect(answer).toBe("refused");
  return socket;
}

/** Writes until the write error is reported, in single writes or in corked ones. */
async function writeUntil(socket: Socket, isOver: () => boolean, corked: boolean): Promise<void> {
  const results: unknown[] = [];
  await vi.waitFor(() => {
    if (corked) socket.cork();
    for (let i = 0; i < 3; i += 1) socket.write(Buffer.alloc(1024), (error) => results.push(error ?? undefined));
    if (corked) socket.uncork();
    expect(isOver()).toBe(true);
  });
  await vi.waitFor(() => expect(socket.writableLength).toBe(0));
  expect(results.filter((error) => error !== undefined)).toEqual([]);
}

describe.each(kinds)("tolerateWriteErrors over %s", (_kind, where) => {
  it.each([
    ["a write", false],
    ["a batch of writes", true],
  ])("keeps the socket open when %s fails", async (_what, corked) => {
    const socket = await refused(where);
    const tolerates = vi.fn(() => true);
    tolerateWriteErrors(socket, { tolerates });
    await writeUntil(socket, () => tolerates.mock.calls.length > 0, corked);
    expect(tolerates).toHaveBeenCalledWith(expect.objectContaining({ syscall: expect.stringMatching(/^writev?$/) as string }));
    expect(socket.destroyed).toBe(false);
  });

  it("destroys the socket on an error that the policy does not tolerate", async () => {
    const socket = await refused(where);
    tolerateWriteErrors(socket, { tolerates: () => false });
    const failed = once(socket, "error");
    await vi.waitFor(() => {
      if (!socket.destroyed) socket.write("late");
      expect(socket.destroyed).toBe(true);
    });
    expect((await failed)[0]).toMatchObject({ syscall: "write" });
  });

  it("does not send writes that the policy drops", async () => {
    const received: Buffer[] = [];
    const socket = await connected(where, (peer) => peer.on("data", (chunk) => received.push(chunk)), false);
    let drops = false;
    tolerateWriteErrors(socket, { tolerates: () => false, drops: () => drops });
    socket.write("sent");
    await vi.waitFor(() => expect(Buffer.concat(received).toString()).toBe("sent"));
    drops = true;
    await new Promise((resolve) => socket.write("dropped", resolve));
    drops = false;
    socket.write(", too");
    await vi.waitFor(() => expect(Buffer.concat(received).toString()).toBe("sent, too"));
  });

  it("ends the output at a reset that the policy accepts as the end", async () => {
    let peer: Socket | undefined;
    const socket = await connected(where, (accepted) => (peer = accepted.pause()), true);
    const endsOutput = vi.fn(() => true);
    tolerateWriteErrors(socket, { tolerates: () => true, endsOutput });
    const onError = vi.fn();
    socket.on("error", onError).resume();
    await new Promise((resolve) => socket.write("unread", resolve));
    const ended = once(socket, "end");
    await vi.waitFor(() => expect(peer).toBeDefined());
    if (where === undefined) peer?.destroy();
    else peer?.resetAndDestroy();
    await ended;
    expect(endsOutput).toHaveBeenCalledWith(expect.objectContaining({ code: "ECONNRESET", syscall: "read" }));
    expect(onError).not.toHaveBeenCalled();
  });

  it("destroys a socket that is reset before anything is written", async () => {
    let peer: Socket | undefined;
    const socket = await connected(0, (accepted) => (peer = accepted), true);
    const endsOutput = vi.fn(() => true);
    tolerateWriteErrors(socket, { tolerates: () => true, endsOutput });
    socket.resume();
    const failed = once(socket, "error");
    await vi.waitFor(() => expect(peer).toBeDefined());
    peer?.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
    expect(endsOutput).not.toHaveBeenCalled();
  });
});
