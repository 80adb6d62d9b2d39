import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { AbortError, TimeoutError } from "../../../../lib/errors/connection-errors.js";
import { ContainerNotRunningError } from "../../../../lib/errors/container-errors.js";
import { OutputLimitError } from "../../../../lib/errors/usage-errors.js";
import { client, runningContainer, useEngine } from "../../../support/engine.js";

useEngine();

const sleeper = () => runningContainer(["sleep", "600"]);

/** The commands that are running in a container. */
async function processes(container: string): Promise<string> {
  return (await client.execute({ container, cmd: ["ps"] })).stdoutText;
}

describe("execute", () => {
  it("returns exit code and output", async () => {
    const result = await client.execute({ container: await sleeper(), cmd: ["sh", "-c", "echo out; echo err >&2; exit 3"] });
    expect(result).toMatchObject({ exitCode: 3, stdoutText: "out", stderrText: "err" });
  });

  it.each([
    ["a string", () => "one\ntwo\n"],
    ["bytes", () => Buffer.from("one\ntwo\n")],
    ["a stream", () => Readable.from(["one\n", "two\n"])],
  ])("sends %s as input", async (_, input) => {
    const { stdoutText } = await client.execute({ container: await sleeper(), cmd: ["sort", "-r"], input: input() });
    expect(stdoutText).toBe("two\none");
  });

  it.each([
    ["a string of one line", "one\n", "one\r\ngot one"],
    ["an empty stream", Readable.from([]), "got"],
  ])("receives the output of a terminal after the end of its input: %s", async (_, input, expected) => {
    const read = expected === "got" ? "" : "read line; ";
    const cmd = ["sh", "-c", `${read}sleep 0.3; echo got $line; exit 3`];
    const { exitCode, stdoutText } = await client.execute({ container: await sleeper(), cmd, tty: true, input });
    expect([exitCode, stdoutText]).toEqual([3, expected]);
  });

  it("ends the input of a terminal with Ctrl-D", async () => {
    const { stdoutText } = await client.execute({ container: await sleeper(), cmd: ["cat"], tty: true, input: "one\n\x04" });
    expect(stdoutText).toBe("one\r\none");
  });

  it("writes to the caller's streams", async () => {
    const outputStream = new PassThrough();
    const content = text(outputStream);
    const { stdout, exitCode } = await client.execute({
      container: await sleeper(),
      cmd: ["head", "-c", "300000", "/dev/zero"],
      outputStream,
    });
    outputStream.end();
    expect([(await content).length, stdout.length, exitCode]).toEqual([300_000, 0, 0]);
  });

  it.each([
    ["the program does not exist", ["nope"], 127],
    ["the file does not exist", ["/no/such/file"], 127],
    ["the file is not executable", ["/etc/passwd"], 126],
    ["the shell does not find the program", ["sh", "-c", "nope"], 127],
  ])("returns a result when %s", async (_, cmd, exitCode) => {
    const result = await client.execute({ container: await sleeper(), cmd });
    expect([result.exitCode, result.stdoutText]).toEqual([exitCode, ""]);
    expect(result.stderrText).not.toBe("");
  });

  it.each([
    ["user", { user: "nobodyhere" }],
    ["working directory", { workingDir: "/nope" }],
  ])("returns a result when the %s does not exist", async (_, options) => {
    const result = await client.execute({ container: await sleeper(), cmd: ["true"], ...options });
    expect([result.exitCode, result.stdoutText]).toEqual([126, ""]);
    expect(result.stderrText).not.toBe("");
  });

  it("waits for a command that continues after its output has ended", async () => {
    const { exitCode } = await client.execute({
      container: await sleeper(),
      cmd: ["sh", "-c", "exec >&- 2>&-; sleep 0.3; exit 6"],
    });
    expect(exitCode).toBe(6);
  });

  it("kills the command and its children on timeout", async () => {
    const container = await sleeper();
    const cmd = ["sh", "-c", "env -i sleep 1111 & sleep 2222 & sleep 3333"];
    const outputStream = new PassThrough();
    const failing = client.execute({ container, cmd, timeout: 700, outputStream });
    await expect(failing).rejects.toThrow(TimeoutError);
    await expect(failing).rejects.toThrow(/\(total timeout\)$/);
    expect(await processes(container)).not.toMatch(/sleep \d{4}/);
  });

  it("kills a command of another user", async () => {
    const container = await sleeper();
    const failing = client.execute({ container, user: "1234", cmd: ["sleep", "1111"], timeout: 500 });
    await expect(failing).rejects.toThrow(/\(total timeout\)$/);
    expect(await processes(container)).not.toContain("sleep 1111");
  });

  it("kills only the aborted caller's command", async () => {
    const container = await sleeper();
    const abort = new AbortController();
    const other = client.execute({ container, cmd: ["sh", "-c", "sleep 3; echo spared"] });
    const outputStream = new PassThrough().on("data", () => abort.abort());
    const failing = client.execute(
      { container, cmd: ["sh", "-c", "echo started; sleep 1111"], outputStream },
      { signal: abort.signal },
    );
    await expect(failing).rejects.toThrow(AbortError);
    await expect(failing).rejects.toThrow(/^execute was aborted$/);
    expect(await processes(container)).not.toContain("sleep 1111");
    expect((await other).stdoutText).toBe("spared");
  });

  it("kills a command that exceeds the output limit", async () => {
    const container = await sleeper();
    await expect(client.execute({ container, cmd: ["yes"], maxOutput: 100_000 })).rejects.toThrow(OutputLimitError);
    expect(await processes(container)).not.toMatch(/\byes$/m);
  });

  it("reports that it cannot kill the command in a container without a shell", async () => {
    const container = await sleeper();
    await client.execute({ container, cmd: ["rm", "/bin/sh"] });
    const failing = client.execute({ container, cmd: ["sleep", "1111"], timeout: 500 });
    await expect(failing).rejects.toThrow("the command may still be running: the container has no shell to kill it with");
  });

  it("ends when its container stops", async () => {
    const container = await sleeper();
    const outputStream = new PassThrough().on("data", () => void client.killContainer({ id: container }));
    const { exitCode } = await client.execute({ container, cmd: ["sh", "-c", "echo started; exec sleep 1111"], outputStream });
    expect(exitCode).toBe(137);
    await client.waitContainer({ id: container });
    await expect(client.execute({ container, cmd: ["ls"] })).rejects.toThrow(ContainerNotRunningError);
  });

  it("leaves no connection open", async () => {
    const container = await sleeper();
    const before = await client.connections();
    await client.execute({ container, cmd: ["echo", "x"] });
    await client.execute({ container, cmd: ["sleep", "1111"], timeout: 300 }).catch(() => undefined);
    await expect.poll(() => client.connections()).toBeLessThanOrEqual(Math.max(before, 2));
  });
});
