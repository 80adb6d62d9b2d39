import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { ContainerProcess, ProcessSpec } from "../../../../../lib/engine/runtime/executor.js";
import { ProgramExecutor } from "../../../../../lib/engine/runtime/program/program-executor.js";
import { machineClock, outcome, sandboxSpec, text } from "../sandboxes.js";
import { boxTree, createRegistry } from "./box.js";

const executor = new ProgramExecutor({ clock: machineClock, registry: createRegistry() });

const start = async (argv: readonly string[], more: Partial<ProcessSpec> = {}): Promise<ContainerProcess> =>
  (await executor.start(sandboxSpec(argv, { env: { PATH: "/bin" }, ...more }, await boxTree()))).main;

/** Collects what a terminal shows, and waits until it ends with a text. */
function shown(process: ContainerProcess): { until: (end: string) => Promise<string> } {
  let all = "";
  process.stdout.on("data", (chunk) => (all += String(chunk)));
  return {
    until: async (end) => {
      await expect.poll(() => all).toSatisfy((seen: string) => seen.endsWith(end));
      return all;
    },
  };
}

describe("on a terminal, sh", () => {
  it("prompts, runs what is typed and ends at the end of input with the last status", async () => {
    const process = await start(["sh"], { tty: true });
    const screen = shown(process);
    await screen.until("/ # ");
    process.stdin.write("cd /tmp; echo hello\r");
    await screen.until("/tmp # ");
    process.stdin.write("if true; then\r");
    await screen.until("> ");
    process.stdin.write("false; fi\r");
    await screen.until("/tmp # ");
    process.stdin.write("\x04");
    expect(await process.exited).toEqual({ code: 1 });
    expect(await screen.until("")).toBe("/ # cd /tmp; echo hello\r\nhello\r\n/tmp # if true; then\r\n> false; fi\r\n/tmp # ");
  });

  it("gives up a line or a command at ^C and continues", async () => {
    const process = await start(["sh"], { tty: true });
    const screen = shown(process);
    await screen.until("/ # ");
    process.stdin.write("never\x03");
    await screen.until("^C\r\n/ # ");
    process.stdin.write("sleep 100\r");
    await screen.until("sleep 100\r\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.stdin.write("\x03");
    await screen.until("^C\r\n/ # ");
    process.stdin.write("echo $?; exit 7\r");
    expect(await process.exited).toEqual({ code: 7 });
    expect(await screen.until("130\r\n")).toContain("\r\n130\r\n");
  });

  it("continues after an error that ends a script", async () => {
    const process = await start(["sh"], { tty: true });
    const screen = shown(process);
    await screen.until("/ # ");
    process.stdin.write("echo $((1/0)); echo never\rcd /nope\recho on\r");
    expect(await screen.until("on\r\n/ # ")).toMatch(
      /\nsh: divide by zero\r\n[^]*sh: cd: can't cd to \/nope: No such file or directory\r\n\/ # on\r\n/,
    );
    process.kill(9);
  });
});

describe("sh", () => {
  it("answers each line of its input as it comes", async () => {
    const process = await start(["sh"]);
    process.stdin.write("echo one\n");
    expect(String((await once(process.stdout, "data"))[0])).toBe("one\n");
    process.stdin.write("for i in 2 3\ndo echo $i\n");
    process.stdin.write("done\n");
    process.stdin.end("exit 5");
    expect(await text(process.stdout)).toBe("2\n3\n");
    expect(await process.exited).toEqual({ code: 5 });
  });

  it("streams through a pipeline while its input is open", async () => {
    const process = await start(["sh", "-c", 'while read x; do echo "<$x>"; done | cat']);
    for (const word of ["a", "b", "c"]) {
      process.stdin.write(`${word}\n`);
      expect(String((await once(process.stdout, "data"))[0])).toBe(`<${word}>\n`);
    }
    process.stdin.end();
    expect(await process.exited).toEqual({ code: 0 });
  });

  it("replaces itself by the last command, which then gets the signals", async () => {
    const sandbox = await executor.start(
      sandboxSpec(["sh", "-c", "echo ready; sleep 100"], { env: { PATH: "/bin" } }, await boxTree()),
    );
    await once(sandbox.main.stdout, "readable");
    await expect.poll(async () => (await sandbox.processes()).map(({ command }) => command)).toEqual(["sleep 100"]);
    sandbox.main.kill(9);
    expect(await sandbox.main.exited).toEqual({ code: 137 });
  });

  it("runs a trap when a signal comes from outside", async () => {
    const process = await start(["sh", "-c", "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done"]);
    await once(process.stdout, "readable");
    process.kill(15);
    expect(await text(process.stdout)).toBe("ready\nbye\n");
    expect(await process.exited).toEqual({ code: 3 });
  });

  it.for([
    ["a=(1 2)", "syntax error: an array is not supported by sh"],
    ["cat <(echo)", "syntax error: process substitution is not supported by sh"],
    ["echo ${x^^}", "syntax error: bad substitution"],
    ["cat <<< x", "syntax error: a here string is not supported by sh"],
    ["((1+1))", "syntax error: ((…)) is not supported by sh"],
    ["ulimit -n 5", "limits are not supported by the program executor"],
  ])("refuses %s", async ([script = "", message]) => {
    const { stderr, code } = await outcome(await start(["sh", "-c", script]));
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
  });

  it.for([
    ["f() { f; }; f", "sh: f: too many nested functions\n"],
    ['e=\'eval "$e"\'; eval "$e"', "too many nested scripts\n"],
    ["f() { (f); }; f", "sh: f: too many nested functions\n"],
    ["while :; do sleep 100 & done", "sh: can't fork: Resource temporarily unavailable\n"],
  ])("ends endless recursion: %s", async ([script = "", message]) => {
    const { stderr, code } = await outcome(await start(["sh", "-c", script]));
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it("names the line of an error in a script", async () => {
    const process = await start(["sh", "-c", "printf 'echo a\\nnope\\ncd /nope\\n' >/tmp/s; sh /tmp/s"]);
    expect(await outcome(process)).toEqual({
      stdout: "a\n",
      stderr: "/tmp/s: line 2: nope: not found\n/tmp/s: cd: line 3: can't cd to /nope: No such file or directory\n",
      code: 2,
    });
  });

  it("prints the limits of the container, and sets none", async () => {
    const { stdout } = await outcome(
      await start(["sh", "-c", "ulimit; ulimit -n; ulimit -Hs; ulimit -Ss; ulimit -a | tail -n 2"]),
    );
    expect(stdout).toBe(
      "unlimited\n1048576\nunlimited\n8192\n" +
        "virtual memory (kb)             (-v) unlimited\nfile locks                      (-x) unlimited\n",
    );
    const { stderr, code } = await outcome(await start(["sh", "-c", "ulimit -n 5"]));
    expect({ stderr, code }).toMatchObject({ stderr: expect.stringContaining("not supported") as string, code: 1 });
    expect((await outcome(await start(["sh", "-c", "ulimit -Z"]))).stderr).toContain("illegal option -Z");
  });

  it("writes to the descriptors of other processes", async () => {
    const script = "(echo log >/proc/1/fd/1); echo in | cat /dev/stdin; cat /proc/self/comm; cat /proc/1/comm";
    expect((await outcome(await start(["sh", "-c", `${script}; :`]))).stdout).toBe("log\nin\ncat\nsh\n");
  });
});
