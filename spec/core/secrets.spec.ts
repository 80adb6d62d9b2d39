import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { DockerError } from "../../lib/errors/docker-error.js";
import { failureOf, probe, probeGet, type ProbeOptions, probePost } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

const SECRET = "sesame-open";
const everything = { depth: null, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null } as const;

/** Returns every string that a log could show of a value. */
function shown(value: unknown): string {
  const texts = [inspect(value, everything), String(value)];
  if (value instanceof Error)
    texts.push(
      value.stack ?? "",
      JSON.stringify(Object.assign({}, value)),
      JSON.stringify(value, Object.getOwnPropertyNames(value)),
    );
  return texts.join("\n");
}

const options = {
  tls: undefined,
  auth: { "registry.example": { username: "me", password: SECRET, serveraddress: "registry.example" } },
  env: { DOCKER_AUTH_CONFIG: SECRET, REGISTRY_PASSWORD: SECRET },
  headers: { "X-Plain": "plain" },
};
const extras = { secretHeaders: { "X-Registry-Auth": Buffer.from(SECRET).toString("base64url"), "X-Token": SECRET } };
const call = { headers: { Authorization: `Bearer ${SECRET}` } };
const secrets = [SECRET, Buffer.from(SECRET).toString("base64url")];

function expectNoSecret(value: unknown): void {
  for (const secret of secrets) expect(shown(value)).not.toContain(secret);
}

describe("no secret is revealed", () => {
  it("by a client before, during and after a call", async () => {
    const waiting: ServerResponse[] = [];
    const { endpoint } = await httpServer((_request, response) => waiting.push(response));
    const client = probe(endpoint, { ...options, tls: { key: SECRET, passphrase: SECRET, cert: SECRET, ca: SECRET } });
    expectNoSecret(client);
    const call = client.send(probePost, { id: "x", config: { Password: SECRET } }, undefined, extras);
    await expect.poll(() => waiting.length).toBe(1);
    expectNoSecret(client);
    expectNoSecret(client.axios);
    ok(waiting[0]!);
    await call;
    expectNoSecret(client);
  });

  it.each([
    ["a rejection", 500],
    ["a typed rejection", 409],
    ["a rejected version", 400],
  ])("by %s", async (_what, status) => {
    const text = status === 400 ? "client version 1.51 is too new" : "no";
    const { endpoint } = await httpServer((_request, response) => response.writeHead(status).end(text));
    const error = await failureOf(
      probe(endpoint, options).send(probePost, { id: "x", q: SECRET, config: { Password: SECRET } }, call, extras),
    );
    expect(error).toBeInstanceOf(DockerError);
    expectNoSecret(error);
  });

  it.each<[string, (socket: Socket) => void]>([
    ["that ends", (socket) => onRequest(socket, () => socket.end())],
    ["that is reset", (socket) => onRequest(socket, () => socket.resetAndDestroy())],
    ["that speaks another protocol", (socket) => onRequest(socket, () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"))],
    ["that is cut off", (socket) => onRequest(socket, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"))],
    [
      "that returns invalid JSON",
      (socket) => onRequest(socket, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{")),
    ],
  ])("by the error for a connection %s", async (_what, serve) => {
    const { endpoint } = await netServer(serve, 0);
    const error = await failureOf(
      probe(endpoint, options).json(probePost, { id: "x", q: SECRET, config: { Password: SECRET } }, call, extras),
    );
    expect(error).toBeInstanceOf(DockerError);
    expectNoSecret(error);
  });

  it("by the error of an unreachable endpoint", async () => {
    for (const endpoint of ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"]) {
      const error = await failureOf(probe(endpoint, options).post(call, extras));
      expect(error).toBeInstanceOf(DockerError);
      expectNoSecret(error);
    }
  });

  it("by an abort, a timeout, close or a failed input stream", async () => {
    const { endpoint } = await httpServer(() => undefined);
    const client = probe(endpoint, options);
    expectNoSecret(await failureOf(client.post({ ...call, signal: AbortSignal.abort() }, extras)));
    expectNoSecret(await failureOf(client.post({ ...call, timeout: 20 }, extras)));
    const upload = new Readable({ read() {} });
    const failure = failureOf(client.post(call, { ...extras, upload }));
    upload.destroy(new Error("disk full"));
    expectNoSecret(await failure);
    const closed = failureOf(client.post(call, extras));
    await client.close();
    expectNoSecret(await closed);
  });

  it.each([
    ["an unknown option", { id: "x", password: SECRET }],
    ["an option of another type", { id: "x", q: { secret: SECRET } }],
    ["a body that JSON cannot represent", { id: "x", config: { Password: SECRET, Size: 1n } }],
  ])("by the error of %s", async (_what, wrong) => {
    const error = await failureOf(probe("unix:///nowhere", options).send(probeGet, wrong as ProbeOptions, call, extras));
    expect(error).toMatchObject({ name: "InvalidOptionError" });
    expectNoSecret(error);
  });

  it("by a stream that the caller receives", async () => {
    const { endpoint } = await httpServer((_request, response) => response.write("x"));
    const body = await probe(endpoint, options).stream(probePost, { id: "x" }, call, extras);
    expectNoSecret(body);
    body.destroy();
  });
});
