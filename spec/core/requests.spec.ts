import { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { pathParam, text } from "../../lib/core/fields/fields.js";
import { operation } from "../../lib/core/operation.js";
import { hostOf, limitsOf } from "../../lib/core/request.js";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { InvalidEndpointError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { parseEndpoint } from "../../lib/transport/dial/endpoint.js";
import { failureOf, Probe, probe, probeGet, probePost } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

/** A server that records the head and body of every request as received, and a probe of it. */
async function wire(where?: number) {
  const seen: { line: string; fields: string[]; body: string }[] = [];
  const { endpoint } = await httpServer((request, response) => {
    void textOf(request).then((body) => {
      const fields: string[] = [];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        fields.push(`${request.rawHeaders[i]!}: ${request.rawHeaders[i + 1]!}`);
      seen.push({ line: `${request.method!} ${request.url!}`, fields, body });
      ok(response);
    });
  }, where);
  return { seen, endpoint };
}

describe("a request", () => {
  it("sends only the necessary headers and the client's headers", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).get();
    expect(seen).toEqual([
      {
        line: "GET /v1.51/probe/x",
        fields: ["Host: docker", "User-Agent: ts-dockerclient", "Accept-Encoding: identity"],
        body: "",
      },
    ]);
  });

  it("without a body has a length and a plain text content type when it is a POST request", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).post();
    expect(seen[0]!.fields).toEqual(expect.arrayContaining(["Content-Length: 0", "Content-Type: text/plain"]));
  });

  it("with a body has the JSON content type and a length", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).send(probePost, { id: "x", config: { Image: "büsybox" } });
    expect(seen[0]).toMatchObject({ line: "POST /v1.51/probe/x", body: '{"Image":"büsybox"}' });
    expect(seen[0]!.fields).toEqual(expect.arrayContaining(["Content-Length: 20", "Content-Type: application/json"]));
  });

  it.each([
    ["text", "tüxt", "Content-Length: 5"],
    ["bytes", Buffer.from("bytes"), "Content-Length: 5"],
    ["no bytes", Buffer.alloc(0), "Content-Length: 0"],
  ])("with %s as its body declares the length", async (_what, upload, length) => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).post(undefined, { upload, headers: { "Content-Type": "application/x-tar" } });
    expect(seen[0]!.fields).toEqual(expect.arrayContaining([length, "Content-Type: application/x-tar"]));
    expect(seen[0]!.body).toBe(upload.toString());
  });

  it("with a stream as its body is sent in chunks", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).post(undefined, { upload: Readable.from(["one ", "", Buffer.from("two "), "three"]) });
    expect(seen[0]!.fields).toContain("Transfer-Encoding: chunked");
    expect(seen[0]!.body).toBe("one two three");
  });

  it("with an empty stream as its body has an empty body", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).post(undefined, { upload: Readable.from([]) });
    expect(seen[0]!.body).toBe("");
  });

  it("prefers the call's headers, then the operation's, then the client's", async () => {
    const token = operation<{ id: string; token?: string }>({
      name: "specToken",
      method: "GET",
      path: "/{id}",
      fields: { id: pathParam, token: { ...text("X-Token"), in: "header" } },
    });
    const { seen, endpoint } = await wire();
    const client = probe(endpoint, { headers: { "X-A": "client", "X-Token": "client", "User-Agent": "mine" } });
    await client.send(token, { id: "x", token: "option" }, { headers: { "x-a": "call" } });
    expect(seen[0]!.fields).toEqual(expect.arrayContaining(["X-Token: option", "User-Agent: mine"]));
    expect(seen[0]!.fields.filter((field) => /^x-a:/i.test(field))).toEqual([expect.stringMatching(/: call$/)]);
    await client.send(token, { id: "x", token: "option" }, { headers: { "x-token": "call" } });
    expect(seen[1]!.fields.filter((field) => /^x-token:/i.test(field))).toEqual([expect.stringMatching(/: call$/)]);
  });

  it("replaces a header of the same name with the credentials", async () => {
    const { seen, endpoint } = await wire();
    await probe(endpoint).post({ headers: { "x-registry-auth": "mine" } }, { secretHeaders: { "X-Registry-Auth": "theirs" } });
    expect(seen[0]!.fields.filter((field) => /^x-registry-auth:/i.test(field))).toEqual(["X-Registry-Auth: theirs"]);
  });

  it("does not reveal credentials that HTTP does not allow", async () => {
    const { endpoint } = await wire();
    const error = await failureOf(probe(endpoint).post(undefined, { secretHeaders: { "X-Registry-Auth": "sesame\r\n" } }));
    expect(error).toMatchObject({ name: "InvalidOptionError", option: "headers" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("sesame");
  });

  it("names its host and port on TCP", async () => {
    const { seen, endpoint } = await wire(0);
    await probe(endpoint).get();
    expect(seen[0]!.fields).toContain(`Host: ${endpoint.replace("tcp://", "")}`);
  });

  it.each([
    ["unix:///run/docker.sock", "docker"],
    ["npipe:////./pipe/docker_engine", "docker"],
    ["ssh://host", "docker"],
    ["tcp://engine.example:5000", "engine.example:5000"],
    ["https://engine.example", "engine.example:443"],
    ["tcp://[::1]:2375", "[::1]:2375"],
    ["tcp://[fe80::1%eth0]:2375", "[fe80::1]:2375"],
  ])("to %s has the host %s", (endpoint, host) => {
    expect(hostOf(parseEndpoint(endpoint))).toBe(host);
  });
});

describe("a client", () => {
  it("rejects a malformed endpoint on creation", () => {
    expect(() => new Probe({ endpoint: "localhost" })).toThrow(InvalidEndpointError);
  });

  it("does not connect on creation and has no connection to close", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = new Probe({ endpoint });
    expect(await client.connections()).toBe(0);
    expect(client.closed).toBe(false);
    await client.close();
    expect(client.closed).toBe(true);
    expect(accepted()).toBe(0);
  });

  it.each(["get", "post"] as const)("rejects invalid options of %s before it connects", async (method) => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint, { apiVersion: undefined });
    const upload = Readable.from(["x"]);
    const declaration = method === "get" ? probeGet : probePost;
    expect(await failureOf(client.send(declaration, { ...{ nonsense: 1 }, id: "x" }, undefined, { upload }))).toBeInstanceOf(
      InvalidOptionError,
    );
    expect(upload.destroyed).toBe(true);
    expect(accepted()).toBe(0);
  });

  it("shows its endpoint without credentials", () => {
    expect(probe("https://engine.example/prefix/").endpoint).toBe("https://engine.example:443/prefix");
    expect(() => probe("https://me:sesame@engine.example")).toThrow(/\*\*\*/);
  });
});

describe("a response", () => {
  it.each([200, 201, 204, 304])("with status %i is a success", async (status) => {
    const { endpoint } = await httpServer((_request, response) => response.writeHead(status).end());
    expect(await probe(endpoint).post()).toBe(status);
  });

  it("is parsed as JSON and returned unchanged", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response, '{"Null":null,"Größe":1e3,"List":[]}'));
    expect(await probe(endpoint).json(probeGet, { id: "x" })).toEqual({ Null: null, Größe: 1000, List: [] });
  });

  it.each(["", "{", "OK", "{}{}"])("of %j is not JSON", async (content) => {
    const { endpoint } = await httpServer((_request, response) => ok(response, content));
    const error = await failureOf(probe(endpoint).json(probeGet, { id: "x" }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ operation: "probeGet", endpoint });
  });

  it("accepts any status with anyStatus", async () => {
    const { endpoint } = await httpServer((_request, response) => response.writeHead(503).end("no"));
    const { status, body } = await probe(endpoint).open(probeGet, { id: "x" }, undefined, { anyStatus: true });
    expect(status).toBe(503);
    expect(await textOf(body)).toBe("no");
  });

  it("with an unrequested 101 is rejected", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () => socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")),
    );
    expect(await failureOf(probe(endpoint).get())).toBeInstanceOf(ProtocolError);
  });
});

describe("limitsOf", () => {
  const client = { connect: 1, headers: 2, inactivity: 3, total: 4 };

  it.each([
    ["no timeouts", {}, {}, 0, { connect: 10_000, headers: 0, inactivity: 0, total: 0 }],
    ["the client's timeouts", client, {}, 0, client],
    ["the client's timeouts, extended", client, {}, 100, { ...client, headers: 102, total: 104 }],
    ["no timeouts, extended", {}, {}, 100, { connect: 10_000, headers: 0, inactivity: 0, total: 0 }],
    [
      "the client's timeouts, for a call without a limit",
      client,
      {},
      Infinity,
      { connect: 1, headers: 0, inactivity: 3, total: 0 },
    ],
    [
      "the call's timeouts",
      client,
      { timeouts: { connect: 5, headers: 6, inactivity: 7, total: 8 } },
      100,
      { connect: 5, headers: 6, inactivity: 7, total: 8 },
    ],
    [
      "the call's timeouts, for a call without a limit",
      client,
      { timeouts: { headers: 6, total: 8 } },
      Infinity,
      { connect: 1, headers: 6, inactivity: 3, total: 8 },
    ],
    ["the call's total timeout in its short form", client, { timeout: 9, timeouts: { total: 8 } }, 0, { ...client, total: 9 }],
    [
      "timeouts that are disabled",
      client,
      { timeout: 0, timeouts: { connect: 0, headers: 0, inactivity: 0 } },
      0,
      { connect: 0, headers: 0, inactivity: 0, total: 0 },
    ],
    ["timeouts that are undefined", client, { timeout: undefined, timeouts: { connect: undefined } }, 0, client],
    [
      "timeouts that exceed a timer's maximum",
      client,
      { timeout: Infinity, timeouts: { connect: 2 ** 31 } },
      0,
      { ...client, connect: 0, total: 0 },
    ],
    ["the longest timeout", client, { timeout: 2 ** 31 - 1 }, 0, { ...client, total: 2 ** 31 - 1 }],
  ])("merges %s", (_what, defaults, call, grace, limits) => {
    expect(limitsOf(defaults, call, grace)).toEqual(limits);
  });

  it.each([
    [{ timeout: -1 }, "timeout"],
    [{ timeout: NaN }, "timeout"],
    [{ timeouts: { connect: -1 } }, "timeouts.connect"],
    [{ timeouts: { headers: "x" as never } }, "timeouts.headers"],
    [{ timeouts: { inactivity: -0.5 } }, "timeouts.inactivity"],
  ])("rejects %j", async (call, option) => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    expect(await failureOf(probe(endpoint).get(call))).toMatchObject({ name: "InvalidOptionError", option });
    expect(accepted()).toBe(0);
  });
});
