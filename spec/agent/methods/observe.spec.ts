import { describe, expect, test } from "vitest";
import { type AgentBed, call1, call2, guestId, IMAGE, post, startAgent } from "../support/agent-bed.js";

/** Creates and starts a guest with a command. Returns its ID. */
async function running(bed: AgentBed, command: string[]): Promise<string> {
  const id = guestId(bed);
  await call2(bed, "CreateContainer", { guest: { id, image: IMAGE, container: { command, stopTimeout: 1 } } });
  // not by the agent, for which a guest that has ended before its inspection has failed to start
  await bed.client.startContainer({ id });
  return id;
}

const origin = ({ url }: AgentBed): string => new URL(url).origin;

describe("the output of a guest", () => {
  test("is returned, and its end with it", async () => {
    const bed = await startAgent();
    const id = await running(bed, ["sh", "-c", "echo one; echo two >&2; echo three"]);
    expect(await call2(bed, "WaitContainer", { id, timeout: 10 })).toEqual({ exitCode: 0 });
    const { lines, truncated } = await call2(bed, "GetLogs", { id });
    expect(truncated).toBe(false);
    expect(lines).toHaveLength(3);
    expect(lines).toContainEqual({ stream: "stderr", line: "two" });
    expect((await call2(bed, "GetLogs", { id, stderr: false })).lines.map((line) => line.line)).toEqual(["one", "three"]);
    // which of the streams comes last is chance
    expect((await call2(bed, "GetLogs", { id, tail: 2 })).lines).toHaveLength(2);
    expect((await call1(bed, "GetLogs", { id })).lines).toHaveLength(3);
  });

  test("is followed as server-sent events, and in no other way", async () => {
    const bed = await startAgent();
    const id = await running(bed, ["sh", "-c", "echo one; sleep 0.3; echo two"]);
    await expect(call2(bed, "GetLogs", { id, follow: true })).rejects.toMatchObject({ code: -32602 });
    const request = { jsonrpc: "2.0", id: 7.5, method: "GetLogs", params: { id, follow: true } };
    const { type, text } = await post(bed.url, request, { accept: "text/event-stream" });
    expect(type).toBe("text/event-stream; charset=utf-8");
    expect(text).toBe(
      'event: progress\ndata: {"stream":"stdout","line":"one"}\n\n' +
        'event: progress\ndata: {"stream":"stdout","line":"two"}\n\n' +
        'event: result\ndata: {"jsonrpc":"2.0","result":{"lines":[],"truncated":false},"id":7.5}\n\n',
    );
  });
});

describe("a command in a guest", () => {
  test("has an exit code, output and input", async () => {
    const bed = await startAgent();
    const id = await running(bed, ["sleep", "100"]);
    const exec = (command: string[], more: object = {}): Promise<unknown> =>
      call2(bed, "ExecContainer", { id, command, ...more });
    expect(await exec(["sh", "-c", "echo out; echo $A >&2; exit 3"], { env: { A: "b" } })).toEqual({
      exitCode: 3,
      stdout: "out\n",
      stderr: "b\n",
    });
    expect(await exec(["cat"], { input: "in" })).toEqual({ exitCode: 0, stdout: "in", stderr: "" });
    expect(await exec(["cat"], { input: "/w==", encoding: "base64" })).toMatchObject({ stdout: "/w==" });
    await expect(exec(["true"], { privileged: true })).rejects.toMatchObject({ code: -32031, data: { rule: "privileged" } });
    await expect(exec([])).rejects.toMatchObject({ code: -32602, message: "missing command" });
    await call2(bed, "StopContainer", { guest: { id }, timeout: 0 });
    await expect(exec(["true"])).rejects.toMatchObject({ code: -32009, data: { engineStatus: 409 } });
  });
});

describe("the measurements of a guest", () => {
  test("have the shapes of mistify's metrics, all of them or those of one type", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const container = { command: ["sh", "-c", "while true; do true; done"], stopTimeout: 1 };
    await call2(bed, "CreateContainer", { guest: { id, image: IMAGE, memory: 16, container } });
    await call2(bed, "StartContainer", { guest: { id } });
    const number = expect.any(Number) as number;
    const nic = { name: expect.any(String) as string, rx_bytes: number, rx_packets: number, rx_errors: number, rx_drops: number };
    const all = await call2(bed, "GetMetrics", { guest: { id } });
    expect(all).toEqual({
      guest: { id },
      type: "",
      disk: expect.any(Array) as unknown[],
      nic: [{ ...nic, tx_bytes: number, tx_packets: number, tx_errors: number, tx_drops: number }],
      cpu: expect.any(Array) as unknown[],
      memory: { usage: number, limit: number },
    });
    const { limit } = all.memory as { limit: number };
    // an executor without control groups measures against the memory of the machine
    expect([16 * 1024 * 1024, (await bed.client.info()).MemTotal]).toContain(limit);
    const times = async (): Promise<number> => {
      const { cpu } = (await call1(bed, "GetMetrics", {
        Guest: { ID: id, State: "ignored" },
        Type: "cpu",
        Args: { a: "b" },
      })) as {
        cpu?: { cpu_time: number; vcpu_time: number }[];
      };
      for (const { cpu_time: total, vcpu_time: user } of cpu ?? []) expect(user).toBeLessThanOrEqual(total);
      return (cpu ?? []).reduce((sum, each) => sum + each.cpu_time, 0);
    };
    const before = await times();
    expect(await times()).toBeGreaterThan(before);
    for (const type of ["disk", "nic", "memory"])
      expect(Object.keys(await call2(bed, "GetMetrics", { guest: { id }, type }))).toEqual(["guest", "type", type]);
    await expect(call2(bed, "GetMetrics", { guest: { id }, type: "gpu" })).rejects.toMatchObject({ code: -32602 });
    await expect(call1(bed, "GetMetrics", {})).rejects.toThrow(/^missing guest with id$/);
    await expect(call2(bed, "GetMetrics", { guest: { id: "aproto-none" } })).rejects.toMatchObject({ code: -32004 });
  });
});

describe("the events of an engine", () => {
  test("are streamed until their end, or until the caller or its job ends", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const since = String(Math.floor(Date.now() / 1000) - 1);
    const filters = { container: [id], event: ["create", "start"] };
    await expect(call2(bed, "StreamEvents", { filters })).rejects.toMatchObject({ code: -32602 });
    const { job } = await call2(bed, "StreamEvents", { filters, async: true });
    const stream = await fetch(bed.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "StreamEvents", params: { filters, since } }),
    });
    await call2(bed, "CreateContainer", { guest: { id, image: IMAGE, container: { command: ["sleep", "100"] } } });
    await call2(bed, "StartContainer", { guest: { id } });
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('"Action":"start"')) break; // leaves
    }
    expect(text).toMatch(/^event: progress\ndata: \{[^\n]*"Action":"create"/);
    const progressed = async (): Promise<unknown> => (await call2(bed, "Agent.GetJob", { id: job.id })).job.progress;
    await expect.poll(progressed, { timeout: 10_000 }).toMatchObject({ Action: "start" });
    expect((await call2(bed, "Agent.CancelJob", { id: job.id })).job).toMatchObject({ state: "canceled" });

    const until = String(Math.floor(Date.now() / 1000) + 1);
    expect(await call2(bed, "StreamEvents", { filters, since, until })).toEqual({ count: 2 });
    expect(await call1(bed, "StreamEvents", { Filters: filters, Since: since, UNTIL: until })).toEqual({ count: 2 });
  });

  test("are kept from callers who see only their own guests", async () => {
    const bed = await startAgent({ policy: { ownedOnly: true } });
    await expect(call2(bed, "StreamEvents", { until: "0" })).rejects.toMatchObject({ code: -32031, data: { rule: "ownedOnly" } });
  });
});

describe("the containers of an engine", () => {
  test("are listed as inspections, by aliases of the options in 1.0", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    await call2(bed, "CreateContainer", { guest: { id, image: IMAGE } });
    const filters = { name: [id] };
    const names = async (answer: Promise<{ containers: { Name?: string }[] }>): Promise<unknown[]> =>
      (await answer).containers.map(({ Name }) => Name);
    expect(await names(call1(bed, "ListContainers", { Opts: { All: true, Filters: filters, nothing: 1 } }))).toEqual([`/${id}`]);
    expect(await names(call1(bed, "ListContainers", { opts: { filters } }))).toEqual([]);
    expect(await names(call2(bed, "ListContainers", { opts: { all: true, filters } }))).toEqual([`/${id}`]);
    await expect(call2(bed, "ListContainers", { opts: { All: true } })).rejects.toMatchObject({ code: -32602 });
    expect(await names(call1(bed, "GetContainer", { id }))).toEqual([`/${id}`]);
    await expect(call1(bed, "GetContainer", { id: "" })).rejects.toThrow();
    expect(await call1(bed, "GetInfo")).toHaveProperty("ServerVersion");
  });
});

describe("a job", () => {
  test("is polled, waited for and canceled", async () => {
    const bed = await startAgent();
    const id = await running(bed, ["sleep", "100"]);
    const { job } = await call2(bed, "ExecContainer", { id, command: ["sleep", "50"], async: true });
    expect(job).toMatchObject({ method: "ExecContainer", guest: id });
    expect(["queued", "running"]).toContain(job.state);
    expect((await call2(bed, "Agent.WaitJob", { id: job.id, timeout: 0 })).job.state).toBe("running");
    expect(await (await fetch(`${origin(bed)}/jobs/${job.id}`)).json()).toMatchObject({ job: { id: job.id, state: "running" } });
    expect((await call2(bed, "Agent.CancelJob", { id: job.id })).job.state).toBe("canceled");
    expect((await call2(bed, "Agent.ListJobs", { state: "canceled", guest: id })).jobs).toMatchObject([
      { id: job.id, error: { code: -32032 } },
    ]);
    await expect(call2(bed, "Agent.GetJob", { id: "none" })).rejects.toMatchObject({ code: -32004 });
    expect((await fetch(`${origin(bed)}/jobs/none`)).status).toBe(404);
    expect((await fetch(`${origin(bed)}/jobs/${job.id}`, { method: "DELETE" })).status).toBe(405);
  });

  test("has its result, or its error, once it has ended", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const prefer = { prefer: "respond-async" };
    const request = { jsonrpc: "2.0", id: 1, method: "CreateContainer", params: { guest: { id, image: IMAGE } } };
    for (const expected of [
      { state: "done", result: { guest: { id, state: "stopped" } } },
      { state: "failed", error: { code: -32009 } },
    ]) {
      const { result } = JSON.parse((await post(bed.url, request, prefer)).text) as { result: { job: { id: string } } };
      expect((await call2(bed, "Agent.WaitJob", { id: result.job.id })).job).toMatchObject({
        ...expected,
        ended: expect.any(String) as string,
      });
    }
  });

  test("reports its progress as lines and as server-sent events, also to late listeners", async () => {
    const bed = await startAgent();
    const id = await running(bed, ["sh", "-c", "echo one; sleep 0.3; echo two"]);
    const { job } = await call2(bed, "GetLogs", { id, follow: true, async: true });
    const events = `${origin(bed)}/jobs/${job.id}/events`;
    const lines = await fetch(events);
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson");
    const records = (await lines.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(records).toEqual([
      { progress: { stream: "stdout", line: "one" } },
      { progress: { stream: "stdout", line: "two" } },
      { job: expect.objectContaining({ id: job.id, state: "done" }) as object },
    ]);
    const late = await (await fetch(events, { headers: { accept: "text/event-stream" } })).text();
    expect(late).toMatch(
      /^event: progress\ndata: \{[^\n]*"one"\}\n\nevent: progress\ndata: \{[^\n]*"two"\}\n\nevent: result\ndata: \{[^\n]*"done"/,
    );
  });
});
