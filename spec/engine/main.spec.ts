import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../lib/client.js";
import { temporaryDirectory } from "../support/archive.js";
import { top } from "../support/installed-package.js";

/** Starts the program with arguments. */
function run(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(top, "dist/engine/main.js"), ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs the program to its end. */
async function resultOf(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = run(...args);
  const exit = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await exit)[0], stdout, stderr };
}

test("the program prints its version and its options", async () => {
  expect(await resultOf("--version")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ts-dockerclient-engine \d+\.\d+\.\d+\n$/),
  });
  const { code, stdout } = await resultOf("--help");
  expect([code, stdout]).toEqual([0, expect.stringContaining("--data-root DIR")]);
});

test("the program says what is wrong with its arguments, and what prevents its start", async () => {
  expect(await resultOf("--colour")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^ts-dockerclient-engine: Unknown option '--colour'/),
  });
  const { code, stderr } = await resultOf("--host", "tcp://0.0.0.0:2375");
  expect([code, stderr]).toEqual([
    1,
    "ts-dockerclient-engine: cannot listen on tcp://0.0.0.0:2375: without client certificates, only loopback addresses are allowed\n",
  ]);
});

test("the program serves until a signal ends it", async () => {
  const folder = await temporaryDirectory();
  const socket = `unix://${join(folder, "engine.sock")}`;
  const child = run(
    "--host",
    socket,
    "--host",
    "tcp://127.0.0.1:0",
    "--data-root",
    join(folder, "data"),
    "--executor",
    "program",
  );
  const log = text(child.stderr);
  let printed = "";
  for await (const part of child.stdout) {
    printed += String(part);
    if (printed.split("\n").length === 3) break;
  }
  const [first, second = ""] = printed.split("\n");
  expect([first, second]).toEqual([socket, expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/)]);
  await using client = new Client({ endpoint: second });
  const { stdout } = await client.output({ image: "busybox", command: ["echo", "hello"] });
  expect(stdout.toString()).toBe("hello\n");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await log).toMatch(/^\S+Z POST \/containers\/\w+\/start: 204, [\d.]+ ms$/m);
  expect(await readdir(folder)).toEqual(["data"]);
});

test("the program listens on a socket of its own by default", async () => {
  const child = run("--executor", "program");
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  const path = printed.toString().trim().slice("unix://".length);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect(stat(dirname(path))).rejects.toMatchObject({ code: "ENOENT" });
});
