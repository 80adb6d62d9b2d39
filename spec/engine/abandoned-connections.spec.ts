import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { Client } from "../../lib/client.js";
import { Random } from "../crash/random.js";
import { temporaryDirectory } from "../support/archive.js";
import { BOX, started, startEngine } from "../support/embedded-engine.js";

/** The number of connections, and of those that are open at once. */
const CONNECTIONS = 1_000;
const AT_ONCE = 25;

const head = (method: string, target: string, headers: readonly string[] = []): string =>
  [`${method} /v1.51${target} HTTP/1.1`, "Host: engine", ...headers, "", ""].join("\r\n");

/** An upload of which nothing but some bytes comes. */
const upload = (method: string, target: string): string =>
  `${head(method, target, ["Content-Type: application/x-tar", "Transfer-Encoding: chunked"])}200\r\n${"a".repeat(0x200)}\r\n`;

/** Requests whose responses last, and requests that never end. */
function requestsFor(id: string, exec: () => Promise<string>): (() => Promise<string> | string)[] {
  const upgrade = ["Connection: Upgrade", "Upgrade: tcp"];
  const json = ["Content-Type: application/json"];
  const start = JSON.stringify({ Detach: false, Tty: false });
  return [
    () => head("GET", "/events"),
    () => head("GET", `/containers/${id}/logs?follow=1&stdout=1&stderr=1`),
    () => head("GET", `/containers/${id}/stats`),
    () => head("GET", `/containers/${id}/archive?path=/`),
    () => head("GET", `/containers/${id}/export`),
    () => head("GET", `/images/${BOX}/get`),
    () => head("POST", `/containers/${id}/wait`),
    () => head("POST", `/containers/${id}/attach?stream=1&stdin=1&stdout=1`, upgrade),
    () => head("POST", `/containers/${id}/attach?stream=1&stdout=1`),
    () =>
      head("GET", `/containers/${id}/attach/ws?stream=1&stdout=1`, [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
      ]),
    async () => head("POST", `/exec/${await exec()}/start`, [...json, ...upgrade, `Content-Length: ${start.length}`]) + start,
    async () => head("POST", `/exec/${await exec()}/start`, [...json, ...upgrade, `Content-Length: ${start.length}`]),
    () => `${head("POST", "/containers/create", [...json, "Content-Length: 500"])}{"Image":`,
    () => upload("POST", "/build"),
    () => upload("POST", "/images/load"),
    () => upload("POST", "/images/create?fromSrc=-&repo=abandoned"),
    () => upload("PUT", `/containers/${id}/archive?path=/tmp`),
  ];
}

const descriptors = async (): Promise<number> => (await readdir("/proc/self/fd")).length;

/** Waits for some turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Sends a request, or its beginning, and leaves before or after the first bytes of the response. */
async function abandon(path: string, request: string, random: Random): Promise<void> {
  const socket: Socket = connect(path);
  socket.on("error", () => undefined); // the engine may close first
  await once(socket, "connect");
  const answered = new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
  const isWhole = random.below(10) < 7;
  socket.write(isWhole ? request : request.slice(0, random.below(request.length)));
  // what was not sent whole has no answer, and a wait none at all
  const patience = random.below(20);
  if (isWhole && random.below(2) === 0) await Promise.race([answered, turns(patience)]);
  else await turns(patience);
  socket.destroy();
}

test("abandoned connections leave no descriptor, process or file behind", async () => {
  const dataRoot = await temporaryDirectory();
  const { engine, client } = await startEngine({ dataRoot });
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const id = await started(client, ["sh", "-c", "while true; do echo line; sleep 0.05; done"], {}, { OpenStdin: true });
  const preparing = new Client({ endpoint: engine.endpoint }); // whose idle connections must not be counted
  const exec = async (): Promise<string> =>
    (await preparing.createExec({ container: id, cmd: ["cat"], attachStdin: true, attachStdout: true })).Id;
  const requests = requestsFor(id, exec);
  const before = { descriptors: await descriptors(), files: await filesOf(dataRoot) };

  const random = new Random(20_261_129);
  let left = CONNECTIONS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        const request = random.of(requests);
        await abandon(engine.endpoint.slice("unix://".length), (await request?.()) ?? "", random);
      }
    }),
  );

  await preparing.close();
  await vi.waitFor(async () => expect(await descriptors()).toBeLessThanOrEqual(before.descriptors), { timeout: 15_000 });
  expect(await filesOf(dataRoot)).toEqual(before.files);
  await vi.waitFor(async () => {
    const { processes } = await client.topContainer({ id });
    expect(processes.filter((row) => row.includes("cat"))).toEqual([]);
  });
  expect(warnings).toEqual([]);
  expect(await client.listContainers({ all: true })).toHaveLength(1);
}, 120_000);

/** Returns the files in a folder. */
async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
