import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { ProgramNetwork } from "../../../../lib/engine/runtime/program/connections.js";
import type { Program } from "../../../../lib/engine/runtime/program/program.js";
import { executorOf, outcome, processSpec, sandboxSpec, text, treeOf } from "./sandboxes.js";

const forever: Program = async ({ clock }) => {
  for (;;) await clock.sleep(1000);
};

const yes: Program = async ({ stdout }) => {
  for (;;) if (!stdout.write("y\n".repeat(1000))) await once(stdout, "drain");
};

const cat: Program = async ({ stdin, stdout }) => {
  for await (const chunk of stdin) if (!stdout.write(chunk)) await once(stdout, "drain");
};

const untilEnd: Program = async ({ stdin }) => {
  await once(stdin.resume(), "end");
};

const start = async (program: Program, more = {}) => (await executorOf({ it: program }).start(sandboxSpec(["it"], more))).main;

describe("a process", () => {
  it("has the exit code that the program returns, and 0 by default", async () => {
    expect(await outcome(await start(() => 3))).toMatchObject({ code: 3 });
    expect(await outcome(await start(() => {}))).toMatchObject({ code: 0 });
  });

  it("ends with 1 and the stack on standard error when the program throws", async () => {
    const { code, stderr } = await outcome(
      await start(() => {
        throw new RangeError("too much");
      }),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^RangeError: too much\n {4}at .*program-executor\.spec/);
  });

  it("ends at once with the code of exit, after its output", async () => {
    const process = await start(async ({ stdout, exit, clock }) => {
      stdout.write("last words");
      clock
        .sleep(0)
        .then(() => exit(4))
        .catch(() => {});
      await clock.sleep(60_000);
    });
    expect(await outcome(process)).toEqual({ stdout: "last words", stderr: "", code: 4 });
  });

  it("streams from standard input to standard output", async () => {
    const process = await start(cat);
    process.stdin.write("one");
    expect(String((await once(process.stdout, "data"))[0])).toBe("one");
    process.stdin.end("two");
    expect(await text(process.stdout)).toBe("two");
    expect(await process.exited).toEqual({ code: 0 });
  });

  it("waits while nobody reads its output", async () => {
    let written = 0;
    const process = await start(async ({ stdout }) => {
      for (; written < 100; written++) if (!stdout.write(Buffer.alloc(65_536))) await once(stdout, "drain");
    });
    await once(process.stdout, "readable");
    expect(written).toBeLessThan(5);
    expect(Buffer.byteLength(await text(process.stdout))).toBe(100 * 65_536);
  });

  it("sees environment, arguments, host name and working directory", async () => {
    const executor = executorOf({
      it: ({ stdout, argv, env, hostname, resolve, pid, parent }) => {
        stdout.write(JSON.stringify([argv, env["A"], env["HOME"], hostname, resolve("x"), pid, parent]));
      },
    });
    const { main } = await executor.start(
      sandboxSpec(["it", "a b"], { env: { A: "1" }, cwd: "/data" }, await treeOf({ "/data": {} })),
    );
    expect(JSON.parse((await outcome(main)).stdout)).toEqual([["it", "a b"], "1", "/", "box", "/data/x", 1, 0]);
  });
});

describe("signals", () => {
  it("do nothing to the first process, which does not handle them, except for SIGKILL", async () => {
    const process = await start(forever);
    process.kill(15);
    process.kill(9);
    expect(await process.exited).toEqual({ code: 137 });
  });

  it("are handled by the first process", async () => {
    const process = await start(async ({ onSignal, stdout, exit, clock }) => {
      onSignal("SIGTERM", (name) => {
        stdout.write(name);
        exit(7);
      });
      stdout.write("ready ");
      await clock.sleep(60_000);
    });
    await once(process.stdout, "readable");
    process.kill(15);
    expect(await text(process.stdout)).toBe("ready SIGTERM");
    expect(await process.exited).toEqual({ code: 7 });
  });

  it("end other processes, whose exit code is 128 and the signal's number", async () => {
    const sandbox = await executorOf({ forever }).start(sandboxSpec(["forever"]));
    const second = await sandbox.execute(processSpec(["forever"]));
    second.kill(15);
    expect(await second.exited).toEqual({ code: 143 });
    expect(await sandbox.processes()).toHaveLength(1);
    sandbox.main.kill(9);
  });

  it("stop and continue a process", async () => {
    let ticks = 0;
    const ticking: Program = async ({ clock }) => {
      for (; ; ticks++) await clock.sleep(1);
    };
    const sandbox = await executorOf({ forever, ticking }).start(sandboxSpec(["forever"]));
    const second = await sandbox.execute(processSpec(["ticking"]));
    second.kill(19);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const stopped = ticks;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ticks).toBe(stopped);
    second.kill(18);
    await expect.poll(() => ticks).toBeGreaterThan(stopped);
    sandbox.main.kill(9);
  });

  it("abandon a program that does not stop, and report it", async () => {
    const reports: string[] = [];
    let stop: () => void = () => {};
    const stubborn: Program = () => new Promise<undefined>((resolve) => (stop = () => resolve(undefined)));
    const clock = { now: () => 0n, sleep: async () => {} };
    const executor = executorOf({ stubborn }, { report: (message) => reports.push(message), clock });
    const { main } = await executor.start(sandboxSpec(["stubborn", "x"]));
    main.kill(9);
    expect(await main.exited).toEqual({ code: 137 });
    await expect
      .poll(() => reports)
      .toEqual([
        "the program of process 1 (stubborn x) did not stop after SIGKILL: it is abandoned and may still use processor time",
      ]);
    stop();
  });
});

describe("several processes", () => {
  it("are connected by pipes, and a writer without a reader gets SIGPIPE", async () => {
    const first: Program = async ({ stdin, stdout }) => {
      const [chunk] = (await once(stdin, "data")) as [Buffer];
      stdout.write(chunk.subarray(0, 2));
    };
    const shell: Program = async ({ spawn, stdout }) => {
      const pipe = new PassThrough();
      const [left, right] = [await spawn(["yes"], { stdout: pipe }), await spawn(["first"], { stdin: pipe })];
      const codes = await Promise.all([left.exited, right.exited]);
      stdout.write(codes.join(" "));
    };
    const sandbox = await executorOf({
      yes,
      first,
      shell,
    }).start(sandboxSpec(["shell"]));
    expect((await outcome(sandbox.main)).stdout).toBe("y\n141 0");
  });

  it("are killed when the first one ends, and their output ends", async () => {
    const sandbox = await executorOf({ forever, it: untilEnd }).start(sandboxSpec(["it"]));
    const second = await sandbox.execute(processSpec(["forever"]));
    expect((await sandbox.processes()).map(({ command, parent }) => [command, parent])).toEqual([
      ["it", 0],
      ["forever", 0],
    ]);
    sandbox.main.stdin.end();
    expect(await second.exited).toEqual({ code: 137 });
    expect(await outcome(second)).toEqual({ stdout: "", stderr: "", code: 137 });
    await expect(sandbox.execute(processSpec(["forever"]))).rejects.toThrow("the container is not running");
  });

  it("stop at their next operation while the container is paused", async () => {
    const sandbox = await executorOf({ cat }).start(sandboxSpec(["cat"]));
    await sandbox.pause();
    sandbox.main.stdin.end("later");
    let read = "";
    sandbox.main.stdout.on("data", (chunk) => (read += String(chunk)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read).toBe("");
    await sandbox.resume();
    expect(await sandbox.main.exited).toEqual({ code: 0 });
    await expect.poll(() => read).toBe("later");
  });
});

describe("ports", () => {
  it("connect programs of a container, and the engine to them", async () => {
    const server: Program = async ({ listen, clock }) => {
      listen(80, (connection) => connection.pipe(connection));
      await clock.sleep(60_000);
    };
    const client: Program = async ({ connect, stdout }) => {
      const connection = await connect("localhost", 80);
      connection.end("hello");
      stdout.write(await text(connection));
    };
    const executor = executorOf({ server, client });
    const sandbox = await executor.start(sandboxSpec(["server"]));
    expect((await outcome(await sandbox.execute(processSpec(["client"])))).stdout).toBe("hello");
    const connection = await sandbox.connect(80);
    connection.end("from outside");
    expect(await text(connection)).toBe("from outside");
    await expect(sandbox.connect(81)).rejects.toThrow("ECONNREFUSED");
    await executor.close();
    await expect(sandbox.connect(80)).rejects.toThrow("ECONNREFUSED");
  });

  it("are those of the container or the host whose network a container has joined", async () => {
    const server: Program = async ({ listen, clock }) => {
      listen(80, (connection) => connection.pipe(connection));
      await clock.sleep(60_000);
    };
    const client: Program = async ({ argv, connect, stdout }) => {
      const connection = await connect("localhost", Number(argv[1]));
      connection.end("hello");
      stdout.write(await text(connection));
    };
    const asked: number[] = [];
    const network: ProgramNetwork = {
      connect: () => Promise.reject(new Error("not asked")),
      connectHost: (port) => {
        asked.push(port);
        return Promise.resolve(new PassThrough());
      },
    };
    const executor = executorOf({ server, client }, { network: () => network });
    await executor.start(sandboxSpec(["server"]));
    const joined = { ...sandboxSpec(["client", "80"]), id: "joined" };
    const shared = await executor.start({ ...joined, network: { kind: "shared", container: sandboxSpec([]).id } });
    expect((await outcome(shared.main)).stdout).toBe("hello");
    const onHost = await executor.start({ ...sandboxSpec(["client", "8080"]), id: "host", network: { kind: "host" } });
    expect((await outcome(onHost.main)).stdout).toBe("hello");
    expect(asked).toEqual([8080]);
    await executor.close();
  });
});

describe("a terminal", () => {
  it("echoes, ends lines with CR LF, and delivers input line by line", async () => {
    const process = await start(cat, { tty: true });
    process.stdin.write("a\x7fhello\r\x04");
    expect(await text(process.stdout)).toBe("a\b \bhello\r\nhello\r\n");
    expect(await process.exited).toEqual({ code: 0 });
  });

  it("interrupts with ^C and notifies of its size", async () => {
    const process = await start(
      async (context) => {
        context.onSignal(
          "SIGWINCH",
          () => void context.stdout.write(`${context.terminals[0]?.rows}x${context.terminals[0]?.columns}\n`),
        );
        context.onSignal("SIGINT", () => context.exit(3));
        context.stdout.write("ready\n");
        await context.clock.sleep(60_000);
      },
      { tty: true },
    );
    let shown = "";
    process.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
    await vi.waitFor(() => expect(shown).toBe("ready\r\n"));
    await process.resize({ rows: 5, columns: 9 });
    await vi.waitFor(() => expect(shown).toBe("ready\r\n5x9\r\n"));
    process.stdin.write("\x03");
    expect(await process.exited).toEqual({ code: 3 });
    await vi.waitFor(() => expect(shown).toBe("ready\r\n5x9\r\n^C"));
  });
});
