import { duplexPair, PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { attach, type AttachTarget } from "../../../lib/engine/containers/attach.js";
import { DEFAULT_KEYS } from "../../../lib/engine/containers/detach-keys.js";
import { OutputHub } from "../../../lib/engine/containers/output-hub.js";
import { environment } from "../../../lib/engine/containers/process-spec.js";
import type { StateRecord } from "../../../lib/engine/containers/record.js";
import { rfc3339 } from "../../../lib/engine/containers/record.js";
import { RestartDelay, restarts, startsWithEngine } from "../../../lib/engine/containers/restart-policy.js";
import { Waiters } from "../../../lib/engine/containers/waiters.js";
import type { StreamName } from "../../../lib/wire/frames.js";

const state = (exitCode: number, isStoppedByHand = false): StateRecord => ({
  status: "exited",
  pid: 0,
  exitCode,
  error: "",
  oomKilled: false,
  isStoppedByHand,
});

test.each([
  ["no", 0, 1, 0, false],
  ["always", 0, 0, 9, true],
  ["unless-stopped", 0, 0, 9, true],
  ["on-failure", 0, 0, 0, false],
  ["on-failure", 0, 1, 99, true],
  ["on-failure", 3, 1, 2, true],
  ["on-failure", 3, 1, 3, false],
] as const)("the policy %s:%i after exit code %i and %i restarts: %j", (Name, MaximumRetryCount, code, count, isRestarted) => {
  expect(restarts({ Name, MaximumRetryCount }, state(code), count)).toBe(isRestarted);
  expect(restarts({ Name, MaximumRetryCount }, state(code, true), count)).toBe(false);
});

test("a container that was stopped by hand starts with the engine only if it always restarts", () => {
  expect(startsWithEngine({ Name: "always" }, state(0, true))).toBe(true);
  const startedAt = "1";
  expect(startsWithEngine({ Name: "unless-stopped" }, { ...state(0, true), startedAt })).toBe(false);
  expect(startsWithEngine({ Name: "unless-stopped" }, { ...state(0), startedAt })).toBe(true);
  // it has only been created
  expect(startsWithEngine({ Name: "unless-stopped" }, state(0))).toBe(false);
  expect(startsWithEngine({ Name: "on-failure" }, state(1))).toBe(false);
});

test("the delay before a restart doubles up to a minute, and a long run resets it", () => {
  const delay = new RestartDelay();
  expect([0n, 0n, 0n].map((run) => delay.next(run))).toEqual([100, 200, 400]);
  for (let count = 0; count < 20; count += 1) delay.next(0n);
  expect(delay.next(0n)).toBe(60_000);
  expect(delay.next(10_000_000_000n)).toBe(100);
});

test("the end of a run answers those who wait for it, and the removal everyone", async () => {
  const waiters = new Waiters();
  const exit = waiters.wait("next-exit");
  const removal = waiters.wait("removed");
  waiters.exited({ StatusCode: 1 });
  expect(await exit).toEqual({ StatusCode: 1 });
  const never = waiters.wait("next-exit");
  waiters.removed({ StatusCode: 2 });
  expect(await Promise.all([removal, never])).toEqual([{ StatusCode: 2 }, { StatusCode: 2 }]);
});

test("a client that is gone is forgotten", async () => {
  const waiters = new Waiters();
  const gone = new AbortController();
  const answers: string[] = [];
  for (const condition of ["next-exit", "removed"] as const)
    void waiters.wait(condition, gone.signal).then(() => answers.push(condition));
  expect(waiters.size).toBe(2);
  gone.abort();
  void waiters.wait("next-exit", gone.signal).then(() => answers.push("late"));
  expect(waiters.size).toBe(0);
  const other = waiters.wait("removed");
  waiters.removed({ StatusCode: 0 });
  await other;
  expect(answers).toEqual([]);
});

test("environments and times are encoded", () => {
  expect(environment(["A=b=c", "B=", "NAME", "=x"])).toEqual({ A: "b=c", B: "" });
  expect(rfc3339(undefined)).toBe("0001-01-01T00:00:00Z");
  expect(rfc3339(1_000_000_000n)).toBe("1970-01-01T00:00:01Z");
  expect(rfc3339("1000000120")).toBe("1970-01-01T00:00:01.00000012Z");
});

test("output waits for the slowest client, and a client that leaves does not hold it up", async () => {
  const hub = new OutputHub();
  const seen: string[] = [];
  let proceed = (): void => undefined;
  const leave = hub.attach({
    write: () => new Promise((resolve) => (proceed = resolve)),
    end: () => seen.push("never"),
  });
  hub.attach({
    write: (_, chunk) => {
      seen.push(chunk.toString());
      return Promise.resolve();
    },
    end: () => seen.push("end"),
  });
  const pumped = hub.pump("stdout", Readable.from([Buffer.from("one"), Buffer.from("two")]));
  await vi.waitFor(() => expect(seen).toEqual(["one"]));
  leave();
  proceed();
  await pumped;
  hub.end();
  expect(seen).toEqual(["one", "two", "end"]);
});

/** Attaches a client to a process. */
function attached(tty: boolean, outputs: StreamName[] = ["stdout", "stderr"], isOpen = true) {
  const [client, server] = duplexPair();
  const stdin = new PassThrough();
  const onInputEnd = vi.fn();
  const target: AttachTarget = { hub: new OutputHub(), stdin: isOpen ? stdin : undefined, tty, onInputEnd };
  const outcome = attach(server, target, { outputs: new Set(outputs), detachKeys: DEFAULT_KEYS, isFramed: true });
  return { client, connection: server, stdin, onInputEnd, hub: target.hub, outcome };
}

test("output is framed, and only the chosen streams are sent", async () => {
  const { client, hub, outcome } = attached(false, ["stderr"]);
  await hub.pump("stdout", Readable.from([Buffer.from("out")]));
  await hub.pump("stderr", Readable.from([Buffer.from("err")]));
  hub.end();
  expect(await text(client)).toBe("\x02\0\0\0\0\0\0\x03err");
  expect(await outcome).toBe("ended");
});

test("input reaches the process, whose end of input is reported", async () => {
  const { client, stdin, onInputEnd } = attached(false);
  client.end("input\x10\x11");
  await vi.waitFor(() => expect(onInputEnd).toHaveBeenCalledOnce());
  expect((stdin.read() as Buffer).toString()).toBe("input\x10\x11");
});

test("detach keys end the connection to a terminal, and the process keeps its input", async () => {
  const { client, stdin, onInputEnd, outcome } = attached(true);
  client.write("a\x10\x11b");
  expect(await outcome).toBe("detached");
  expect((stdin.read() as Buffer).toString()).toBe("a");
  expect(onInputEnd).not.toHaveBeenCalled();
});

test("a client that vanishes ends its input", async () => {
  const { connection, hub, onInputEnd, outcome } = attached(false);
  connection.destroy();
  await vi.waitFor(() => expect(onInputEnd).toHaveBeenCalled());
  hub.end();
  expect(await outcome).toBe("ended");
});

test("a client that vanishes from a terminal leaves the process alone", async () => {
  const { connection, stdin, onInputEnd, hub, outcome } = attached(true);
  connection.destroy();
  hub.end();
  expect(await outcome).toBe("ended");
  expect(stdin.writableEnded).toBe(false);
  expect(onInputEnd).not.toHaveBeenCalled();
});
