import { describe, expect, it } from "vitest";
import { NOT_A_DIRECTORY, type ProcessSpec } from "../../../../lib/engine/runtime/executor.js";
import type { Program } from "../../../../lib/engine/runtime/program/program.js";
import { programFile } from "../../../../lib/engine/runtime/program/registry.js";
import { executorOf, outcome, sandboxSpec, treeOf } from "./sandboxes.js";

const args: Program = ({ argv, stdout, user }) => {
  stdout.write(JSON.stringify([argv, user]));
};

const files = {
  "/bin/args": programFile("args"),
  "/bin/foreign": { content: "\x7fELF…", mode: 0o755 },
  "/bin/elf": { content: "\x7fELF…", mode: 0o755 },
  "/bin/script": "#!/bin/args -x\n",
  "/bin/orphan": "#!/nope\n",
  "/bin/plain": { content: "echo hi\n", mode: 0o755 },
  "/bin/mine": { content: programFile("args"), mode: 0o700, uid: 7 },
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nweb:x:33:44:web:/var/web:/bin/sh\n",
  "/etc/group": "root:x:0:\nstaff:x:50:web,other\nweb:x:44:\n",
};

const start = async (argv: readonly string[], more: Partial<ProcessSpec> = {}) =>
  executorOf({ args, elf: args }).start(sandboxSpec(argv, more, await treeOf(files)));

describe("a process that cannot be started", () => {
  it.for<[string[], Partial<ProcessSpec>, string, number]>([
    [["nope"], {}, 'exec: "nope": executable file not found in $PATH', 127],
    [["/nope"], {}, 'exec: "/nope": stat /nope: no such file or directory', 127],
    [["./x/y"], {}, 'exec: "./x/y": stat ./x/y: no such file or directory', 127],
    [["/etc"], {}, 'exec: "/etc": is a directory: permission denied', 126],
    [["/etc/passwd"], {}, 'exec: "/etc/passwd": permission denied', 126],
    [["/bin/mine"], { user: "web" }, 'exec: "/bin/mine": permission denied', 126],
    [["args"], { cwd: "/no" }, 'chdir to cwd ("/no") set in config.json failed: no such file or directory', 127],
    [["args"], { cwd: "/etc/passwd" }, `chdir to cwd ("/etc/passwd") set in config.json failed: ${NOT_A_DIRECTORY}`, 127],
    [["args"], { cwd: "/etc/passwd/x" }, `chdir to cwd ("/etc/passwd/x") set in config.json failed: ${NOT_A_DIRECTORY}`, 127],
    [["args"], { user: "x" }, "unable to find user x: no matching entries in passwd file", 128],
    [["args"], { user: "web:x" }, "unable to find group x: no matching entries in group file", 128],
    [
      ["foreign"],
      {},
      'exec: "foreign": the program executor cannot run /bin/foreign: register a program for it or use the oci executor',
      126,
    ],
  ])("%j %j", async ([argv, more, message, exitCode]) => {
    await expect(start(argv, more)).rejects.toMatchObject({ name: expect.any(String), message, exitCode });
  });

  it.for([
    [["orphan"], "exec /bin/orphan: no such file or directory\n"],
    [["/bin/plain"], "exec /bin/plain: exec format error\n"],
  ] as const)("ends at once when the kernel refuses its file: %j", async ([argv, stderr]) => {
    expect(await outcome((await start(argv)).main)).toEqual({ stdout: "", stderr, code: 255 });
  });
});

describe("a process", () => {
  const run = async (argv: readonly string[], more: Partial<ProcessSpec> = {}): Promise<unknown> =>
    JSON.parse((await outcome((await start(argv, more)).main)).stdout);

  it("is the interpreter of a script", async () => {
    expect(await run(["script", "a"])).toMatchObject([["/bin/args", "-x", "/bin/script", "a"], {}]);
  });

  it("is a registered program in place of a binary of its name", async () => {
    expect(await run(["/bin/elf", "a"])).toMatchObject([["/bin/elf", "a"], {}]);
  });

  it.for([
    ["", { uid: 0, gid: 0, groups: [], home: "/root", name: "root" }],
    ["web", { uid: 33, gid: 44, groups: [50], home: "/var/web", name: "web" }],
    ["web:staff", { uid: 33, gid: 50, groups: [], home: "/var/web", name: "web" }],
    ["33", { uid: 33, gid: 44, groups: [50], home: "/var/web", name: "web" }],
    ["1000", { uid: 1000, gid: 0, groups: [], home: "/" }],
    ["1000:77", { uid: 1000, gid: 77, groups: [], home: "/" }],
  ] as const)("has the user %j of the container's files", async ([user, expected]) => {
    expect(await run(["args"], { user })).toEqual([["args"], expected]);
  });
});
