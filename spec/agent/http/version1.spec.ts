import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { type AgentBed, type Answered, guestId, IMAGE, post, RPC, startAgent } from "../support/agent-bed.js";

const JSON_TYPE = "application/json; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** Sends lines of a request as they are. Returns the status line, the headers and the body as one text. */
async function raw({ agent }: AgentBed, head: readonly string[], body = ""): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(agent.endpoint).port) });
  const lines = [...head, "Host: localhost", "Connection: close", `Content-Length: ${Buffer.byteLength(body)}`, "", body];
  socket.write(lines.join("\r\n"));
  return textOf(socket);
}

const call = (method: string, params: unknown = [{}]): string => JSON.stringify({ method, params, id: 1 });

describe("the verb", () => {
  test.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("%s is refused with a text that names it", async (method) => {
    const { url } = await startAgent();
    const response = await fetch(url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("content-type")).toBe(TEXT_TYPE);
    expect(response.headers.get("allow")).toBe("GET, POST");
    expect(await response.text()).toBe(`rpc: POST method required, received ${method}`);
  });

  test("GET is refused if it has a body or a content type, and describes the methods otherwise", async () => {
    const bed = await startAgent();
    const withType = await fetch(bed.url, { headers: { "content-type": "application/json" } });
    expect([withType.status, await withType.text()]).toEqual([405, "rpc: POST method required, received GET"]);
    const answer = await raw(bed, [`GET ${RPC} HTTP/1.1`], call("MDocker.DeleteContainer"));
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*rpc: POST method required, received GET$/);
    const discovery = await fetch(bed.url);
    expect(discovery.status).toBe(200);
    expect(await discovery.json()).toHaveProperty("openrpc");
  });

  test("the path is matched exactly", async () => {
    const { url } = await startAgent();
    for (const other of [`${url}/`, `${url}x`, url.toLowerCase()])
      expect((await post(other, call("MDocker.GetInfo"))).status).toBe(404);
    expect((await post(`${url}?a=b`, call("MDocker.GetInfo"))).status).toBe(200);
  });
});

describe("the content type", () => {
  test.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=latin1",
    " application/json ;",
  ])("%j is accepted", async (type) => {
    const { url } = await startAgent();
    expect((await post(url, call("MDocker.GetInfo"), { "content-type": type })).status).toBe(200);
  });

  test.each([
    "text/plain",
    "application/json-rpc",
    "application/jsonx",
    "text/application/json",
    "application/x-www-form-urlencoded",
  ])("%j is refused", async (type) => {
    const { url } = await startAgent();
    const { status, type: answered, text } = await post(url, call("MDocker.GetInfo"), { "content-type": type });
    expect([status, answered, text]).toEqual([415, TEXT_TYPE, `rpc: unrecognized Content-Type: ${type}`]);
  });

  test("may be empty or missing, as there is only one", async () => {
    const bed = await startAgent();
    expect(await raw(bed, [`POST ${RPC} HTTP/1.1`], call("MDocker.GetInfo"))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(bed, [`POST ${RPC} HTTP/1.1`, "Content-Type: "], call("MDocker.GetInfo"))).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("the request", () => {
  test.each([
    ["a method without a dot", call("NoSuchMethod"), 'rpc: service/method request ill-formed: "NoSuchMethod"'],
    ["a method with two dots", call("MDocker.Get.Info"), 'rpc: service/method request ill-formed: "MDocker.Get.Info"'],
    ["an empty method", call(""), 'rpc: service/method request ill-formed: ""'],
    ["no method", '{"params":[{}],"id":1}', 'rpc: service/method request ill-formed: ""'],
    ["a method that is null", '{"method":null,"params":[{}],"id":1}', 'rpc: service/method request ill-formed: ""'],
    ["a method that is a number", '{"method":1,"params":[{}],"id":1}', "rpc: the method is not a string"],
    ["an unknown service", call("Docker.GetInfo"), 'rpc: can\'t find service "Docker.GetInfo"'],
    ["a service of other case", call("mdocker.GetInfo"), 'rpc: can\'t find service "mdocker.GetInfo"'],
    ["an unknown method", call("MDocker.Nothing"), 'rpc: can\'t find method "MDocker.Nothing"'],
    ["a method of other case", call("MDocker.getInfo"), 'rpc: can\'t find method "MDocker.getInfo"'],
    ["a member of every object", call("MDocker.constructor"), 'rpc: can\'t find method "MDocker.constructor"'],
    ["params that are null", call("MDocker.GetInfo", null), "rpc: method request ill-formed: missing params field"],
    ["no params", '{"method":"MDocker.GetInfo","id":1}', "rpc: method request ill-formed: missing params field"],
    ["params that are an object", call("MDocker.GetInfo", {}), "rpc: params is not an array"],
    ["params that are a number", call("MDocker.GetInfo", 1), "rpc: params is not an array"],
    ["params of a number", call("MDocker.GetInfo", [1]), "rpc: the first of params is not an object"],
    ["params of an array", call("MDocker.GetInfo", [[]]), "rpc: the first of params is not an object"],
    ["no JSON", "{", "the request is not JSON"],
    ["nothing", "", "the request is not JSON"],
    ["no object", "1", "rpc: the request is not a JSON object"],
    ["null", "null", "rpc: the request is not a JSON object"],
    ["JSON after a byte order mark", `\ufeff${call("MDocker.GetInfo")}`, "the request is not JSON"],
    ["10,000 levels", `{"method":${"[".repeat(10_000)}`, "the request is nested more than 64 levels deep"],
  ])("with %s is refused with a text", async (_, body, text) => {
    const { url } = await startAgent();
    expect(await post(url, body)).toEqual<Answered>({ status: 400, type: TEXT_TYPE, text });
  });

  test("is answered the same under both names of a method", async () => {
    const { url } = await startAgent();
    const long = await post(url, call("MDocker.ListContainers"));
    expect(long).toEqual({ status: 200, type: JSON_TYPE, text: expect.stringContaining('"error":null,"id":1}\n') as string });
    expect(JSON.parse(long.text)).toMatchObject({ error: null, id: 1 });
    expect((await post(url, call("ListContainers"))).text).toMatch(/^\{"result":\{"containers":\[/);
    expect((await post(url, call("MDocker.Agent.Ping"))).status).toBe(400);
  });

  test("may have empty params, params of null, and more of them than one", async () => {
    const { url } = await startAgent();
    for (const params of [[], [null], [{}, 1, "x"]])
      expect(JSON.parse((await post(url, call("MDocker.GetInfo", params))).text)).toMatchObject({ error: null, id: 1 });
    const missing = await post(url, call("MDocker.GetContainer", []));
    expect(JSON.parse(missing.text)).toEqual({ result: null, error: expect.any(String) as string, id: 1 });
  });

  test("that is an array is a batch of JSON-RPC 2.0, which requests of 1.0 are not", async () => {
    const { url } = await startAgent();
    const { status, text } = await post(url, `[${call("MDocker.GetInfo")}]`);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject([{ jsonrpc: "2.0", error: { code: -32600 }, id: 1 }]);
  });

  test("has members without regard to case, and others that are ignored", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const envelope = (params: unknown): string =>
      `{"METHOD":"MDocker.GetContainer","Params":${JSON.stringify([params])},"Id":1.0,"extra":{"id":2},"jsonrpc":"1.0"}`;
    const { text } = await post(bed.url, envelope({ ID: id, Unknown: 1, OPTS: { nothing: true }, id2: null }));
    expect(text).toMatch(/^\{"result":null,"error":"[^"]*"[^]*,"id":1\.0\}\n$/);
    expect(text).toContain(id);
  });
});

describe("the ID", () => {
  test.each([
    "1",
    "1.0",
    "1e3",
    "9007199254740993",
    "-0",
    '"x"',
    '"\\u0041"',
    '{"a":1}',
    '{ "a" : 1 }',
    "[1]",
    "true",
    '""',
    "0",
  ])("%s is echoed byte for byte", async (id) => {
    const { url } = await startAgent();
    const { text } = await post(url, `{"method":"MDocker.GetContainer","params":[{"id":"none"}],"id": ${id} }`);
    expect(text.endsWith(`,"id":${id}}\n`)).toBe(true);
  });

  test.each(["", ',"id":null', ',"ID": null'])(
    "%j makes a notification: the method runs, and the answer is empty",
    async (member) => {
      const bed = await startAgent();
      const id = guestId(bed);
      const params = JSON.stringify([{ guest: { id, image: IMAGE } }]);
      const created = await post(bed.url, `{"method":"MDocker.CreateContainer","params":${params}${member}}`);
      expect(created).toEqual({ status: 200, type: JSON_TYPE, text: "" });
      expect((await bed.client.inspectContainer({ id })).State.Running).toBe(false);
      const failed = await post(bed.url, `{"method":"MDocker.CreateContainer","params":${params}${member}}`);
      expect(failed).toEqual({ status: 200, type: JSON_TYPE, text: "" });
    },
  );
});

describe("the answer", () => {
  test("has an error that is a string, with status 200", async () => {
    const { url } = await startAgent();
    const { status, type, text } = await post(url, call("MDocker.StartContainer", [{}]));
    expect([status, type, text]).toEqual([200, JSON_TYPE, '{"result":null,"error":"missing guest with id","id":1}\n']);
  });

  test.each(["gzip", "deflate"])("is compressed with %s where the caller accepts it", async (encoding) => {
    const { url } = await startAgent();
    const ask = (accepted: string): Promise<Response> =>
      fetch(url, { method: "POST", body: call("MDocker.GetInfo"), headers: { "accept-encoding": accepted, "content-type": "" } });
    const response = await ask(encoding);
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    expect(await response.json()).toMatchObject({ error: null, id: 1 });
    for (const refused of ["identity", `${encoding};q=0`, `${encoding}; q=0.000`])
      expect((await ask(refused)).headers.get("content-encoding"), refused).toBeNull();
  });

  test("escapes what Go escapes", async () => {
    const { url } = await startAgent();
    const { text } = await post(url, call("MDocker.GetContainer", [{ id: "<&>" }]));
    expect(text).toContain("\\u003c\\u0026\\u003e");
  });
});
