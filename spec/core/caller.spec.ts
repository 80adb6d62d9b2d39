import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../lib/core/call-options.js";
import { Client, DockerError, isGap } from "../../lib/index.js";
import { type RecordedRequest, recordingDaemon } from "../support/recording-daemon.js";
import { callSample, methodNames } from "../support/sample-calls.js";
import { netServer } from "../support/servers.js";

const here = fileURLToPath(import.meta.url);
const names = methodNames();
/** Names that are not ordinary words. */
const telling = names.filter((name) => /[A-Z]/.test(name));

/** Calls a method and returns what it rejects with. */
async function failureOf(client: Client, name: string, call?: CallOptions): Promise<unknown> {
  try {
    await callSample(client, name, call);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Expects an error that names only one method and has a line of this file in its stack. */
function expectNamed(error: unknown, name: string): void {
  expect(error, name).toBeInstanceOf(DockerError);
  const { operation, message, stack = "" } = error as DockerError;
  expect(operation, message).toBe(name);
  const others = telling.filter((other) => other !== name && new RegExp(`\\b${other}\\b`).test(message));
  expect(others, message).toEqual([]);
  expect(stack, name).toContain(here);
}

async function expectAllNamed(client: Client, methods: readonly string[], call?: () => CallOptions): Promise<void> {
  const errors = await Promise.all(methods.map(async (name) => [name, await failureOf(client, name, call?.())] as const));
  for (const [name, error] of errors) expectNamed(error, name);
}

describe("every method names itself and its caller", { timeout: 60_000 }, () => {
  const isEvents = (name: string) => /event/i.test(name);

  it("in an error response", async () => {
    const { client } = await recordingDaemon({ status: 418, body: { message: "no" } });
    await expectAllNamed(client, names);
  });

  it("in a shared negotiation with an endpoint where nothing listens", async () => {
    // an event stream retries for seconds
    await expectAllNamed(
      new Client({ endpoint: "unix:///nonexistent/docker.sock" }),
      names.filter((name) => !isEvents(name)),
    );
  });

  it.each([
    ["a timeout", () => ({ timeout: 50 })],
    ["an abort", () => ({ signal: AbortSignal.timeout(50) })],
  ])("in %s", async (_what, call) => {
    const { endpoint } = await netServer(() => undefined);
    const methods = names.filter((name) => name !== "addEventListener" && name !== "imageAttestations");
    await expectAllNamed(new Client({ endpoint, apiVersion: "1.51", maxConnections: 1000 }), methods, call);
  });

  it("in a closed client", async () => {
    const client = new Client();
    await client.close();
    await expectAllNamed(client, names);
  });

  it("in an unknown option or setting", async () => {
    const { client, requests } = await recordingDaemon();
    const unknown: object = { nonsense: true };
    await expectAllNamed(
      client,
      names.filter((name) => name !== "addEventListener"),
      () => unknown,
    );
    expect(requests).toEqual([]);
  });
});

const stat = Buffer.from(JSON.stringify({ name: "/", size: 0, mode: 2_147_484_141, mtime: "2026-01-01T00:00:00Z" })).toString(
  "base64",
);

/** Successful answers, by request. */
const successes: readonly (readonly [RegExp, object])[] = [
  [/^GET .*\/containers\/\w+\/json/, { State: { Running: true, Health: { Status: "starting" } }, Config: {}, HostConfig: {} }],
  [/^GET .*\/images\/\w+\/json/, { Id: "sha256:1", Config: {} }],
  [/^GET .*\/exec\/\w+\/json/, { Running: false, ExitCode: 0 }],
  [/^GET .*\/services\/\w+/, { ID: "web", Version: { Index: 1 }, Spec: { Mode: { Replicated: { Replicas: 1 } } } }],
  [/^GET .*\/tasks/, []],
  [/^POST .*\/wait/, { StatusCode: 0 }],
  [/^POST .*\/(?:create|commit|exec)(?:\?|$)/, { Id: "made" }],
];

/** Answers requests successfully before the given one, and with an error from then on. */
function failing(step: number): (request: RecordedRequest) => object {
  let count = 0;
  return ({ line }) => {
    count += 1;
    if (count >= step) return { status: 500, body: { message: "no" } };
    if (/\/(?:attach|exec\/\w+\/start)/.test(line)) return { upgrade: (socket: { end(): void }) => socket.end() };
    const body = successes.find(([pattern]) => pattern.test(line))?.[1];
    return { headers: { "X-Docker-Container-Path-Stat": stat }, body };
  };
}

describe("a method that makes several requests", () => {
  it.each([
    ["runContainer", 5],
    ["output", 5],
    ["execute", 3],
    ["startExec", 1],
    ["attachToContainer", 2],
    ["copyToContainer", 2],
    ["insertImageFile", 6],
    ["waitForHealthy", 2],
    ["waitForLog", 2],
    ["waitForService", 3],
    ["logs", 1],
  ])("names itself when any of them fails: %s", async (name, steps) => {
    for (let step = 1; step <= steps; step += 1) {
      const { client } = await recordingDaemon(failing(step));
      expectNamed(await failureOf(client, name), name);
    }
  });

  it("names itself when a function computes the update", async () => {
    for (const step of [1, 2]) {
      const { client } = await recordingDaemon(failing(step));
      const error: unknown = await client.updateService({ id: "web", spec: (spec) => spec }).catch((reason: unknown) => reason);
      expectNamed(error, "updateService");
    }
  });

  it("leaves the errors of the caller's callbacks unchanged", async () => {
    const { client } = await recordingDaemon(({ line }) =>
      line.includes("/start") ? { status: 500 } : { body: { StatusCode: 0 } },
    );
    const onRegistered = () => client.startContainer({ id: "web" });
    await expect(client.waitContainer({ id: "web", onRegistered })).rejects.toMatchObject({ operation: "startContainer" });
  });

  it("names itself in the error about a setting that it forwards", async () => {
    const { client } = await recordingDaemon();
    const options = { image: "app", config: { MacAddress: "not one" } };
    expectNamed(await client.runContainer(options).catch((reason: unknown) => reason), "runContainer");
  });
});

describe("the caller's line", () => {
  const failed = (outcome: PromiseLike<unknown>) => outcome.then(undefined, (error: unknown) => error);

  it.each<[string, (client: Client) => PromiseLike<unknown>]>([
    ["an awaited call", async (client) => await client.ping()],
    ["Promise.all", (client) => Promise.all([client.ping(), client.info()])],
    ["Promise.race", (client) => Promise.race([client.ping()])],
    ["catch", (client) => client.ping().catch((error: unknown) => Promise.reject(error as Error))],
    ["finally", (client) => client.ping().finally(() => undefined)],
    ["an awaited pull", (client) => client.pullImage({ repository: "app" })],
    [
      "a loop over a pull",
      async (client) => {
        for await (const message of client.pullImage({ repository: "app" })) expect(message).toBeUndefined();
      },
    ],
    [
      "a loop over events",
      async (client) => {
        for await (const event of client.streamEvents()) expect(isGap(event)).toBe(false);
      },
    ],
    ["negotiate", (client) => client.negotiate()],
    ["supports", (client) => client.supports("ping")],
  ])("is in the stack after %s", async (_what, call) => {
    const { client } = await recordingDaemon({ status: 401, body: { message: "no" } }, { apiVersion: undefined });
    const error = await failed(call(client));
    expect(error).toBeInstanceOf(DockerError);
    expect((error as DockerError).stack).toContain(here);
  });

  it("follows the name and message of the error", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const error = await failed(client.inspectContainer({ id: "web" }));
    expect((error as DockerError).stack).toMatch(/^NoSuchContainerError: no such container: web\n {4}at /);
  });
});
