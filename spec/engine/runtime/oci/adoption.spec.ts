import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { Client } from "../../../../lib/client.js";
import { startBox, startOciEngine } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 180_000 });

const engineModule = fileURLToPath(new URL("../../../../lib/engine/embedded-engine.ts", import.meta.url));

/** Starts an engine in a process of its own, which can be killed. */
async function startProcess(dataRoot: string): Promise<ChildProcess> {
  const script = `
    const { EmbeddedEngine } = await import(${JSON.stringify(engineModule)});
    await EmbeddedEngine.start({ executor: "oci", dataRoot: process.argv[1], listen: "unix://" + process.argv[1] + "/s" });
    process.stdout.write("ready");
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, dataRoot], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

/** Reads the log of a container. */
async function logOf(client: Client, id: string): Promise<string> {
  return (await (await client.logs({ id, stdout: true })).collect()).stdout.toString();
}

test("containers outlive an engine that is killed, and the next one has them as they were", async (context) => {
  const dataRoot = await mkdtemp(join(tmpdir(), "oci-adopt-"));
  onTestFinished(() => rm(dataRoot, { recursive: true, force: true }));
  const prepared = await startOciEngine(context, { dataRoot });
  await prepared.client.close();
  await prepared.engine.close();

  const first = await startProcess(dataRoot);
  const before = new Client({ endpoint: `unix://${dataRoot}/s` });
  const writer = await startBox(before, ["sh", "-c", "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done"]);
  const reader = await startBox(before, ["sh", "-c", 'read line; echo "got $line"; exit 5'], {}, { OpenStdin: true });
  const server = await startBox(before, ["sh", "-c", "echo page >/index.html; exec httpd -f -p 80 -h /"], {
    PortBindings: { "80/tcp": [{}] },
  });
  const short = await startBox(before, ["sh", "-c", "while [ -e /tmp ]; do sleep 0.05; done; exit 6"]);
  await vi.waitUntil(async () => (await logOf(before, writer)).includes("line 3\n"), { timeout: 60_000 });
  const pid = (await before.inspectContainer({ id: writer })).State.Pid;
  const ports = (await before.inspectContainer({ id: server })).NetworkSettings.Ports;
  first.kill("SIGKILL");
  await once(first, "exit");
  await before.close();

  const { engine, client } = await startOciEngine(context, { dataRoot });
  onTestFinished(async () => {
    await client.close();
    await engine.close();
  });
  expect((await client.inspectContainer({ id: writer })).State).toMatchObject({ Status: "running", Pid: pid });
  const known = await logOf(client, writer);
  await vi.waitUntil(async () => (await logOf(client, writer)).length > known.length, { timeout: 60_000 });
  const numbers = (await logOf(client, writer)).match(/\d+/g)?.map(Number) ?? [];
  // what was in the pipe when the engine died is read by the next one
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(new Set(numbers).size).toBe(numbers.length);

  const ended = client.waitContainer({ id: reader });
  await client.attachToContainer({
    container: reader,
    inputStream: Readable.from(["from a client\n"]),
    stdout: false,
    stderr: false,
  });
  expect(await ended).toMatchObject({ statusCode: 5 });
  expect(await logOf(client, reader)).toBe("got from a client\n");

  expect((await client.inspectContainer({ id: server })).NetworkSettings.Ports).toEqual(ports);
  const [{ HostPort = "" } = {}] = ports?.["80/tcp"] ?? [];
  expect(await (await fetch(`http://127.0.0.1:${HostPort}/`)).text()).toBe("page\n");

  const over = client.waitContainer({ id: short });
  await client.execute({ container: short, cmd: ["rmdir", "/tmp"] });
  expect(await over).toMatchObject({ statusCode: 6 });
  for (const id of [writer, reader, server, short]) await client.removeContainer({ id, force: true });
});
