import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Agent } from "../../lib/agent/agent.js";
import { AgentClient } from "../../lib/agent/client/agent-client.js";
import type { AgentOptions } from "../../lib/agent/options.js";
import type { Client } from "../../lib/client.js";
import { ask, openRaw } from "../support/ask.js";
import { held } from "../support/held.js";

const RPC = "/_mistify_RPC_";

/** A client of an engine that does only what a spec says. */
function scripted(methods: Record<string, (...args: never[]) => unknown> = {}): Client {
  const ping = () => Promise.resolve({ ApiVersion: "1.51" });
  return { endpoint: "unix:///nowhere.sock", ping, ...methods } as unknown as Client;
}

async function start(options: AgentOptions = {}, methods = {}): Promise<Agent> {
  const agent = await Agent.start({ listen: "tcp://127.0.0.1:0", client: scripted(methods), ...options });
  onTestFinished(() => agent.close(0));
  return agent;
}

async function call(agent: Pick<Agent, "endpoint">, method: string, params: object, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const { status, text } = await ask(agent.endpoint, {
    path: RPC,
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return { status, text, ...(status === 200 && (JSON.parse(text) as { result?: unknown; error?: unknown })) };
}

function tokenFile(text: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), "agent-tokens-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "tokens");
  writeFileSync(file, text, { mode });
  chmodSync(file, mode); // whatever the umask
  return file;
}

describe("an agent", () => {
  test("does not listen beyond its machine without authentication, and says what to set", async () => {
    for (const listen of ["tcp://0.0.0.0:0", "tcp://[::]:0", ["tcp://127.0.0.1:0", "tcp://192.0.2.1:0"]])
      await expect(Agent.start({ listen, client: scripted() })).rejects.toThrow(
        /only loopback addresses are allowed; set tokens, tokenFile or tls.ca to listen beyond this machine/,
      );
    await start({ listen: "tcp://0.0.0.0:0", tokens: ["long-enough"] });
  });

  test.each([
    [0o644, "a-long-token", /can be read by others: change its mode to 0600/],
    [0o660, "a-long-token", /can be read by others/],
    [0o600, "# only a comment\n\n", /has no token/],
    [0o600, "short\n", /at least 8 characters/],
  ])("refuses a token file with mode %o and %j", async (mode, text, message) => {
    await expect(
      Agent.start({ listen: "tcp://127.0.0.1:0", client: scripted(), tokenFile: tokenFile(text, mode) }),
    ).rejects.toThrow(message);
  });

  test("reads its tokens again, and keeps the old ones if that fails", async () => {
    const file = tokenFile("# operators\nfirst-token\n");
    const agent = await start({ tokenFile: file });
    const status = async (token: string) => (await call(agent, "Agent.Ping", {}, { authorization: `Bearer ${token}` })).status;
    expect([await status("first-token"), await status("second-token")]).toEqual([200, 401]);
    writeFileSync(file, "second-token\n");
    expect([await status("first-token"), await status("second-token")]).toEqual([200, 401]);
    agent.reload();
    expect([await status("first-token"), await status("second-token")]).toEqual([401, 200]);
    chmodSync(file, 0o644);
    expect(() => agent.reload()).toThrow("change its mode to 0600");
    expect(await status("second-token")).toBe(200);
  });

  test("serves 1,000 calls at once, and refuses what exceeds its queues", async () => {
    const work = held<object>();
    const { endpoint } = await start(
      { limits: { concurrent: 2, waiting: 1_000, connections: 2_000 } },
      { info: () => work.promise },
    );
    const agent = { endpoint };
    const calls = Array.from({ length: 1_002 }, () => call(agent, "GetInfo", {}));
    const first = await Promise.race(
      calls
        .map(async (answer, index) => ({ index, ...(await answer) }))
        .concat([call(agent, "GetInfo", {}).then((answer) => ({ index: -1, ...answer }))]),
    );
    expect(first.error).toMatchObject({ code: -32029, data: { kind: "busy", retryAfter: 1 } });
    work.release({ ID: "engine" });
    const answers = await Promise.all(calls);
    expect(answers.filter(({ result }) => result !== undefined).length).toBeGreaterThanOrEqual(1_001);
  }, 60_000);

  test("aborts the work of a caller who leaves, and removes the guest that it half created", async () => {
    const created = held();
    const removed = held<string>();
    let label = "";
    const { endpoint } = await start(
      {},
      {
        createContainer: async (
          { config }: { config: { Labels: Record<string, string> } },
          { signal }: { signal: AbortSignal },
        ) => {
          label = config.Labels["ts-dockerclient.agent.guest"] ?? "";
          created.release();
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }));
        },
        inspectContainer: () =>
          Promise.resolve({
            Id: "made",
            Config: { Labels: { "ts-dockerclient.agent.guest": label } },
            State: { Status: "created" },
          }),
        removeContainer: ({ id }: { id: string }) => (removed.release(id), Promise.resolve()),
      },
    );
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "CreateContainer",
      params: { guest: { id: "web", image: "box" } },
    });
    const { socket } = openRaw(
      endpoint,
      `POST ${RPC} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await created.promise;
    socket.destroy();
    expect(await removed.promise).toBe("made");
  });

  test("answers while it closes: not ready, and busy to new calls, until what runs has ended", async () => {
    const begun = held();
    const work = held<object>();
    const agent = await start({}, { info: () => (begun.release(), work.promise) });
    const running = call(agent, "GetInfo", {});
    await begun.promise;
    const closed = agent.close();
    expect(await ask(agent.endpoint, { path: "/readyz" })).toMatchObject({
      status: 503,
      text: expect.stringContaining("shutting down"),
    });
    expect((await ask(agent.endpoint, { path: "/healthz" })).status).toBe(200);
    expect((await call(agent, "Agent.Ping", {})).error).toMatchObject({ code: -32029, data: { retryAfter: 5 } });
    work.release({ ID: "engine" });
    expect((await running).result).toEqual({ ID: "engine" });
    await closed;
    await expect(ask(agent.endpoint, { path: "/healthz" })).rejects.toThrow("ECONNREFUSED");
  });

  test("aborts calls and jobs that outlast the grace period", async () => {
    const begun = held();
    let seen = 0;
    const info = (_: object, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        if (++seen === 2) begun.release();
      });
    const agent = await start({}, { info });
    const job = await call(agent, "GetInfo", { async: true });
    expect(job.result).toMatchObject({ job: { method: "GetInfo" } });
    const running = call(agent, "GetInfo", {});
    await begun.promise;
    await agent.close(1);
    expect((await running).error).toMatchObject({ code: -32032 });
  });

  test("takes a time beyond that of timers for none", async () => {
    const begun = held();
    const work = held<object>();
    const waitContainer = (_: object, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener("abort", () => work.fail(new Error("aborted")), { once: true });
      begun.release();
      return work.promise;
    };
    const agent = await start({}, { waitContainer });
    await using client = new AgentClient({ endpoint: agent.endpoint });
    const timeout = 2 ** 31;
    const waiting = client.waitContainer({ id: "web", timeout }, { timeout });
    await begun.promise;
    const job = await client.startJob("waitContainer", { id: "web", timeout });
    const waited = client.waitJob({ id: job.id, timeout });
    await new Promise((resolve) => setTimeout(resolve, 20)); // a timer of Node.js would have ended after one millisecond
    work.release({ statusCode: 3 });
    expect(await waiting).toEqual({ exitCode: 3 });
    expect(await waited).toMatchObject({ job: { state: "done", result: { exitCode: 3 } } });
  });

  test("reports its health and measurements under fixed names", async () => {
    let isUp = true;
    const ping = () => (isUp ? Promise.resolve({ ApiVersion: "1.51" }) : Promise.reject(new Error("down")));
    const agent = await start({}, { ping });
    expect(JSON.parse((await ask(agent.endpoint, { path: "/readyz" })).text)).toEqual({ ready: true, apiVersion: "1.51" });
    await call(agent, "Agent.Ping", {});
    for (const method of ["No.Such", "Other"]) await call(agent, method, {});
    isUp = false;
    expect(await ask(agent.endpoint, { path: "/readyz" })).toMatchObject({ status: 503 });
    const { text } = await ask(agent.endpoint, { path: "/metrics" });
    for (const line of [
      'tsdc_agent_requests_total{method="Agent.Ping",code="ok"} 1',
      'tsdc_agent_requests_total{method="unknown",code="-32601"} 2',
      'tsdc_agent_request_seconds_count{method="Agent.Ping"} 1',
      "tsdc_agent_in_flight 0",
      "tsdc_agent_queue 0",
      "tsdc_agent_engine_up 0",
    ])
      expect(text).toContain(line);
  });

  test("shows no credential in a log, an error or a measurement", async () => {
    const secret = "s3cret-value";
    const shown: string[] = [];
    const note = (facts: object, message: string) => void shown.push(message + JSON.stringify(facts));
    const agent = await start(
      { tokens: [secret], logger: { debug: note, info: note, warn: note, error: note } },
      { pullImage: () => Promise.reject(new Error("the engine failed")) },
    );
    const headers = { authorization: `Bearer ${secret}`, "idempotency-key": secret };
    shown.push((await call(agent, "PullImage", { id: "box", auth: { password: secret } }, headers)).text);
    shown.push((await call(agent, "PullImage", { id: "box", auth: { pass: secret } }, headers)).text);
    shown.push((await call(agent, "Agent.Ping", {}, { authorization: `Bearer ${secret}x` })).text);
    shown.push((await ask(agent.endpoint, { path: `${RPC}?token=${secret}`, headers })).text);
    shown.push((await ask(agent.endpoint, { path: "/metrics", headers })).text);
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.join("\n")).not.toContain(secret);
  });
});
