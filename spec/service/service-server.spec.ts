import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Access, type AccessRules } from "../../lib/service/access.js";
import { BodyError, readBody } from "../../lib/service/body.js";
import { parseListenAddress, type ServerTls } from "../../lib/service/listen-address.js";
import { sendText, type Service, ServiceServer } from "../../lib/service/service-server.js";
import { ask, openRaw } from "../support/ask.js";
import { certify } from "../support/certificates.js";
import { held } from "../support/held.js";
import { timersOfPackage } from "../support/leaks.js";

const LIMITS = { connections: 1_100, headers: 300 };
const BODY = { bytes: 1_000, idle: 200 };

interface Options {
  listen?: string;
  rules?: Partial<AccessRules>;
  tls?: ServerTls;
  limits?: typeof LIMITS;
  serve?: Service["serve"];
}

/** Answers with the length of the body. */
const measure: Service["serve"] = async ({ request, response }) => {
  try {
    const body = await readBody(request, BODY);
    if (body) sendText(response, 200, String(body.length));
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    sendText(response, error.status, error.message);
  }
};

/** Starts a service. At the end of the test it must leave no timer. */
async function startService({ listen = "tcp://127.0.0.1:0", rules = {}, tls, limits = LIMITS, serve = measure }: Options = {}) {
  const timers = timersOfPackage();
  const access = new Access({ tokens: [], ...rules });
  const server = new ServiceServer({ access: () => access, open: new Set(["/open"]), serve, onEnd: () => undefined }, limits);
  const endpoint = await server.listen(parseListenAddress(listen, tls));
  onTestFinished(async () => {
    await server.drain(0);
    await server.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers()).toEqual([]);
    expect(server.running).toBe(0);
  });
  return { server, endpoint };
}

describe("a service", () => {
  test("creates a Unix socket with mode 0600 whatever the umask, and removes it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "service-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const mask of [0, 0o022, 0o777]) {
      const path = join(folder, `${mask}.sock`);
      const before = process.umask(mask);
      const { server, endpoint } = await startService({ listen: `unix://${path}` }).finally(() => process.umask(before));
      expect(lstatSync(path).mode & 0o777).toBe(0o600);
      expect(await ask(endpoint, { path: "/", method: "POST", body: "four" })).toMatchObject({ status: 200, text: "4" });
      await server.close();
      expect(() => lstatSync(path)).toThrow("ENOENT");
    }
  });

  test("asks for a token, except on open paths", async () => {
    const { endpoint } = await startService({ rules: { tokens: ["first-token", "second-token"] } });
    const asked = (authorization?: string, path = "/") =>
      ask(endpoint, { path, headers: authorization === undefined ? {} : { authorization } });
    expect(await asked()).toMatchObject({ status: 401, text: "a bearer token is required" });
    for (const wrong of ["Bearer first", "Bearer first-token2", "Bearer ", "Bearer", "Basic first-token", "first-token", ""])
      expect(await asked(wrong), wrong).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
    for (const right of ["Bearer first-token", "bearer  second-token "]) expect((await asked(right)).status).toBe(200);
    expect((await asked(undefined, "/open")).status).toBe(200);
    expect((await asked(undefined, "/open/../secret")).status).toBe(401);
  });

  test("refuses pages of browsers: other hosts and every origin", async () => {
    const { endpoint } = await startService({ rules: { hosts: ["agent.example"] } });
    const asked = async (headers: Record<string, string>) => (await ask(endpoint, { path: "/", headers })).status;
    for (const host of ["localhost", "127.0.0.1:30001", "[::1]:30001", "Agent.Example:1"])
      expect(await asked({ host })).toBe(200);
    for (const host of ["evil.example", "agent.example.evil.example", "127.0.0.1.evil.example"])
      expect(await asked({ host }), host).toBe(403);
    for (const host of ["a b", "agent.example:port"]) expect(await asked({ host }), host).toBe(400);
    for (const origin of ["http://localhost", "null", "https://agent.example"]) expect(await asked({ origin })).toBe(403);
  });

  test("limits bodies, with and without Content-Length", async () => {
    const { endpoint } = await startService();
    const whole = (length: number) => ask(endpoint, { path: "/", method: "POST", body: "x".repeat(length) });
    expect(await whole(1_000)).toMatchObject({ status: 200, text: "1000" });
    expect(await whole(1_001)).toMatchObject({ status: 413, text: "the body is longer than 1000 bytes" });
    const chunk = `${(600).toString(16)}\r\n${"x".repeat(600)}\r\n`;
    const chunked = openRaw(endpoint, `POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
    expect(await chunked.closed).toMatch(/^HTTP\/1.1 413 /);
    const packed = await ask(endpoint, { path: "/", method: "POST", body: "x", headers: { "content-encoding": "gzip" } });
    expect(packed).toMatchObject({ status: 415 });
  });

  test("ends connections whose headers or body do not arrive", async () => {
    const { endpoint } = await startService();
    const begun = "POST / HTTP/1.1\r\nHost: localhost\r\n";
    const [silent, headers, body] = await Promise.all([
      openRaw(endpoint).closed,
      openRaw(endpoint, `${begun}X-Slow: `).closed,
      openRaw(endpoint, `${begun}Content-Length: 100\r\n\r\nx`).closed,
    ]);
    expect(silent + headers).not.toContain(" 200 ");
    expect(body).toMatch(/^HTTP\/1.1 408 [^]*no byte of the body arrived for 200 ms/);
  });

  test("ends the connection of a refused caller who goes on sending", async () => {
    const { endpoint } = await startService({ rules: { tokens: ["the-token"] } });
    const { closed } = openRaw(endpoint, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx");
    expect(await closed).toMatch(/^HTTP\/1.1 401 /);
  });

  test("serves 1,000 connections at once, and closes those beyond its limit", async () => {
    const all = held();
    const { server, endpoint } = await startService({
      limits: { connections: 1_000, headers: 20_000 },
      serve: async ({ request, response }) => {
        await readBody(request, { bytes: 10, idle: 20_000 });
        if (server.running === 1_000) all.release();
        await all.promise;
        sendText(response, 200, "served");
      },
    });
    const answers = Array.from({ length: 1_000 }, () => ask(endpoint, { path: "/", method: "POST", body: "x" }));
    await all.promise;
    await expect(Promise.all(answers).then((found) => found.map(({ status }) => status))).resolves.toEqual(
      Array.from({ length: 1_000 }, () => 200),
    );
    const idle = Array.from({ length: 1_000 }, () => openRaw(endpoint));
    await Promise.all(idle.map(({ socket }) => new Promise((resolve) => socket.once("connect", resolve))));
    await expect(ask(endpoint, { path: "/" })).rejects.toThrow(/socket hang up|ECONNRESET/);
    for (const { socket } of idle) socket.destroy();
  }, 60_000);

  test("tells the work when its caller leaves", async () => {
    const begun = held();
    const left = held<boolean>();
    const { endpoint } = await startService({
      serve: async ({ signal }) => {
        signal.addEventListener("abort", () => left.release(true), { once: true });
        begun.release();
        await left.promise;
      },
    });
    const { socket } = openRaw(endpoint, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await begun.promise;
    socket.destroy();
    expect(await left.promise).toBe(true);
  });

  test("answers while it drains, lets requests end, and aborts them after the grace period", async () => {
    const begun = [held(), held()];
    const ends = held();
    let isAborted = false;
    const { server, endpoint } = await startService({
      serve: async ({ request, response, signal }) => {
        if (request.url === "/quick") {
          sendText(response, 200, "quick");
          return;
        }
        const isStubborn = request.url === "/stubborn";
        const aborted = new Promise<void>((resolve) => {
          const leave = () => {
            isAborted = true;
            resolve();
          };
          signal.addEventListener("abort", leave, { once: true });
        });
        begun[isStubborn ? 1 : 0]?.release();
        await (isStubborn ? aborted : ends.promise);
        sendText(response, 200, isStubborn ? "aborted" : "ended");
      },
    });
    const ending = ask(endpoint, { path: "/ending" });
    await begun[0]?.promise;
    const drained = server.drain(20_000);
    expect(await ask(endpoint, { path: "/quick" })).toMatchObject({ text: "quick" });
    ends.release();
    await drained;
    expect(await ending).toMatchObject({ text: "ended" });
    expect(isAborted).toBe(false);
    const stubborn = ask(endpoint, { path: "/stubborn" });
    await begun[1]?.promise;
    await server.drain(1);
    expect(await stubborn).toMatchObject({ text: "aborted" });
    await server.close();
    await expect(ask(endpoint, { path: "/quick" })).rejects.toThrow("ECONNREFUSED");
  });
});

describe("a service with client certificates", () => {
  const authority = certify({ name: "authority" });
  const stranger = certify({ name: "stranger" });
  const server = certify({ name: "agent", for: "IP:127.0.0.1", by: authority });
  const start = () =>
    startService({ listen: "tcp://0.0.0.0:0", tls: { ...server, ca: authority.cert }, rules: { clientNames: ["operator"] } });
  const asked = (endpoint: string, tls: { cert?: string; key?: string }) =>
    ask(endpoint.replace("0.0.0.0", "127.0.0.1"), { path: "/", tls: { ca: authority.cert, ...tls } });

  test("serves the names that it knows", async () => {
    const { endpoint } = await start();
    expect(await asked(endpoint, certify({ name: "operator", by: authority }))).toMatchObject({ status: 200 });
    expect(await asked(endpoint, certify({ name: "somebody", by: authority }))).toMatchObject({
      status: 403,
      text: "the client certificate has no name that is accepted",
    });
  });

  test("refuses certificates of others, expired ones and none before it reads a request", async () => {
    const { endpoint } = await start();
    for (const tls of [
      {},
      stranger,
      certify({ name: "operator", by: stranger }),
      certify({ name: "operator", by: authority, expired: true }),
    ])
      await expect(asked(endpoint, tls)).rejects.toThrow();
  });

  test("ends a connection that says nothing, and tells one without TLS so", async () => {
    const { endpoint } = await start();
    const local = endpoint.replace("0.0.0.0", "127.0.0.1");
    expect(await openRaw(local).closed).toBe("");
    expect(await openRaw(local, "GET / HTTP/1.1\r\n\r\n").closed).toContain("Client sent an HTTP request to an HTTPS server");
  });
});
