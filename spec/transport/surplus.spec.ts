import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { failureOf, probe, probeGet } from "../support/probe.js";
import { httpServer, netServer, onRequest } from "../support/servers.js";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
const FORGED = "HTTP/1.1 418 Forged\r\nContent-Length: 0\r\n\r\n";

describe("bytes after a response", () => {
  it("are not mistaken for the next response", async () => {
    const { endpoint, accepted } = await netServer((socket) => onRequest(socket, () => socket.write(OK + FORGED)));
    const client = probe(endpoint);
    for (let i = 0; i < 3; i++) expect(await client.post()).toBe(200);
    expect(accepted()).toBe(3);
  });

  it("do not reach calls that wait for a connection", async () => {
    const received: string[] = [];
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, (head) => {
        received.push(head);
        socket.write(OK + FORGED);
      }),
    );
    const client = probe(endpoint);
    const done = await Promise.all(Array.from({ length: 250 }, () => client.post()));
    expect(done).toEqual(Array(250).fill(200));
    expect(received).toHaveLength(250);
  });

  it("are not mistaken for the next response when they arrive during a pause", async () => {
    const sockets: Socket[] = [];
    const { endpoint } = await netServer((socket) => {
      sockets.push(socket);
      onRequest(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nO"));
    });
    const client = probe(endpoint);
    // an interceptor that waits pauses the connection
    client.axios.interceptors.response.use(async (response) => {
      const socket = sockets.shift();
      for (const piece of ["K", FORGED]) {
        await new Promise((resolve) => socket?.write(piece, resolve));
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
      return response;
    });
    const done = await Promise.all(Array.from({ length: 130 }, () => client.get()));
    expect(done).toEqual(Array(130).fill(200));
  });
});

describe("a response with a content coding", () => {
  const serve = (coding: string, status = 200) =>
    httpServer((_request, response) => {
      response.writeHead(status, { "Content-Encoding": coding });
      response.end(status === 304 ? undefined : "not the content");
    });

  it.each(["gzip", "br, GZIP"])("of %s is rejected with an error that names it", async (coding) => {
    const { endpoint } = await serve(coding);
    const error = await failureOf(probe(endpoint).json(probeGet, { id: "x" }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ operation: "probeGet", endpoint });
    expect((error as Error).message).toBe(
      `the response to probeGet has the content coding "${coding.toLowerCase()}", which the client does not accept: disable compression in the proxy in front of the engine`,
    );
  });

  it("of identity is read", async () => {
    const { endpoint } = await serve("identity");
    expect(await text(await probe(endpoint).stream(probeGet, { id: "x" }))).toBe("not the content");
  });

  it("is passed on unchanged if the caller accepts it", async () => {
    const { endpoint } = await serve("gzip");
    const stream = await probe(endpoint).stream(probeGet, { id: "x" }, { headers: { "accept-encoding": "gzip;q=1" } });
    expect(await text(stream)).toBe("not the content");
  });

  it("and no body is read", async () => {
    const { endpoint } = await serve("gzip", 304);
    expect(await probe(endpoint).get()).toBe(304);
  });
});
