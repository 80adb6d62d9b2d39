import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { ConflictError } from "../../../../lib/errors/api-error.js";
import { ContainerNotRunningError, NoSuchContainerError, NoSuchExecError } from "../../../../lib/errors/container-errors.js";
import { client, container, needsApi, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

const sleeper = () => runningContainer(["sleep", "600"]);

/** Runs a command to completion and returns its output. */
async function outputOf(id: string, inputStream?: Readable): Promise<[stdout: string, stderr: string]> {
  const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
  const contents = Promise.all([text(outputStream), text(errorStream)]);
  await client.startExec({ id, inputStream, outputStream, errorStream });
  outputStream.end();
  errorStream.end();
  return contents;
}

const exitCodeOf = (id: string) =>
  vi.waitFor(
    async () => {
      const { ExitCode, Running } = await client.inspectExec({ id });
      expect(Running).toBe(false);
      return ExitCode;
    },
    { timeout: 10_000 },
  );

describe("an exec instance", () => {
  it("is created, started and inspected", async () => {
    const id = await sleeper();
    const { Id } = await client.createExec({ container: id, cmd: ["sh", "-c", "echo out; echo err >&2; exit 3"] });
    expect(Id).not.toBe("");
    expect(await client.inspectExec({ id: Id })).toMatchObject({ ID: Id, ContainerID: id, Running: false });
    expect(await outputOf(Id)).toEqual(["out\n", "err\n"]);
    expect(await exitCodeOf(Id)).toBe(3);
    const { ProcessConfig } = await client.inspectExec({ id: Id });
    expect(ProcessConfig).toMatchObject({ tty: false, entrypoint: "sh", arguments: ["-c", "echo out; echo err >&2; exit 3"] });
  });

  it("runs with the requested user, directory and environment", async () => {
    const { Id } = await client.createExec({
      container: await sleeper(),
      cmd: ["sh", "-c", 'echo "$(pwd) $(id -u):$(id -g) $A $B"'],
      env: ["A=one", "B=two words"],
      user: "1234:56",
      workingDir: "/tmp",
    });
    expect(await outputOf(Id)).toEqual(["/tmp 1234:56 one two words\n", ""]);
  });

  it("reads its input to the end", async () => {
    const { Id } = await client.createExec({
      container: await sleeper(),
      cmd: ["sh", "-c", "wc -c; echo done"],
      attachStdin: true,
    });
    const big = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(16 * 1024, "x")));
    expect(await outputOf(Id, big)).toEqual([expect.stringMatching(/^\s*1048576\ndone\n$/), ""]);
  });

  it("separates its output streams", async () => {
    const { Id } = await client.createExec({
      container: await sleeper(),
      cmd: ["sh", "-c", "read x; echo got $x; read y; exit 5"],
      attachStdin: true,
    });
    await using attached = await client.startExecNonBlocking({ id: Id });
    expect(attached.tty).toBe(false);
    attached.stdin.write("this\n");
    for await (const { stream, data } of attached) {
      expect([stream, data.toString()]).toEqual(["stdout", "got this\n"]);
      attached.stdin.end("that\n");
    }
    expect(await exitCodeOf(Id)).toBe(5);
  });

  it("has a resizable terminal", async () => {
    const { Id } = await client.createExec({
      container: await sleeper(),
      cmd: ["sh", "-c", "read x; stty size"],
      tty: true,
      attachStdin: true,
    });
    await using attached = await client.startExecNonBlocking({ id: Id });
    expect(attached.tty).toBe(true);
    await vi.waitFor(() => client.resizeExecTty({ id: Id, height: 33, width: 77 }));
    attached.stdin.write("\n");
    expect((await attached.collect()).stdout.toString()).toContain("33 77\r\n");
    expect((await client.inspectExec({ id: Id })).ProcessConfig.tty).toBe(true);
  });

  it("has a terminal with the initial size", async (context) => {
    needsApi(context, "1.42", "consoleSize of createExec");
    const { Id } = await client.createExec({
      container: await sleeper(),
      cmd: ["stty", "size"],
      tty: true,
      attachStdin: true,
      consoleSize: [40, 90],
    });
    const [out] = await outputOf(Id);
    expect(out).toBe("40 90\r\n");
  });

  it("runs in the background when detached", async (context) => {
    notOnPodman(context, "does not notice the end of a detached command", 5);
    const id = await sleeper();
    const { Id } = await client.createExec({ container: id, cmd: ["sh", "-c", "echo here > /made; exit 4"] });
    await client.startExec({ id: Id, detach: true });
    expect(await exitCodeOf(Id)).toBe(4);
    const { stdoutText } = await client.execute({ container: id, cmd: ["cat", "/made"] });
    expect(stdoutText).toBe("here");
  });

  it("cannot be started twice", async () => {
    const { Id } = await client.createExec({ container: await sleeper(), cmd: ["sleep", "600"] });
    await client.startExec({ id: Id, detach: true });
    await expect(client.startExec({ id: Id, detach: true })).rejects.toThrow(ConflictError);
  });

  it("is rejected for a container that is not running", async () => {
    const name = uniqueName();
    await expect(client.createExec({ container: name, cmd: ["ls"] })).rejects.toThrow(NoSuchContainerError);
    const created = await container({ Cmd: ["true"] });
    await expect(client.createExec({ container: created, cmd: ["ls"] })).rejects.toThrow(ContainerNotRunningError);
  });

  it("is rejected if it does not exist", async () => {
    const id = uniqueName();
    await expect(client.inspectExec({ id })).rejects.toThrow(NoSuchExecError);
    await expect(client.startExec({ id, tty: false })).rejects.toThrow(NoSuchExecError);
    await expect(client.resizeExecTty({ id, height: 24, width: 80 })).rejects.toThrow(NoSuchExecError);
  });
});
