import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { started, startEngine } from "../../support/embedded-engine.js";

/** Starts a command and returns the status of the response and the output, with its frame. */
async function output(endpoint: string, id: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const exchange = request({
    socketPath: endpoint.replace("unix://", ""),
    method: "POST",
    path: `/v1.51/exec/${id}/start`,
    headers: { "Content-Type": "application/json", ...headers },
  });
  exchange.end("{}");
  return new Promise((resolve, reject) => {
    exchange.on("error", reject);
    exchange.on("response", (response) => {
      text(response).then((body) => resolve([response.statusCode ?? 0, body]), reject);
    });
    exchange.on("upgrade", (response, socket, head) => {
      socket.end();
      text(socket).then((body) => resolve([response.statusCode ?? 0, head.toString() + body]), reject);
    });
  });
}

test("clients that are attached find in the output why a command was not started", async () => {
  const { client, engine } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const create = () => client.createExec({ container: id, cmd: ["missing"] });
  const message =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "missing": executable file not found in $PATH\r\n';
  const framed = `\u0001\0\0\0\0\0\0${String.fromCharCode(message.length)}${message}`;
  const plain = await create();
  expect(await output(engine.endpoint, plain.Id)).toEqual([200, framed]);
  expect(await client.inspectExec({ id: plain.Id })).toMatchObject({ Running: false, ExitCode: 127 });
  const upgraded = await create();
  expect(await output(engine.endpoint, upgraded.Id, { Connection: "Upgrade", Upgrade: "tcp" })).toEqual([101, framed]);
});

test("commands of unknown users are refused when they are created", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const create = client.createExec({ container: id, cmd: ["true"], user: "nobodyhere" });
  await expect(create).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("unable to find user nobodyhere: no matching entries in passwd file"),
  });
});

test("containers list the commands that run", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const { Id } = await client.createExec({ container: id, cmd: ["true"] });
  expect((await client.inspectContainer({ id })).ExecIDs).toEqual([Id]);
  await client.startExec({ id: Id });
  expect((await client.inspectContainer({ id })).ExecIDs).toEqual([]);
  expect(await client.inspectExec({ id: Id })).toMatchObject({ Running: false, ExitCode: 0 });
});

test("the name in the request is that of the message", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  await client.renameContainer({ id, name: "one" });
  await client.pauseContainer({ id });
  await expect(client.createExec({ container: "one", cmd: ["true"] })).rejects.toThrow("Container one is paused");
  await expect(client.killContainer({ id: "one", signal: "NOSUCH" })).rejects.toThrow(
    "cannot kill container: one: invalid signal: NOSUCH",
  );
  await expect(client.killContainer({ id: "two" })).rejects.toMatchObject({ status: 404 });
  await expect(client.renameContainer({ id: "one", name: "a b" })).rejects.toThrow(
    "Error when allocating new name: Invalid container name (/a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
  );
});
