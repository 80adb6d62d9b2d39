import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../support/ask.js";
import { startEngine } from "../support/embedded-engine.js";
import { top } from "../support/installed-package.js";
import { temporaryFolder } from "../support/servers.js";

/** Starts the program with arguments. */
function run(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(top, "dist/agent/main.js"), ...args]);
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

/** A program that serves, and the lines of its log. */
interface Serving {
  child: ChildProcessWithoutNullStreams;
  endpoint: string;
  /** Waits for a message of the log. Returns its facts. */
  logged(message: string): Promise<Record<string, unknown>>;
}

async function serve(...args: string[]): Promise<Serving> {
  const child = run("--listen", "127.0.0.1:0", "--log-level", "info", ...args);
  let log = "";
  child.stderr.on("data", (part: Buffer) => (log += part.toString()));
  const [printed] = (await once(child.stdout, "data")) as [Buffer];
  let read = 0;
  const logged = async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const lines = log.split("\n").slice(0, -1);
      while (read < lines.length) {
        const facts = JSON.parse(lines[read++] ?? "") as Record<string, unknown>;
        if (facts["message"] === message) return facts;
      }
      await once(child.stderr, "data");
    }
  };
  return { child, endpoint: printed.toString().trim(), logged };
}

/** Calls a method. Returns its status, and the code of its error. */
async function call({ endpoint }: Serving, token: string, method: string): Promise<readonly [status: number, code?: number]> {
  const { status, text: answer } = await ask(endpoint, {
    path: "/_mistify_RPC_",
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method }),
  });
  if (status !== 200) return [status];
  return [status, (JSON.parse(answer) as { error?: { code: number } }).error?.code];
}

test("the program prints its version and its options, and says what is wrong with its arguments", async () => {
  expect(await resultOf("--version")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ts-dockerclient-agent \d/) });
  expect(await resultOf("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--token-file FILE") });
  const { endpoint } = (await startEngine()).client;
  const { code, stderr } = await resultOf("--endpoint", endpoint, "--listen", "0.0.0.0:0");
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^ts-dockerclient-agent: .*set tokens, tokenFile or tls.ca/)]);
  const absent = await resultOf("--endpoint", "unix:///dev/null", "--listen", "127.0.0.1:0");
  expect(absent).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^ts-dockerclient-agent: /) });
});

test("SIGHUP reads the tokens and the policy again, and keeps what it had if either is wrong", async () => {
  const { endpoint } = (await startEngine()).client;
  const folder = await temporaryFolder();
  const [tokens, policy] = [join(folder, "tokens"), join(folder, "policy.json")];
  const allow = (...methods: string[]): void => writeFileSync(policy, JSON.stringify({ methods }));
  writeFileSync(tokens, "first-token\n", { mode: 0o600 });
  allow("Agent.Ping");
  const agent = await serve("--endpoint", endpoint, "--token-file", tokens, "--policy", policy);
  expect(await call(agent, "first-token", "Agent.Ping")).toEqual([200, undefined]);
  expect(await call(agent, "first-token", "GetInfo")).toEqual([200, -32031]);
  expect(await call(agent, "second-token", "GetInfo")).toEqual([401]);

  writeFileSync(tokens, "second-token\n");
  allow("GetInfo");
  expect(await call(agent, "first-token", "Agent.Ping")).toEqual([200, undefined]);
  agent.child.kill("SIGHUP");
  await agent.logged("reloaded");
  expect(await call(agent, "first-token", "GetInfo")).toEqual([401]);
  expect(await call(agent, "second-token", "GetInfo")).toEqual([200, undefined]);
  expect(await call(agent, "second-token", "Agent.Ping")).toEqual([200, -32031]);

  const wrong: (readonly [() => void, RegExp])[] = [
    [() => writeFileSync(policy, "{"), /policy\.json cannot be read as JSON/],
    [() => writeFileSync(policy, '{"method":[]}'), /policy\.json is invalid: .*method/],
    [() => chmodSync(tokens, 0o644), /tokens can be read by others: change its mode to 0600/],
  ];
  for (const [spoil, reason] of wrong) {
    allow("*"); // which must not come into force beside a file that is wrong
    spoil();
    agent.child.kill("SIGHUP");
    const { level, reason: given } = await agent.logged("not reloaded: what was read before stays");
    expect([level, given]).toEqual(["error", expect.stringMatching(reason)]);
    expect(await call(agent, "second-token", "GetInfo")).toEqual([200, undefined]);
    expect(await call(agent, "second-token", "Agent.Ping")).toEqual([200, -32031]);
  }
  agent.child.kill("SIGTERM");
  expect(await once(agent.child, "exit")).toEqual([0, null]);
});

test("each request is a line of the log, without its token", async () => {
  const { endpoint } = (await startEngine()).client;
  const agent = await serve("--endpoint", endpoint);
  await call(agent, "no-token-is-asked-for", "Agent.Ping");
  const line = await agent.logged("request");
  expect(line).toMatchObject({ level: "info", method: "POST", path: "/_mistify_RPC_", status: 200, caller: "127.0.0.1" });
  expect(line.bytes).toBeGreaterThan(150); // the headers and some sixty bytes of JSON
  expect(line.bytes).toBeLessThan(600);
  expect(JSON.stringify(line)).not.toContain("no-token");
  agent.child.kill("SIGINT");
  expect(await once(agent.child, "exit")).toEqual([0, null]);
});
