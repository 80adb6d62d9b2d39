import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../lib/client.js";
import { EngineRecorder } from "../../../lib/engine/testing/engine-recorder.js";
import { EngineReplay } from "../../../lib/engine/testing/engine-replay.js";
import { NoSuchContainerError } from "../../../lib/index.js";
import { temporaryDirectory } from "../../support/archive.js";
import { BOX, startEngine } from "../../support/embedded-engine.js";

/** The temporary folders of recorders. */
const recorderFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("ts-dockerclient-recorder-"));

/** What a client does with an engine: with events, a hijacked connection, an error and credentials. */
async function session(endpoint: string): Promise<unknown[]> {
  await using client = new Client({ endpoint });
  const seen: unknown[] = [];
  const actions: string[] = [];
  await client.addEventListener((event) => {
    if ("Action" in event) actions.push(event.Action);
  });
  const auth = { username: "ann", password: "pa55word", serveraddress: "registry.invalid" };
  await client.pushImage({ name: "registry.invalid/none", tag: "1", auth }).catch(() => undefined);
  const config = { Image: BOX, Cmd: ["sleep", "1000"], Env: ["DB_PASSWORD=hunter2"] };
  const { Id: id } = await client.createContainer({ name: "web", config });
  await client.startContainer({ id });
  const { stdoutText, exitCode } = await client.execute({ container: id, cmd: ["cat"], input: "some input" });
  seen.push(stdoutText, exitCode);
  seen.push((await client.readContainerFile({ container: id, path: "/etc/passwd" })).toString());
  const waiting = client.waitContainer({ id });
  await client.killContainer({ id });
  seen.push((await waiting).statusCode);
  await client.removeContainer({ id });
  seen.push(await client.inspectContainer({ id: "web" }).catch((error: unknown) => error instanceof NoSuchContainerError));
  while (!actions.includes("destroy")) await new Promise((resolve) => setImmediate(resolve));
  seen.push(actions.filter((action) => ["create", "start", "die", "destroy"].includes(action)));
  return seen;
}

test("the traffic of an engine is recorded without credentials, and replayed", async () => {
  const { engine } = await startEngine();
  const file = join(await temporaryDirectory(), "session.jsonl");
  const recorder = await EngineRecorder.start({ engine: engine.endpoint, file });
  const recorded = await session(recorder.endpoint);
  await recorder.close();
  await engine.close();
  expect(recorded).toEqual(["some input", 0, expect.stringContaining("guest"), 137, true, ["create", "start", "die", "destroy"]]);
  const text = await readFile(file, "utf8");
  expect(text).toContain("DB_PASSWORD=[removed]");
  for (const secret of ["pa55word", "hunter2", Buffer.from('"password"').toString("base64").slice(0, 8)])
    expect(text).not.toContain(secret);

  const replay = await EngineReplay.start({ file });
  onTestFinished(() => replay.close());
  expect(await session(replay.endpoint)).toEqual(recorded);
  expect(replay.unused).toEqual([]);
  expect(replay.unexpected).toEqual([]);
  await using client = new Client({ endpoint: replay.endpoint, apiVersion: "1.51" });
  await expect(client.info()).rejects.toMatchObject({ status: 501 });
  expect(replay.unexpected).toEqual([{ method: "GET", target: "/v1.51/info" }]);
});

test("a recorder refuses other endpoints, and an engine that is not there is status 502", async () => {
  const folder = await temporaryDirectory();
  const file = join(folder, "recording.jsonl");
  await expect(EngineRecorder.start({ engine: "ssh://host", file })).rejects.toThrow(TypeError);
  const recorder = await EngineRecorder.start({ engine: `unix://${join(folder, "none.sock")}`, file });
  onTestFinished(() => recorder.close());
  await using client = new Client({ endpoint: recorder.endpoint, apiVersion: "1.51" });
  await expect(client.info()).rejects.toMatchObject({ status: 502 });
});

test("an upgrade whose body never comes does not keep a recorder from saying that there is no engine", async () => {
  const folder = await temporaryDirectory();
  const engine = `unix://${join(folder, "none.sock")}`;
  const recorder = await EngineRecorder.start({ engine, file: join(folder, "recording.jsonl") });
  onTestFinished(() => recorder.close());
  const socket = connect(recorder.endpoint.slice("unix://".length));
  onTestFinished(() => void socket.destroy());
  socket.write("POST /exec/x/start HTTP/1.1\r\nHost: engine\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 9\r\n\r\n");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 502 /);
});

test("a recording that cannot be written is an error, and leaves nothing behind", async () => {
  const { engine } = await startEngine();
  const before = await recorderFolders();
  const recorder = await EngineRecorder.start({ engine: engine.endpoint, file: "/dev/full" });
  await using client = new Client({ endpoint: recorder.endpoint });
  await client.ping();
  await expect(recorder.close()).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await recorderFolders()).toEqual(before);
});

test("another file is no recording", async () => {
  const file = join(await temporaryDirectory(), "other.jsonl");
  await writeFile(file, "{}\n");
  await expect(EngineReplay.start({ file })).rejects.toThrow(TypeError);
});
