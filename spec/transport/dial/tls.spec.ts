import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { createServer as createNetServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Client } from "../../../lib/client.js";
import { TimeoutError, TlsError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import type { TlsOptions } from "../../../lib/transport/dial/tls.js";
import { type Certified, certify } from "../../support/certificates.js";
import { failureOf, Probe, probe, probeFollow } from "../../support/probe.js";
import { listen, netServer, ok, temporaryFolder } from "../../support/servers.js";

const here = "DNS:localhost,IP:127.0.0.1,IP:::1";
let ca: Certified;
let otherCa: Certified;
let server: Certified;
let client: Certified;
let stranger: Certified;

beforeAll(() => {
  ca = certify({ name: "spec authority" });
  otherCa = certify({ name: "another authority" });
  server = certify({ name: "server", for: here, by: ca });
  client = certify({ name: "client", by: ca });
  stranger = certify({ name: "stranger", by: otherCa });
});

/** A TLS server in front of an engine. */
async function tlsServer(options: ServerOptions = {}) {
  const made = createHttpsServer({ ...server, ...options }, (request, response) => {
    if (request.url?.endsWith("/follow")) response.write("begun");
    else ok(response, String(request.socket instanceof TLSSocket && request.socket.isSessionReused()));
  });
  made.on("tlsClientError", () => undefined);
  return listen(made, 0);
}

async function failureWith(options: ServerOptions, tls: TlsOptions, host = "127.0.0.1"): Promise<unknown> {
  const { port } = await tlsServer(options);
  return failureOf(probe(`https://${host}:${port}`, { tls }).get());
}

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s a server", (version) => {
  const bounds = { minVersion: version, maxVersion: version };

  it.each(["127.0.0.1", "localhost"])("at %s is trusted if the CA issued its certificate", async (host) => {
    const { port } = await tlsServer(bounds);
    const trusting = probe(`tcp://${host}:${port}`, { tls: { ca: ca.cert } });
    expect(trusting.endpoint).toBe(`https://${host}:${port}`);
    expect(await trusting.get()).toBe(200);
  });

  it("is trusted if any of several CAs in any form issued its certificate", async () => {
    const { port } = await tlsServer(bounds);
    expect(await probe(`https://127.0.0.1:${port}`, { tls: { ca: [otherCa.cert, Buffer.from(ca.cert)] } }).get()).toBe(200);
  });

  it.each<[string, () => TlsOptions, RegExp]>([
    ["a certificate from another CA", () => ({ ca: otherCa.cert }), /unable to verify the first certificate/],
    ["a CA that Node.js does not trust", () => ({}), /unable to verify the first certificate/],
    ["a CA option that is not a certificate", () => ({ ca: "nonsense" }), /unable to verify the first certificate/],
  ])("with %s is rejected", async (_what, tls, message) => {
    const error = await failureWith(bounds, tls());
    expect(error).toBeInstanceOf(TlsError);
    expect(error).toMatchObject({ side: "server", operation: "probeGet", code: "ERR_TLS" });
    expect((error as Error).message).toMatch(message);
  });

  it("with an expired certificate is rejected", async () => {
    const expired = certify({ name: "server", for: here, by: ca, expired: true });
    expect(await failureWith({ ...bounds, ...expired }, { ca: ca.cert })).toMatchObject({
      name: "TlsError",
      side: "server",
      message: expect.stringContaining("expired"),
    });
  });

  it("with a certificate for another name is rejected each time, despite a cached session", async () => {
    const elsewhere = certify({ name: "server", for: "DNS:elsewhere.example", by: ca });
    const { port } = await tlsServer({ ...bounds, ...elsewhere });
    const tls = { ca: ca.cert };
    const misled = probe(`https://127.0.0.1:${port}`, { tls });
    for (let i = 0; i < 3; i++) {
      expect(await failureOf(misled.get())).toMatchObject({
        name: "TlsError",
        side: "server",
        cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
      });
    }
    expect(await probe(`https://127.0.0.1:${port}`, { tls: { ...tls, serverName: "elsewhere.example" } }).get()).toBe(200);
  });

  it("with a certificate from an unknown CA is accepted without verification", async () => {
    const { port } = await tlsServer({ ...bounds, ...certify({ name: "self" }) });
    expect(await probe(`https://127.0.0.1:${port}`, { tls: { verify: false } }).get()).toBe(200);
  });

  it("resumes its sessions", async () => {
    const { port, accepted } = await tlsServer(bounds);
    const again = probe(`https://127.0.0.1:${port}`, { tls: { ca: ca.cert } });
    const reused: string[] = [];
    for (let i = 0; i < 4; i++) reused.push(await text(await again.stream({ ...probeFollow, path: "/{id}" }, { id: "x" })));
    expect(accepted()).toBe(4);
    expect(reused).toEqual(["false", "true", "true", "true"]);
  });
});

describe.each(["-tls1_2", "-tls1_3"])("with %s a server that requires a client certificate", (version) => {
  /**
   * OpenSSL's server, which rejects clients with an alert as an engine does. The server of Node.js only closes the connection.
   */
  async function demandingServer(): Promise<number> {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "ca.pem"), ca.cert);
    writeFileSync(join(folder, "server.pem"), server.cert + server.key);
    const free = createNetServer();
    const { port, stop } = await listen(free, 0);
    await stop();
    const args = [
      "-accept",
      `127.0.0.1:${port}`,
      "-cert",
      "server.pem",
      "-CAfile",
      "ca.pem",
      "-www",
      "-quiet",
      "-Verify",
      "1",
      "-verify_return_error",
    ];
    const child: ChildProcess = spawn("openssl", ["s_server", version, ...args], {
      cwd: folder,
      stdio: ["pipe", "ignore", "ignore"],
    });
    onTestFinished(() => void child.kill());
    const trial = new Probe({ endpoint: `https://127.0.0.1:${port}`, tls: { ca: ca.cert, ...client }, apiVersion: "1.51" });
    await expect.poll(() => trial.get().catch((error: unknown) => (error as Error).name), { timeout: 4000 }).toBe(200);
    await trial.close();
    return port;
  }

  it("accepts a certificate of the server's CA, and rejects a missing or foreign certificate", async () => {
    const port = await demandingServer();
    const call = (tls: TlsOptions) => probe(`https://127.0.0.1:${port}`, { tls: { ca: ca.cert, ...tls } }).get();
    expect(await call(client)).toBe(200);
    const missing = await failureOf(call({}));
    expect(missing).toBeInstanceOf(TlsError);
    expect(missing).toMatchObject({ side: "client", operation: "probeGet" });
    const refused = await failureOf(call(stranger));
    expect(refused).toMatchObject({ name: "TlsError", side: "client" });
    expect((refused as Error).message).toContain("unknown ca");
    expect(inspect(refused, { depth: null, showHidden: true })).not.toContain("PRIVATE KEY");
  });
});

describe("a protocol mismatch", () => {
  it("rejects TLS to a plain HTTP server", async () => {
    const { port } = await netServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")), 0);
    expect(await failureOf(probe(`https://127.0.0.1:${port}`).get())).toMatchObject({ name: "TlsError", side: "protocol" });
  });

  it("reports a server that hangs up as a closed connection", async () => {
    const { port } = await netServer((socket) => socket.destroy(), 0);
    expect(await failureOf(probe(`https://127.0.0.1:${port}`).get())).toMatchObject({ name: "ConnectionClosedError" });
  });

  it("rejects plain HTTP to a server that responds with an alert", async () => {
    const alert = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);
    const { endpoint } = await netServer((socket) => socket.once("data", () => socket.end(alert)), 0);
    expect(await failureOf(probe(endpoint).get())).toMatchObject({ name: "TlsError", side: "protocol", operation: "probeGet" });
  });

  it("rejects a server without a common TLS version", async () => {
    const { port } = await tlsServer({ maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
    expect(await failureOf(probe(`https://127.0.0.1:${port}`, { tls: { ca: ca.cert } }).get())).toMatchObject({
      name: "TlsError",
      side: "protocol",
    });
  });
});

describe("invalid TLS material", () => {
  it.each<[TlsOptions, string]>([
    [{ cert: "SESAME" }, "has a cert but no key: pass both, or neither"],
    [{ ca: "ca", key: "SESAME" }, "has a key but no cert: pass both, or neither"],
    [{ cert: "SESAME", key: "" }, "has a cert but no key"],
    [{ cert: Buffer.alloc(0), key: "SESAME" }, "has a key but no cert"],
    [{ cert: "", key: "" }, "has an empty cert: omit it, or pass PEM data"],
    [{ ca: "" }, "has an empty ca"],
    [{ ca: [] }, "has an empty ca"],
  ])("that is incomplete is rejected by the client: %j", (tls, message) => {
    const create = () => new Client({ endpoint: "tcp://127.0.0.1:1", tls });
    expect(create).toThrow(InvalidOptionError);
    expect(create).toThrow(`option "tls" ${message}`);
    expect(create).not.toThrow(/SESAME/);
  });

  it.each<[string, () => TlsOptions]>([
    ["an invalid key", () => ({ key: "nonsense", cert: client.cert })],
    ["an invalid certificate", () => ({ key: client.key, cert: "nonsense" })],
    ["a key of another certificate", () => ({ key: client.key, cert: stranger.cert })],
  ])("such as %s is rejected before every request and does not break close()", async (_what, tls) => {
    const { port, accepted } = await tlsServer();
    const broken = probe(`https://127.0.0.1:${port}`, { tls: tls() });
    for (let i = 0; i < 2; i++) {
      const error = await failureOf(broken.get());
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ option: "tls", endpoint: broken.endpoint });
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain("PRIVATE KEY");
    }
    expect(await broken.connections()).toBe(0);
    await broken.close();
    expect(accepted()).toBe(0);
  });
});

it("a client with a TLS key never shows the key or its passphrase", async () => {
  const { port } = await tlsServer({ ca: ca.cert, requestCert: true });
  const made = probe(`https://127.0.0.1:${port}`, { tls: { ca: ca.cert, ...client, passphrase: "sesame" } });
  const body = await made.stream(probeFollow, { id: "x" });
  const everything = { depth: null, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null } as const;
  for (const shown of [made, body, made.axios]) expect(inspect(shown, everything)).not.toMatch(/PRIVATE KEY|sesame/);
  body.destroy();
});

it.each([
  ["127.0.0.1", false],
  ["localhost", "localhost"],
])("a TLS connection to %s offers HTTP/1.1 and sends SNI only for a host name", async (host, name) => {
  const { port, server: listening } = await tlsServer();
  const seen: unknown[] = [];
  listening.on("secureConnection", (socket: TLSSocket) => {
    seen.push([(socket as { servername?: string | false }).servername, socket.alpnProtocol]); // absent from the types
  });
  expect(await probe(`https://${host}:${port}`, { tls: { ca: ca.cert } }).get()).toBe(200);
  expect(seen).toEqual([[name, "http/1.1"]]);
});

it("a TLS connection whose handshake outlasts the connect timeout fails", async () => {
  const { port, open } = await netServer((socket) => void socket.resume().on("end", () => socket.end()), 0);
  const error = await failureOf(probe(`https://127.0.0.1:${port}`).get({ timeouts: { connect: 50 } }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ kind: "connect", timeout: 50, operation: "probeGet" });
  await expect.poll(() => open.size).toBe(0);
}, 3_000);
