import { request } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { readArchive } from "../../../lib/archive/read-archive.js";
import { BOX, startEngine } from "../../support/embedded-engine.js";
import { fileServer } from "../../support/file-server.js";

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Starts an engine that serves API 1.6 and later. Returns a function that sends it requests. */
async function startEarly(options = { minApiVersion: "1.6" }) {
  const { engine } = await startEngine(options);
  const socketPath = engine.endpoint.slice("unix://".length);
  return (method: string, path: string, body?: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = body ? { "content-type": "application/json" } : {};
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        const { statusCode: status = 0 } = response;
        const type = response.headers["content-type"];
        buffer(response).then((bytes) => resolve({ status, type, bytes, text: bytes.toString() }), reject);
      });
      sent.on("error", reject).end(body && JSON.stringify(body));
    });
}

test("an engine serves API 1.24 and later unless it is asked for more", async () => {
  const send = await startEarly({} as { minApiVersion: string });
  for (const version of ["1.23", "1.9", "1"]) {
    expect(await send("GET", `/v${version}/info`)).toMatchObject({
      status: 400,
      type: "text/plain; charset=utf-8",
      text: `client version ${version} is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version\n`,
    });
  }
  for (const [method, path] of [
    ["GET", "/v1.24/images/viz"],
    ["GET", "/v1.24/containers/ps"],
    ["POST", "/v1.24/containers/x/copy"],
    ["POST", "/v1.24/images/x/insert"],
  ] as const)
    expect(await send(method, path)).toMatchObject({ status: 404, text: '{"message":"page not found"}\n' });
});

test("files are copied out of containers below API 1.24", async () => {
  const send = await startEarly();
  const { text } = await send("POST", "/v1.9/containers/create?name=box", { Image: BOX, Cmd: ["sleep", "60"] });
  const { Id } = JSON.parse(text) as { Id: string };
  expect(await send("POST", `/v1.9/containers/${Id}/start`, { Binds: [], Privileged: false })).toMatchObject({ status: 204 });
  expect((JSON.parse((await send("GET", "/v1.9/containers/ps")).text) as object[]).length).toBe(1);
  const { status, bytes } = await send("POST", "/v1.9/containers/box/copy", { Resource: "etc/hostname" });
  expect(status).toBe(200);
  const names: string[] = [];
  for await (const { name } of readArchive(Readable.from([bytes]))) names.push(name);
  expect(names).toEqual(["hostname"]);
  expect(await send("POST", "/v1.9/containers/box/copy", { Resource: "" })).toMatchObject({
    status: 400,
    text: "Path cannot be empty\n",
  });
  expect(await send("POST", "/v1.9/containers/box/kill?signal=0")).toMatchObject({ status: 204 });
  expect(await send("POST", "/containers/box/kill?signal=0")).toMatchObject({ status: 400 });
  expect(await send("POST", "/containers/box/start", { Privileged: false })).toMatchObject({
    status: 400,
    text: expect.stringContaining("starting container with non-empty request body") as string,
  });
});

test("images have early names, a graph, and files that are inserted", async () => {
  const send = await startEarly();
  const address = await fileServer({ "/file": { content: "inserted" } });
  const details = JSON.parse((await send("GET", `/v1.9/images/${BOX}/json`)).text) as Record<string, unknown>;
  expect(details).toMatchObject({ os: "linux", Size: expect.any(Number) as number });
  expect(details["id"]).toMatch(/^sha256:/);
  const inserted = await send("POST", `/v1.9/images/${BOX}/insert?url=${address}/file&path=/a/b`);
  expect(inserted.status).toBe(200);
  const { status: id = "" } = JSON.parse(inserted.text.trimEnd().split("\n").at(-1) ?? "") as { status?: string };
  const [base, made] = [String(details["id"]).slice(7, 19), id.slice(7, 19)];
  expect((await send("GET", "/v1.6/images/viz")).text).toBe(
    `digraph docker {\n base -> "${base}" [style=invis]\n "${base}" -> "${made}"\n` +
      ` "${base}" [label="${base}\\n${BOX.includes(":") ? BOX : `${BOX}:latest`}",shape=box,fillcolor="paleturquoise",style="filled,rounded"];\n` +
      " base [style=invisible]\n}\n",
  );
  const again = await send("POST", `/v1.9/images/${id}/insert?url=${address}/file&path=/a/b`);
  expect(again.text).toContain("/a/b exists");
});
