import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type AgentBed, guestId, IMAGE, post, startAgent } from "../support/agent-bed.js";

const JSON_TYPE = "application/json; charset=utf-8";

/** Posts a text. Returns the answer parsed; an empty text for an empty answer. */
async function ask({ url }: AgentBed, body: unknown): Promise<unknown> {
  const { status, type, text } = await post(url, body);
  if (text === "") {
    expect(status).toBe(204);
    return "";
  }
  expect([status, type]).toEqual([200, JSON_TYPE]);
  return JSON.parse(text);
}

const failure = (code: number, message: string, id: unknown): object => ({
  jsonrpc: "2.0",
  error: { code, message, data: { kind: expect.any(String) as string, reason: expect.any(String) as string } },
  id,
});

const invalid = (id: unknown = null): object => failure(-32600, "Invalid Request", id);

const info = (id: unknown): object => ({
  jsonrpc: "2.0",
  result: { engine: true, apiVersion: expect.any(String) as string },
  id,
});

describe("the examples of the specification", () => {
  test("a call with params by position and by name", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    await bed.client.createContainer({ name: id, config: { Image: IMAGE } });
    for (const [params, answered] of [
      [[id], 1],
      [{ id }, 3],
      [[{ id }], "4"],
    ] as const) {
      const answer = await ask(bed, { jsonrpc: "2.0", method: "GetContainer", params, id: answered });
      expect(answer).toMatchObject({ jsonrpc: "2.0", result: { containers: [{ Name: `/${id}` }] }, id: answered });
    }
  });

  test("a notification, of a method that exists and of one that does not", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const params = { guest: { id, image: IMAGE } };
    expect(await ask(bed, { jsonrpc: "2.0", method: "CreateContainer", params })).toBe("");
    expect((await bed.client.inspectContainer({ id })).Name).toBe(`/${id}`);
    expect(await ask(bed, { jsonrpc: "2.0", method: "foobar" })).toBe("");
    expect(await ask(bed, { jsonrpc: "2.0", method: "CreateContainer", params })).toBe("");
  });

  test.each([
    [
      "a call of a method that does not exist",
      '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
      failure(-32601, "Method not found", "1"),
    ],
    [
      "a call with invalid JSON",
      '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
      failure(-32700, "Parse error", null),
    ],
    ["a call with an invalid request", '{"jsonrpc": "2.0", "method": 1, "params": "bar"}', invalid()],
    [
      "a batch with invalid JSON",
      '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc": "2.0", "method"]',
      failure(-32700, "Parse error", null),
    ],
    ["an empty array", "[]", invalid()],
    ["an invalid batch, but not empty", "[1]", [invalid()]],
    ["an invalid batch", "[1,2,3]", [invalid(), invalid(), invalid()]],
  ])("%s", async (_, body, answer) => {
    expect(await ask(await startAgent(), body)).toEqual(answer);
  });

  test("a batch of all kinds of requests", async () => {
    const batch = [
      { jsonrpc: "2.0", method: "Agent.Ping", params: [], id: "1" },
      { jsonrpc: "2.0", method: "Agent.Ping", params: {} },
      { jsonrpc: "2.0", method: "MDocker.GetContainer", params: ["aproto-none"], id: "2" },
      { foo: "boo" },
      { jsonrpc: "2.0", method: "foo.get", params: { name: "myself" }, id: "5" },
      { jsonrpc: "2.0", method: "Agent.Ping", id: "9" },
    ];
    expect(await ask(await startAgent(), batch)).toEqual([
      info("1"),
      { jsonrpc: "2.0", error: expect.objectContaining({ code: -32004 }) as object, id: "2" },
      invalid(),
      failure(-32601, "Method not found", "5"),
      info("9"),
    ]);
  });

  test("a batch of notifications", async () => {
    const bed = await startAgent();
    expect(
      await ask(bed, [
        { jsonrpc: "2.0", method: "Agent.Ping" },
        { jsonrpc: "2.0", method: "foobar" },
      ]),
    ).toBe("");
  });
});

describe("the envelope", () => {
  const nested = `{"jsonrpc":"2.0","id":1,"method":"Agent.Ping","params":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  const notAllowed = { code: -32602 };

  test.each([
    ["no method", '{"jsonrpc":"2.0","id":1}', invalid(1)],
    ["a method that is null", '{"jsonrpc":"2.0","id":1,"method":null}', invalid(1)],
    ["params that are a string", '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping","params":"x"}', invalid(1)],
    ["params that are a number", '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping","params":1}', invalid(1)],
    ["params that are null", '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping","params":null}', invalid(1)],
    ["another version", '{"jsonrpc":"2.1","id":1,"method":"Agent.Ping"}', invalid(1)],
    ["a version that is a number", '{"jsonrpc":2.0,"id":1,"method":"Agent.Ping"}', invalid(1)],
    ["an ID that is an object", '{"jsonrpc":"2.0","id":{},"method":"Agent.Ping"}', invalid()],
    ["an ID that is an array", '{"jsonrpc":"2.0","id":[1],"method":"Agent.Ping"}', invalid()],
    ["an ID that is true", '{"jsonrpc":"2.0","id":true,"method":"Agent.Ping"}', invalid()],
    ["an ID that is null, which is a request", '{"jsonrpc":"2.0","id":null,"method":"Agent.Ping"}', info(null)],
    ["a batch in a batch", '[[{"jsonrpc":"2.0","id":1,"method":"Agent.Ping"}]]', [invalid()]],
    [
      "members twice, of which the last ones count",
      '{"jsonrpc":"2.0","id":1,"id":2,"method":"x","method":"Agent.Ping"}',
      info(2),
    ],
    ["a byte order mark", '\ufeff{"jsonrpc":"2.0","id":1,"method":"Agent.Ping"}', failure(-32700, "Parse error", null)],
    ["10,000 levels", nested, invalid()],
    [
      "too many params",
      '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping","params":[1]}',
      { jsonrpc: "2.0", id: 1, error: expect.objectContaining(notAllowed) as object },
    ],
    [
      "__proto__ among the options",
      '{"jsonrpc":"2.0","id":1,"method":"ListContainers","params":{"opts":{"__proto__":{"all":true}}}}',
      { jsonrpc: "2.0", id: 1, error: expect.objectContaining(notAllowed) as object },
    ],
    [
      "an unknown parameter",
      '{"jsonrpc":"2.0","id":1,"method":"ListContainers","params":{"OPTS":{}}}',
      { jsonrpc: "2.0", id: 1, error: expect.objectContaining(notAllowed) as object },
    ],
  ])("with %s", async (_, body, answer) => {
    expect(await ask(await startAgent(), body)).toEqual(answer);
    expect({}).not.toHaveProperty("all");
  });

  test.each(["1.0", "1e3", "9007199254740993", '"\\u0041"'])("has the ID %s as it was written", async (id) => {
    const { url } = await startAgent();
    const { text } = await post(url, `{"jsonrpc":"2.0","id":${id},"method":"Agent.Ping"}`);
    expect(text.endsWith(`,"id":${id}}`)).toBe(true);
  });

  test("of invalid UTF-8 is no JSON", async () => {
    const body = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from([0xff]),
      Buffer.from('","method":"Agent.Ping"}'),
    ]);
    expect(await ask(await startAgent(), body)).toEqual(failure(-32700, "Parse error", null));
  });

  test.each([
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["identity, gzip", gzipSync],
  ] as const)("of a body compressed with %s is not read, however large it is uncompressed", async (encoding, compress) => {
    const { url } = await startAgent();
    const ping = '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping"}';
    for (const plain of [ping, ping.padEnd(64 * 1024 * 1024)]) {
      const answer = await post(url, compress(plain), { "content-encoding": encoding });
      expect(answer).toEqual({
        status: 415,
        type: "text/plain; charset=utf-8",
        text: `a body with the content encoding ${JSON.stringify(encoding)} is not supported`,
      });
    }
    expect(await post(url, ping)).toMatchObject({ status: 200 });
  });
});

describe("the limits", () => {
  const ping = '{"jsonrpc":"2.0","id":1,"method":"Agent.Ping"}';

  test("a body has a mebibyte at most, and not a byte more", async () => {
    const { url } = await startAgent();
    const padded = ping.padEnd(1024 * 1024);
    expect(await post(url, padded)).toMatchObject({ status: 200 });
    expect(await post(url, `${padded} `)).toEqual({
      status: 413,
      type: "text/plain; charset=utf-8",
      text: "the body is longer than 1048576 bytes",
    });
  });

  test.each([101, 1_001])("a batch of %d is refused as a whole", async (length) => {
    const answer = await ask(await startAgent(), `[${Array<string>(length).fill(ping).join(",")}]`);
    expect(answer).toMatchObject({ error: { code: -32600, data: { reason: "a batch has at most 100 requests" } }, id: null });
  });

  test("a batch of 100 is answered in its order", async () => {
    const batch = Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", method: "rpc.none", id }));
    const answers = (await ask(await startAgent(), batch)) as { id: number }[];
    expect(answers.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
  });
});
