import { describe, expect, it, onTestFinished } from "vitest";
import { DockerError } from "../../../lib/errors/docker-error.js";
import type { AttachedStream } from "../../../lib/streams/hijacked-stream.js";
import { client, container, IMAGE, runningContainer, uniqueName, useEngine } from "../../support/engine.js";
import { rejection } from "../../support/streams.js";
import { needsTestbed, testbed } from "../../support/testbed.js";

useEngine();

/** Writes a line, then runs for as long as the test does. */
const talker = ["sh", "-c", "echo begun; exec sleep 600"];

async function attach(tty: boolean): Promise<AttachedStream> {
  const id = await container({ Cmd: talker, Tty: tty });
  const attached = await client.attachToContainerNonBlocking({ container: id });
  await client.startContainer({ id });
  return attached;
}

async function exec(tty: boolean): Promise<AttachedStream> {
  const { Id } = await client.createExec({ container: await runningContainer(["sleep", "600"]), cmd: talker, tty });
  return client.startExecNonBlocking({ id: Id, tty });
}

/** Kills the engine, and starts it again after the test, before its containers are removed. */
async function kill(): Promise<void> {
  onTestFinished(async () => {
    await testbed("up");
  });
  await testbed("kill");
}

/** Reads until the first output, kills the engine, and reads the rest. */
async function readAcrossKill(stream: AttachedStream): Promise<string> {
  let output = "";
  for await (const { data } of stream) {
    if (output === "") await kill();
    output += data.toString();
  }
  return output;
}

describe("an engine that is killed", () => {
  for (const [what, open] of [
    ["attach", () => attach(false)],
    ["attach to a terminal", () => attach(true)],
    ["exec", () => exec(false)],
    ["exec with a terminal", () => exec(true)],
  ] as const) {
    it(`cuts off the output: ${what}`, async (context) => {
      needsTestbed(context);
      expect(await rejection(readAcrossKill(await open()))).toMatchObject({ name: "ProtocolError" });
    }, 120_000);
  }

  it("ends a wait for the output", async (context) => {
    needsTestbed(context);
    const attached = await attach(false);
    const waiting = rejection(attached.wait());
    await kill();
    expect(await waiting).toMatchObject({ name: "ProtocolError" });
  }, 120_000);

  it("ends execute and runContainer", async (context) => {
    needsTestbed(context);
    const id = await runningContainer(["sleep", "600"]);
    const name = uniqueName();
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const calls = [
      rejection(client.execute({ container: id, cmd: talker })),
      rejection(client.runContainer({ image: IMAGE, name, command: talker, onCreated: () => begun() })),
    ];
    await isRunning;
    onTestFinished(() => client.removeContainer({ id: name, force: true }));
    await kill();
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(DockerError);
  }, 120_000);
});
