import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { AgentClient } from "../../../lib/agent/client/agent-client.js";
import * as errors from "../../../lib/agent/client/errors.js";
import { CODES } from "../../../lib/agent/rpc/rpc-error.js";
import { AbortError, InvalidOptionError } from "../../../lib/index.js";
import type { ServiceClientOptions } from "../../../lib/service/service-connection.js";
import { certify } from "../../support/certificates.js";
import { held } from "../../support/held.js";
import { listen, temporaryFolder } from "../../support/servers.js";
import { guestId, IMAGE, startAgent } from "../support/agent-bed.js";

function clientOf(options: ServiceClientOptions): AgentClient {
  const client = new AgentClient(options);
  onTestFinished(() => client.close());
  return client;
}

/** A client of a server that answers as `serve` does. */
async function fake(serve: RequestListener): Promise<AgentClient> {
  const { port } = await listen(createServer(serve), 0);
  return clientOf({ endpoint: `tcp://127.0.0.1:${port}` });
}

/** A client of a server that answers each call with these members, and the status 200. */
const answering = (members: object): Promise<AgentClient> =>
  fake((_, response) => response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...members })));

describe("the client of an agent", () => {
  test("calls each method by its name, and returns what the agent does", async () => {
    const bed = await startAgent();
    const host = clientOf({ endpoint: bed.agent.endpoint });
    const id = guestId(bed);
    const { guest } = await host.createContainer({ guest: { id, image: IMAGE } });
    expect(guest).toMatchObject({ id, state: "stopped" });
    expect(await host.getContainer({ id })).toMatchObject({ containers: [{ Name: `/${id}` }] });
    expect(await host.call("deleteContainer", { guest: { id } })).toMatchObject({ guest: { id, state: "deleted" } });
    await expect(host.getContainer({ id })).rejects.toThrow(errors.AgentNotFoundError);
    await expect(host.startContainer({ guest: { id: "" } })).rejects.toMatchObject({
      name: "AgentParamsError",
      rpcCode: -32602,
      data: { kind: "invalidParams", path: "guest.id" },
      message: "StartContainer: missing guest with id",
    });
  });

  test("sends the token, the key and JSON-RPC 2.0 with an ID that is new for each call", async () => {
    const seen: { headers: IncomingMessage["headers"]; body: { id: number } }[] = [];
    const { port } = await listen(
      createServer((request, response) => {
        void text(request).then((body) => {
          seen.push({ headers: request.headers, body: JSON.parse(body) as { id: number } });
          response.end('{"jsonrpc":"2.0","id":1,"result":{}}');
        });
      }),
      0,
    );
    const host = clientOf({ endpoint: `tcp://127.0.0.1:${port}`, token: "a-token" });
    await host.deleteImage({ id: "x" }, { idempotencyKey: "a-key" });
    await host.listImages({});
    expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer a-token", "idempotency-key": "a-key" });
    expect(seen[0]?.body).toEqual({ jsonrpc: "2.0", method: "DeleteImage", params: { id: "x" }, id: seen[0]?.body.id });
    expect(seen[1]?.headers).not.toHaveProperty("idempotency-key");
    expect(seen[1]?.body.id).not.toBe(seen[0]?.body.id);
  });

  test.each([
    ["parseError", errors.AgentCallError],
    ["invalidRequest", errors.AgentCallError],
    ["methodNotFound", errors.AgentMethodError],
    ["invalidParams", errors.AgentParamsError],
    ["internal", errors.AgentCallError],
    ["engine", errors.AgentEngineError],
    ["unauthorized", errors.AgentCredentialsError],
    ["notFound", errors.AgentNotFoundError],
    ["conflict", errors.AgentConflictError],
    ["unexpectedState", errors.UnexpectedGuestStateError],
    ["busy", errors.AgentBusyError],
    ["timeout", errors.AgentTimeoutError],
    ["policy", errors.AgentPolicyError],
    ["canceled", errors.AgentCanceledError],
  ] as const)("throws a class of its own for the kind %s", async (kind, expected) => {
    const data = { kind, reason: "the reason" };
    const host = await answering({ error: { code: CODES[kind], message: "the message", data } });
    const error: unknown = await host.getInfo({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({
      name: expected.name,
      message: "GetInfo: the message: the reason",
      rpcCode: CODES[kind],
      data,
      operation: "GetInfo",
      endpoint: host.endpoint,
    });
  });

  test.each([
    [401, "AgentAccessError", /refuses the caller: no$/],
    [403, "AgentAccessError", /refuses the caller: no$/],
    [404, "AgentProtocolError", /answers 404 "no", not as an agent$/],
    [200, "AgentProtocolError", /answers 200 "no", not as an agent$/],
  ])("tells a status of %d from a failure of the call: %s", async (status, name, message) => {
    const host = await fake((_, response) => response.writeHead(status).end("no"));
    await expect(host.getInfo({})).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
  });

  test("says that an agent is not reachable, or went before its answer", async () => {
    const { endpoint, stop } = await listen(createServer());
    await stop();
    const nobody = clientOf({ endpoint: `unix://${endpoint.replace("unix://", "")}` });
    await expect(nobody.getInfo({})).rejects.toThrow(/^GetInfo: the agent at .* is not reachable: /);
    await expect(nobody.getInfo({})).rejects.toThrow(errors.AgentConnectionError);
    const breaking = await fake((request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setImmediate(() => request.socket.destroy());
    });
    await expect(breaking.getInfo({})).rejects.toThrow(/^GetInfo: the connection to .* broke before the answer$/);
    const short = await fake((_, response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end("data: 1\n\n"),
    );
    await expect(short.stream("getInfo", {}).next()).resolves.toEqual({ done: false, value: 1 });
    const stream = short.stream("getInfo", {});
    await stream.next();
    await expect(stream.next()).rejects.toThrow(/^GetInfo: the stream of .* ended before its result$/);
  });

  test("is aborted by its caller, before and amid a call, and by its time", async () => {
    const arrived = held<ServerResponse>();
    const host = await fake((_, response) => arrived.release(response));
    await expect(host.getInfo({}, { signal: AbortSignal.abort() })).rejects.toThrow(AbortError);
    const controller = new AbortController();
    const call = host.getInfo({}, { signal: controller.signal, timeout: 60_000 });
    const response = await arrived.promise;
    controller.abort();
    await expect(call).rejects.toThrow("GetInfo: the call was aborted or took too long");
    if (!response.destroyed) await once(response, "close"); // the agent hears of it
    await expect(host.getInfo({}, { timeout: 20 })).rejects.toThrow(AbortError);
    await expect(host.stream("getInfo", {}, { timeout: 20 }).next()).rejects.toThrow(AbortError);
  });

  test("yields progress and returns the result; leaving aborts the call", async () => {
    const bed = await startAgent();
    const host = clientOf({ endpoint: bed.agent.endpoint });
    const id = guestId(bed);
    const container = { command: ["sh", "-c", "echo one; echo two"] };
    await host.createContainer({ guest: { id, image: IMAGE, container } });
    await bed.client.startContainer({ id });
    const stream = host.stream("getLogs", { id, follow: true });
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual([
      { done: false, value: { stream: "stdout", line: "one" } },
      { done: false, value: { stream: "stdout", line: "two" } },
      { done: true, value: { lines: [], truncated: false } },
    ]);
    await expect(host.stream("getLogs", { id: "nobody", follow: true }).next()).rejects.toThrow(errors.AgentNotFoundError);
    const left = held();
    const endless = await fake((_, response) => {
      response.once("close", () => left.release());
      response.writeHead(200, { "content-type": "text/event-stream" }).write("event: progress\ndata: 1\n\n");
    });
    for await (const record of endless.stream("streamEvents", {})) {
      expect(record).toBe(1);
      break;
    }
    await left.promise;
  });

  test("a method that answers without a stream has its result all the same", async () => {
    const host = await answering({ result: { images: [] } });
    expect(await host.stream("listImages", {}).next()).toEqual({ done: true, value: { images: [] } });
  });

  test("starts jobs, and waits for them", async () => {
    const bed = await startAgent();
    const host = clientOf({ endpoint: bed.agent.endpoint });
    const id = guestId(bed);
    const job = await host.startJob("createContainer", { guest: { id, image: IMAGE } });
    expect(job).toMatchObject({ method: "CreateContainer", guest: id });
    expect(await host.waitForJob(job.id)).toMatchObject({ guest: { id, state: "stopped" } });
    const failing = await host.startJob("startContainer", { guest: { id: "nobody" } });
    await expect(host.waitForJob(failing.id)).rejects.toThrow(errors.AgentNotFoundError);
    await expect(host.waitForJob("none")).rejects.toThrow("WaitJob: no such job: none");
  });

  test("waits longer than one call of WaitJob", async () => {
    const states = ["queued", "running", "done"];
    const host = await fake((_, response) => {
      const job = { id: "1", method: "PullImage", state: states.shift(), result: "pulled" };
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { job } }));
    });
    expect(await host.waitForJob("1")).toBe("pulled");
    expect(states).toEqual([]);
  });

  test("uses TLS with certificates, and a Unix socket", async () => {
    const ca = certify({ name: "authority" });
    const server = certify({ name: "server", for: "IP:127.0.0.1", by: ca });
    const caller = certify({ name: "caller", by: ca });
    const socket = `unix://${await temporaryFolder()}/agent.sock`;
    const { agent } = await startAgent({ listen: ["tcp://127.0.0.1:0", socket], tls: { ...server, ca: ca.cert } });
    const [tcp = ""] = agent.endpoints;
    const tls = { ca: ca.cert, ...caller };
    const endpoints = [
      { endpoint: tcp, tls },
      { endpoint: tcp.replace("tcp:", "https:"), tls },
      { endpoint: socket, tls },
    ];
    for (const options of endpoints) expect(await clientOf(options).ping({})).toMatchObject({ engine: true });
    await expect(clientOf({ endpoint: tcp, tls: { ca: ca.cert } }).ping({})).rejects.toThrow(errors.AgentConnectionError);
    await expect(clientOf({ endpoint: tcp, tls: caller }).ping({})).rejects.toThrow(errors.AgentConnectionError);
  });

  test.each(["", "localhost", "tcp://localhost", "unix://relative", "ftp://h:1", "tcp://[::1", "tcp://h:port"])(
    "refuses the endpoint %j",
    (endpoint) => {
      expect(() => new AgentClient({ endpoint })).toThrow(InvalidOptionError);
    },
  );

  test("calls the local agent by default", () => {
    expect(new AgentClient().endpoint).toBe("tcp://127.0.0.1:30001");
  });
});
