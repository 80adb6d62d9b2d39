import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../lib/errors/api-error.js";
import { AbortError, TimeoutError } from "../../../../lib/errors/connection-errors.js";
import { ContainerAlreadyExistsError, NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { OutputLimitError } from "../../../../lib/errors/usage-errors.js";
import { client, container, IMAGE, uniqueName, useEngine } from "../../../support/engine.js";

useEngine();

const sh = (script: string) => ({ image: IMAGE, command: ["sh", "-c", script] });

/** Whether the engine has a container. */
async function isThere(id: string): Promise<boolean> {
  try {
    await client.inspectContainer({ id });
    return true;
  } catch (error) {
    if (error instanceof NoSuchContainerError) return false;
    throw error;
  }
}

describe("Client.runContainer", () => {
  it("returns the exit status, writes the output and removes the container", async () => {
    const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
    const { id, statusCode } = await client.runContainer({ ...sh("echo out; echo err >&2; exit 7"), outputStream, errorStream });
    outputStream.end();
    errorStream.end();
    expect([statusCode, await text(outputStream), await text(errorStream)]).toEqual([7, "out\n", "err\n"]);
    expect(await isThere(id)).toBe(false);
  });

  it.each([
    ["CommandNotFoundError", "command-not-found", { command: ["nope"] }],
    ["CommandNotFoundError", "command-not-found", { command: ["/no/such/file"] }],
    ["CommandStartError", "permission-denied", { command: ["/etc/passwd"] }],
    ["CommandStartError", "working-directory", { command: ["true"], config: { WorkingDir: "/etc/passwd" } }],
    ["CommandStartError", "user", { command: ["true"], config: { User: "nobodyhere" } }],
  ])("rejects with a %s (%s) for %j", async (name, problem, options) => {
    await expect(client.runContainer({ image: IMAGE, ...options })).rejects.toMatchObject({
      name,
      problem,
      operation: "runContainer",
    });
    await expect(client.output({ image: IMAGE, ...options })).rejects.toMatchObject({ name, problem, operation: "output" });
    const start = async () => {
      const { command: Cmd, config } = { config: {}, ...options };
      const id = await container({ Cmd, ...config });
      await client.startContainer({ id });
    };
    // Docker rejects a file as the working directory when the container is created
    await expect(start()).rejects.toMatchObject({ name, problem });
  });

  it("receives the output of a terminal after the end of its input", async () => {
    const script = sh("read line; sleep 0.3; echo got $line; exit 3");
    const { statusCode, stdout } = await client.output({ ...script, config: { Tty: true }, input: "one\n" });
    expect([statusCode, stdout.toString()]).toEqual([3, "one\r\ngot one\r\n"]);
    const unread = await client.output({ ...sh("sleep 0.3; echo out"), config: { Tty: true }, input: Readable.from([]) });
    expect(unread.stdout.toString()).toBe("out\r\n");
  });

  it("sends and then ends the input", async () => {
    const { stdout } = await client.output({ ...sh("cat; wc -c"), input: Readable.from(["12345", "678"]) });
    expect(stdout.toString()).toBe("123456780\n");
  });

  it("sends more input than a connection buffers", async () => {
    const { stdout } = await client.output({ ...sh("wc -c"), input: Buffer.alloc(4 << 20, "x") });
    expect(stdout.toString().trim()).toBe(String(4 << 20));
  });

  it("misses no output of a short-lived container", async () => {
    const outputs = await Promise.all(Array.from({ length: 8 }, (_, number) => client.output(sh(`echo ${number}`))));
    expect(outputs.map(({ stdout, statusCode }) => [stdout.toString(), statusCode])).toEqual(
      outputs.map((_, number) => [`${number}\n`, 0]),
    );
  });

  it("applies container settings", async () => {
    const { stdout } = await client.output({
      ...sh('echo "$A"; pwd; hostname'),
      config: { Env: ["A=1 2"], WorkingDir: "/tmp", Hostname: "job" },
      hostConfig: { NetworkMode: "none" },
    });
    expect(stdout.toString()).toBe("1 2\n/tmp\njob\n");
  });

  it("returns terminal output as standard output", async () => {
    const { stdout, stderr } = await client.output({
      ...sh("echo out; echo err >&2; test -t 0 && echo tty"),
      config: { Tty: true },
    });
    expect([stdout.toString(), stderr.length]).toEqual(["out\r\nerr\r\ntty\r\n", 0]);
  });

  it("waits for a container that removes itself", async () => {
    const { id, statusCode } = await client.runContainer({ ...sh("exit 4"), hostConfig: { AutoRemove: true } });
    expect(statusCode).toBe(4);
    expect(await isThere(id)).toBe(false);
  });

  it("keeps the container with remove: false", async () => {
    const { id } = await client.runContainer({ ...sh("exit 5"), remove: false });
    expect((await client.inspectContainer({ id })).State.ExitCode).toBe(5);
    await client.removeContainer({ id });
  });

  it("does not pull with `never`", async () => {
    const missing = { image: `${uniqueName()}:none`, pull: "never" } as const;
    await expect(client.runContainer(missing)).rejects.toThrow(NoSuchImageError);
  });

  it("rejects a name in use and keeps its container", async () => {
    const name = uniqueName();
    const id = await container({ Cmd: ["true"] }, { name });
    await expect(client.runContainer({ ...sh("true"), name })).rejects.toThrow(ContainerAlreadyExistsError);
    expect(await isThere(id)).toBe(true);
  });

  it("removes a container if its command cannot be started", async () => {
    let id = "";
    const onCreated = (created: string) => void (id = created);
    const failing = client.runContainer({ image: IMAGE, command: ["/no/such/program"], onCreated });
    await expect(failing).rejects.toThrow(ApiError);
    expect(await isThere(id)).toBe(false);
  });

  it.each([
    ["is aborted", AbortError, 0],
    ["times out", TimeoutError, 1500],
  ])("removes the container when the call %s", async (_, expected, timeout) => {
    let id = "";
    const onCreated = (created: string) => void (id = created);
    const abort = new AbortController();
    const running = client.runContainer({ ...sh("sleep 600"), onCreated }, { signal: abort.signal, timeout });
    running.catch(() => undefined);
    if (timeout === 0) {
      await vi.waitFor(async () => expect((await client.inspectContainer({ id })).State.Running).toBe(true), 10_000);
      abort.abort();
    }
    await expect(running).rejects.toThrow(expected);
    expect(await isThere(id)).toBe(false);
  });
});

describe("Client.output", () => {
  it("removes a container that exceeds the output limit", async () => {
    let id = "";
    const onCreated = (created: string) => void (id = created);
    await expect(client.output({ ...sh("yes"), maxOutput: 1 << 20, onCreated })).rejects.toThrow(OutputLimitError);
    expect(await isThere(id)).toBe(false);
  });
});
