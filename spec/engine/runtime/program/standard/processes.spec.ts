import { describe, expect, it } from "vitest";
import type { ProcessRow } from "../../../../../lib/engine/runtime/executor.js";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { newFiles } from "./files.js";
import { contextOf, run, type Surroundings } from "./harness.js";
import { wordsOf } from "./words.js";

const row = (pid: number, parent: number, command: string): ProcessRow => ({
  ...{ user: "root", pid, parent, command, started: 0n, cpu: 61_000, terminal: "?" },
});

const rows = [row(1, 0, "/sbin/init --now"), row(7, 1, "sleep 100"), row(9, 1, "sleep 5")];

async function runLine(line: string, surroundings: Surroundings = {}) {
  const killed: [number, string][] = [];
  const kill = (pid: number, signal: string): boolean => {
    killed.push([pid, signal]);
    return rows.some((other) => other.pid === pid);
  };
  const argv = wordsOf(line);
  const clock = { now: () => 90_000_000_000n, sleep: () => Promise.resolve() };
  const context = contextOf(argv, await newFiles(), { processes: () => [...rows], kill, clock, pid: 20, ...surroundings });
  return { ...(await run(standardPrograms[argv[0] ?? ""] ?? (() => 127), context)), killed };
}

describe("ps", () => {
  it("lists processes", async () => {
    expect((await runLine("ps")).stdout).toBe(
      "  PID USER     TIME   COMMAND\n    1 root     1:01   /sbin/init --now\n    7 root     1:01   sleep 100\n    9 root     1:01   sleep 5\n",
    );
    expect((await runLine("ps aux")).stdout).toBe((await runLine("ps -ef")).stdout);
  });

  it("lists the columns that are wanted", async () => {
    expect((await runLine("ps -o pid,ppid,comm")).stdout).toBe(
      "  PID  PPID COMMAND\n    1     0 init\n    7     1 sleep\n    9     1 sleep\n",
    );
    expect((await runLine("ps -o pid= -o etime=")).stdout).toBe("    1  1:30\n    7  1:30\n    9  1:30\n");
    expect((await runLine("ps -o foo")).stderr).toContain("ps: bad -o argument 'foo', supported arguments: ");
  });
});

describe("kill and its relatives", () => {
  it.each([
    ["kill 7", [[7, "SIGTERM"]]],
    [
      "kill -9 7 9",
      [
        [7, "SIGKILL"],
        [9, "SIGKILL"],
      ],
    ],
    ["kill -HUP 7", [[7, "SIGHUP"]]],
    ["kill -s SIGUSR1 7", [[7, "SIGUSR1"]]],
    ["kill -0 7", [[7, "0"]]],
    [
      "killall sleep",
      [
        [7, "SIGTERM"],
        [9, "SIGTERM"],
      ],
    ],
    ["killall -INT init", [[1, "SIGINT"]]],
    ["pkill -f 'sleep 1'", [[7, "SIGTERM"]]],
  ])("%s", async (line, wanted) => {
    expect(await runLine(line)).toEqual({ stdout: "", stderr: "", code: 0, killed: wanted });
  });

  it("name what they do not find", async () => {
    expect(await runLine("kill 77 7")).toMatchObject({ stderr: "kill: can't kill pid 77: No such process\n", code: 1 });
    expect(await runLine("killall nope")).toMatchObject({ stderr: "killall: nope: no process killed\n", code: 1 });
    expect((await runLine("pkill nope")).code).toBe(1);
  });

  it("find processes", async () => {
    expect((await runLine("pidof sleep")).stdout).toBe("9 7\n");
    expect((await runLine("pgrep -l sl")).stdout).toBe("7 sleep 100\n9 sleep 5\n");
    expect((await runLine("pgrep -f 'sleep 5'")).stdout).toBe("9\n");
    expect((await runLine("uptime")).stdout).toBe(" 00:01:30 up 1 min,  load average: 0.00, 0.00, 0.00\n");
  });
});

describe("timeout", () => {
  it("ends a command that takes too long", async () => {
    let end: (code: number) => void = () => undefined;
    const signals: string[] = [];
    const exited = new Promise<number>((resolve) => (end = resolve));
    const kill = (signal: string): void => {
      signals.push(signal);
      end(143);
    };
    const spawn = async () => ({ pid: 2, exited, kill });
    expect(await runLine("timeout 1 sleep 100", { spawn })).toMatchObject({ stdout: "", stderr: "", code: 143 });
    expect(signals).toEqual(["SIGTERM"]);
  });
});

describe("a terminal", () => {
  const size = { rows: 24, columns: 20 };
  const terminals = [size, size, size] as const;

  it("has a size and a name", async () => {
    expect((await runLine("stty size", { terminals })).stdout).toBe("24 20\n");
    // its output may be a pipe
    expect((await runLine("stty size", { terminals: [size, undefined, undefined] })).stdout).toBe("24 20\n");
    expect(await runLine("stty raw -echo", { terminals })).toMatchObject({ stdout: "", stderr: "", code: 0 });
    expect(await runLine("tty", { terminals })).toMatchObject({ stdout: "/dev/pts/0\n", code: 0 });
    expect(await runLine("stty size")).toMatchObject({ stderr: "stty: standard input: Not a tty\n", code: 1 });
    expect((await runLine("test -t 1", { terminals })).code).toBe(0);
  });

  it("gets names in columns", async () => {
    expect((await runLine("ls /", { terminals })).stdout).toBe("data  etc   tmp\ndev   proc\n");
  });
});

describe("busybox", () => {
  it("runs the program that its first argument names", async () => {
    expect((await runLine("busybox echo hi")).stdout).toBe("hi\n");
    expect(await runLine("busybox expr 0")).toMatchObject({ stdout: "0\n", code: 1 });
    expect((await runLine("busybox --list")).stdout).toContain("\nwget\n");
    expect(await runLine("busybox nope")).toMatchObject({ stderr: "busybox: nope: applet not found\n", code: 127 });
  });
});
