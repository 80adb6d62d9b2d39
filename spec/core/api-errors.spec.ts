import { describe, expect, it, vi } from "vitest";
import { noSuchContainer } from "../../lib/core/errors/container.js";
import { Client } from "../../lib/index.js";
import { failureOf, probe, probeGet } from "../support/probe.js";
import { recordingDaemon } from "../support/recording-daemon.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

/** Returns the error of a call that receives this response. */
async function refused(status: number, content: string | Buffer, headers: Record<string, string> = {}) {
  const { endpoint } = await httpServer((_request, response) => response.writeHead(status, headers).end(content));
  const errors = { 404: noSuchContainer("x") };
  return { endpoint, error: await failureOf(probe(endpoint).send(probeGet, { id: "x", q: "secret" }, undefined, { errors })) };
}

describe("a web page with status 404", () => {
  const page = "<html><head><title>404 Not Found</title></head></html>";

  it("does not mean that the object is missing", async () => {
    const { error, endpoint } = await refused(404, page, { "Content-Type": "text/html" });
    expect(error).toMatchObject({
      name: "ProtocolError",
      message: `${endpoint} does not respond like an engine: it sent a web page, "404 Not Found"`,
      operation: "probeGet",
      endpoint,
      cause: { status: 404, body: page },
    });
  });

  it("is reported by every operation, even when the API version is not known", async () => {
    const { endpoint, requests } = await recordingDaemon({ status: 404, headers: { "Content-Type": "text/html" }, body: page });
    const client = new Client({ endpoint });
    for (const call of [client.ping(), client.version(), client.info(), client.inspectContainer({ id: "web" })]) {
      await expect(call).rejects.toThrow(`${endpoint} does not respond like an engine: it sent a web page, "404 Not Found"`);
    }
    expect(requests.length).toBeGreaterThan(0);
    await client.close();
  });
});

describe("an error response", () => {
  it.each([
    [400, "BadRequestError", "ERR_BAD_REQUEST"],
    [401, "UnauthorizedError", "ERR_UNAUTHORIZED"],
    [403, "ForbiddenError", "ERR_FORBIDDEN"],
    [404, "NoSuchContainerError", "ERR_NO_SUCH_CONTAINER"],
    [406, "ApiError", "ERR_API"],
    [409, "ConflictError", "ERR_CONFLICT"],
    [418, "ApiError", "ERR_API"],
    [500, "ServerError", "ERR_SERVER"],
    [501, "NotImplementedError", "ERR_NOT_IMPLEMENTED"],
    [502, "ServerError", "ERR_SERVER"],
    [503, "UnavailableError", "ERR_UNAVAILABLE"],
    [599, "ServerError", "ERR_SERVER"],
  ])("with status %i becomes a %s", async (status, name, code) => {
    const { error, endpoint } = await refused(status, '{"message":"because"}');
    expect(error).toMatchObject({
      name,
      code,
      status,
      method: "GET",
      path: "/v1.51/probe/x",
      reason: "because",
      body: '{"message":"because"}',
      operation: "probeGet",
      endpoint,
    });
  });

  it.each([300, 301, 302, 303, 307, 308])("is also thrown for redirect %i, which is not followed", async (status) => {
    const { endpoint, accepted } = await httpServer((request, response) => {
      if (request.url === "/elsewhere") ok(response);
      else response.writeHead(status, { Location: "/elsewhere" }).end();
    });
    expect(await failureOf(probe(endpoint).get())).toMatchObject({ name: "ApiError", status, reason: `status ${status}` });
    expect(accepted()).toBe(1);
  });

  it.each([
    ["JSON", '{"message":"no such thing"}', "no such thing"],
    ["JSON with other members", '{"message":" no such thing\\n","code":7}', "no such thing"],
    ["JSON without a message", '{"reason":"x"}', '{"reason":"x"}'],
    [
      "a failed push of Podman 5",
      '{"errorDetail":{"message":"no route to host"},"error":"no route to host"}',
      "no route to host",
    ],
    ["JSON with an error that is null", '{"errorDetail":null,"error":"x"}', "x"],
    ["a web page", "\n<!DOCTYPE html><html><head><title>502\n Bad Gateway</title>", 'a web page, "502 Bad Gateway"'],
    ["a web page without a title", "<html><body>no</body></html>", "a web page"],
    ["JSON with a message that is not a string", '{"message":{"a":1}}', '{"message":{"a":1}}'],
    ["a JSON null", "null", "null"],
    ["a JSON string", '"page not found"', '"page not found"'],
    ["plain text", "404 page not found\n", "404 page not found"],
    ["truncated JSON", '{"message":"no su', '{"message":"no su'],
    ["no content", "", "status 500"],
    ["white space", " \n ", "status 500"],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x41]), "\ufffd\ufffdA"],
  ])("with %s yields the right message", async (_what, content, reason) => {
    const { error } = await refused(500, content, { "Content-Type": "application/json" });
    expect(error).toMatchObject({ reason, message: `probeGet x failed (500): ${reason}`, body: content.toString() });
  });

  it("does not reveal the query, which may carry secrets", async () => {
    const { error } = await refused(500, "");
    expect(JSON.stringify(error) + String(error)).not.toContain("secret");
  });

  it("is read up to 64 KiB", async () => {
    let written = 0;
    const { endpoint, open } = await httpServer((_request, response) => {
      response.writeHead(500);
      const more = () => {
        while (!response.destroyed) {
          written += 1;
          if (!response.write(Buffer.alloc(10_000, "x"))) break;
        }
      };
      response.on("drain", more);
      more();
    });
    const client = probe(endpoint);
    const error = await failureOf(client.get());
    expect((error as { body: string }).body).toBe("x".repeat(65_536));
    expect((error as { reason: string }).reason).toHaveLength(65_536);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(written).toBeLessThan(1000);
    expect(await client.connections()).toBe(0);
  });

  it("of less than 64 KiB leaves its connection usable for the next call", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => response.writeHead(409).end("x".repeat(60_000)));
    const client = probe(endpoint);
    for (let i = 0; i < 5; i++) expect(await failureOf(client.get())).toMatchObject({ status: 409 });
    expect(accepted()).toBe(1);
  });

  it("that is cut off still becomes an error", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () => socket.end("HTTP/1.1 409 Conflict\r\nContent-Length: 100\r\n\r\nin the middle of a wo")),
    );
    expect(await failureOf(probe(endpoint).get())).toMatchObject({ name: "ConflictError", reason: "in the middle of a wo" });
  });

  it("that never ends can be aborted, and otherwise times out", async () => {
    const { endpoint, open } = await httpServer((_request, response) => response.writeHead(500).write("x"));
    const client = probe(endpoint);
    expect(await failureOf(client.get({ timeout: 40 }))).toMatchObject({ name: "TimeoutError", kind: "total" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 40);
    expect(await failureOf(client.get({ signal: controller.signal }))).toMatchObject({ name: "AbortError" });
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("from a TLS server becomes a TlsError", async () => {
    const { error, endpoint } = await refused(400, "Client sent an HTTP request to an HTTPS server.\n");
    expect(error).toMatchObject({ name: "TlsError", side: "protocol", operation: "probeGet", endpoint, cause: { status: 400 } });
  });

  it("instead of a stream becomes an error", async () => {
    const { endpoint } = await httpServer((_request, response) => response.writeHead(404).end('{"message":"gone"}'));
    const client = probe(endpoint);
    const errors = { 404: noSuchContainer("x") };
    expect(await failureOf(client.stream(probeGet, { id: "x" }, undefined, { errors }))).toMatchObject({
      name: "NoSuchContainerError",
    });
    expect(await failureOf(client.hijack(probeGet, { id: "x" }, undefined, { errors }))).toMatchObject({
      name: "NoSuchContainerError",
    });
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });
});
