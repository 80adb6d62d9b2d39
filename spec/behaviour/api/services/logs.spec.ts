import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { NoSuchServiceError, NoSuchTaskError } from "../../../../lib/errors/swarm-errors.js";
import { client, uniqueName, useEngine } from "../../../support/engine.js";
import { runningService, staying } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

/** The sorted lines of some output. */
const sorted = (text: Buffer): string[] => String(text).split("\n").filter(Boolean).sort();

describe("Client.serviceLogs", () => {
  it("returns the output of all tasks by stream", async () => {
    const id = await runningService({
      Mode: { Replicated: { Replicas: 2 } },
      container: { Hostname: "task-{{.Task.Slot}}", Command: staying("echo out $(hostname)", "echo err $(hostname) >&2") },
    });
    const collected = async () => {
      const { stdout, stderr } = await (await client.serviceLogs({ id })).collect();
      return [sorted(stdout), sorted(stderr)];
    };
    await expect.poll(collected, { timeout: 10_000 }).toEqual([
      ["out task-1", "out task-2"],
      ["err task-1", "err task-2"],
    ]);
    const { stdout } = await (await client.serviceLogs({ id, stderr: false, timestamps: true, details: true })).collect();
    for (const line of sorted(stdout)) {
      expect(line).toMatch(
        /^\d{4}-\S+Z com\.docker\.swarm\.node\.id=\w+,com\.docker\.swarm\.service\.id=\w+,com\.docker\.swarm\.task\.id=\w+ out task-\d$/,
      );
    }
    const late = await (await client.serviceLogs({ id, since: Date.now() / 1000 + 60 })).collect();
    expect([String(late.stdout), String(late.stderr)]).toEqual(["", ""]);
    const errorStream = new PassThrough();
    await client.serviceLogs({ id, stdout: false, errorStream });
    errorStream.end();
    const written = (await errorStream.toArray()) as Buffer[];
    expect(sorted(Buffer.concat(written))).toEqual(["err task-1", "err task-2"]);
  });

  it("follows until it is aborted", async () => {
    const id = await runningService({ container: { Command: ["sh", "-c", "while true; do echo tick; sleep 0.1; done"] } });
    const abort = new AbortController();
    let ticks = 0;
    const reading = (async () => {
      for await (const { line } of (await client.serviceLogs({ id, follow: true }, { signal: abort.signal })).lines()) {
        expect(line).toBe("tick");
        ticks += 1;
        if (ticks === 5) abort.abort();
      }
    })();
    await expect(reading).rejects.toThrow(AbortError);
  });

  it("detects a terminal", async () => {
    const id = await runningService({ container: { TTY: true, Command: staying("echo hello") } });
    const read = async () => {
      const stream = await client.serviceLogs({ id });
      return [stream.tty, String((await stream.collect()).stdout)];
    };
    await expect.poll(read, { timeout: 10_000 }).toEqual([true, "hello\r\n"]);
  });

  it("rejects a missing service", async () => {
    await expect(client.serviceLogs({ id: uniqueName("none") })).rejects.toThrow(NoSuchServiceError);
  });
});

describe("Client.taskLogs", () => {
  it("returns the output of one task", async () => {
    const id = await runningService({
      Mode: { Replicated: { Replicas: 2 } },
      container: { Hostname: "task-{{.Task.Slot}}", Command: staying("echo out $(hostname)", "echo err >&2") },
    });
    const [task] = await client.listTasks({ filters: { service: id, "desired-state": "running" } });
    const collected = async () => {
      const { stdout, stderr } = await (await client.taskLogs({ id: task?.ID ?? "", tail: 10 })).collect();
      return [String(stdout), String(stderr)];
    };
    await expect.poll(collected, { timeout: 10_000 }).toEqual([`out task-${task?.Slot ?? 0}\n`, "err\n"]);
    const outputStream = new PassThrough();
    await client.taskLogs({ id: task?.ID ?? "", details: true, stderr: false, outputStream });
    expect(String(outputStream.read())).toContain(`com.docker.swarm.task.id=${task?.ID ?? ""} out`);
  });

  it("rejects a missing task", async () => {
    await expect(client.taskLogs({ id: uniqueName("none") })).rejects.toThrow(NoSuchTaskError);
  });
});
