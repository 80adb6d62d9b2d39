import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { Client } from "../../../lib/client.js";
import type { ClientOptions } from "../../../lib/core/client-options.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { IMAGE, uniqueName } from "../../support/engine.js";

/** Skips every test of the file, with a reason, if the engine under test lacks the endpoint. */
export function needsTestbed(variable: "TESTBED_TLS_HOST" | "TESTBED_SSH_HOST"): void {
  beforeEach((context) => {
    context.skip(
      !process.env[variable],
      `needs an engine with an ${variable === "TESTBED_SSH_HOST" ? "ssh" : "TLS"} endpoint: ${variable} is not set`,
    );
  });
}

/** Reads a variable of the test bed. */
export function testbed(name: string): string {
  const value = process.env[`TESTBED_${name}`];
  if (value === undefined) throw new Error(`TESTBED_${name} is not set`);
  return value;
}

/** Creates a client that is closed when the test has finished. */
export function clientFor(options: ClientOptions): Client {
  const client = new Client({ auth: false, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** Forwards a connection in both directions, including half-closes. */
function passOn(from: Socket, to: Socket): void {
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    one.pipe(other);
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
  }
}

/** Runs in the engine's network namespace: forwards a unix socket, which all namespaces share, to a port. */
const inner = `
  const { connect, createServer } = require("node:net");
  ${passOn.toString()}
  const [path, port] = process.argv.slice(1);
  createServer({ allowHalfOpen: true }, (socket) => passOn(socket, connect({ port, host: "127.0.0.1", allowHalfOpen: true })))
    .listen(path, () => console.log("listening"));`;

/**
 * Forwards a local port into the engine's network namespace. Returns the local port, which is the engine's own where it has no
 * namespace, and a function that ends it.
 */
export async function forward(port: string): Promise<{ port: number; end: () => Promise<void> }> {
  if (process.env.TESTBED_NETNS === undefined) return { port: Number(port), end: () => Promise.resolve() };
  const folder = mkdtempSync(join(tmpdir(), "tsdc-spec-"));
  const path = join(folder, "socket");
  const args = [`--net=${testbed("NETNS")}`, "--", process.execPath, "-e", inner, path, port];
  const child = spawn("nsenter", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("error", reject).once("close", () => reject(new Error("the port could not be forwarded")));
  });
  const outer = createServer({ allowHalfOpen: true }, (socket) => passOn(socket, connect({ path, allowHalfOpen: true })));
  await new Promise<void>((resolve) => outer.listen(0, "127.0.0.1", resolve));
  const end = async () => {
    child.kill();
    await new Promise((resolve) => outer.close(resolve));
    rmSync(folder, { recursive: true });
  };
  return { port: (outer.address() as AddressInfo).port, end };
}

/** Creates a container, and removes it when the test has finished. */
async function containerOf(client: Client, command: string[]): Promise<string> {
  const { Id } = await client.createContainer({
    name: uniqueName("connecting"),
    config: { Image: IMAGE, Cmd: command, OpenStdin: true, StdinOnce: true, AttachStdin: true },
  });
  onTestFinished(() => client.removeContainer({ id: Id, force: true }));
  return Id;
}

/** Defines the specs that every transport must pass. */
export function itConnects(clientOf: () => Client): void {
  it("sends requests sequentially and in parallel", async () => {
    const client = clientOf();
    for (let i = 0; i < 10; i++) expect(await client.listContainers({ limit: 1 })).toBeInstanceOf(Array);
    expect(await client.connections()).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => client.info()));
    expect(await client.connections()).toBeLessThanOrEqual(20);
    await client.close();
    expect(await client.connections()).toBe(0);
  });

  it("reports errors of the engine", async () => {
    await expect(clientOf().inspectContainer({ id: "nobody-has-this-name" })).rejects.toMatchObject({
      name: "NoSuchContainerError",
      status: 404,
    });
  });

  it("half-closes an attached connection, so that the command sees the end of its input and can still write", async () => {
    const client = clientOf();
    const id = await containerOf(client, ["sh", "-c", "wc -c; echo done >&2"]);
    const [inputStream, outputStream, errorStream] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const attached = await client.attachToContainerNonBlocking({ container: id, inputStream, outputStream, errorStream });
    await client.startContainer({ id });
    inputStream.end(Buffer.alloc(1 << 20));
    await attached.wait();
    expect([String(outputStream.read()).trim(), String(errorStream.read()).trim()]).toEqual(["1048576", "done"]);
    const logs = await (await client.logs({ id })).collect();
    expect([logs.stdout.toString().trim(), logs.stderr.toString().trim()]).toEqual(["1048576", "done"]);
  });

  it("transfers a megabyte in both directions at once", async () => {
    const client = clientOf();
    const id = await containerOf(client, ["cat"]);
    const [inputStream, outputStream] = [new PassThrough(), new PassThrough()];
    const attached = await client.attachToContainerNonBlocking({ container: id, inputStream, outputStream });
    await client.startContainer({ id });
    const sent = randomBytes(1 << 20);
    const received = createHash("sha256");
    outputStream.on("data", (chunk: Buffer) => received.update(chunk));
    inputStream.end(sent);
    await attached.wait();
    await vi.waitFor(() => expect(outputStream.readableLength).toBe(0));
    expect(received.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
  });

  it("follows logs until aborted and leaves no connection open", async () => {
    const client = clientOf();
    const id = await containerOf(client, ["sh", "-c", "while true; do echo line; sleep 0.05; done"]);
    await client.startContainer({ id });
    const idle = await client.connections();
    const controller = new AbortController();
    const lines: string[] = [];
    const reading = (async () => {
      for await (const { line } of (await client.logs({ id, follow: true }, { signal: controller.signal })).lines()) {
        lines.push(line);
        if (lines.length === 5) controller.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortError);
    // lines in the same chunk as the fifth one are still delivered
    expect(lines.length).toBeGreaterThanOrEqual(5);
    expect(new Set(lines)).toEqual(new Set(["line"]));
    await expect.poll(() => client.connections()).toBeLessThanOrEqual(idle);
  });
}
