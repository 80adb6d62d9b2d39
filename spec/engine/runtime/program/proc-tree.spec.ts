import { expect, it } from "vitest";
import { tcpTable } from "../../../../lib/engine/runtime/program/proc-tree.js";
import type { Program } from "../../../../lib/engine/runtime/program/program.js";
import { programFile } from "../../../../lib/engine/runtime/program/registry.js";
import { executorOf, outcome, processSpec, sandboxSpec, treeOf } from "./sandboxes.js";

const server: Program = async ({ listen, clock }) => {
  listen(8080, () => {});
  await clock.sleep(60_000);
};

const show: Program = async ({ argv, files, stdout }) => {
  for (const path of argv.slice(1)) stdout.write(await files.readFile(path));
};

it("shows the sockets that programs listen on as the kernel does", () => {
  const [header, line, ...rest] = tcpTable([8080]).split("\n");
  expect(header).toMatch(/^ {2}sl {2}local_address rem_address {3}st /);
  expect(line?.trim().split(/\s+/).slice(0, 4)).toEqual(["0:", "00000000:1F90", "00000000:0000", "0A"]);
  expect(rest).toEqual([""]);
});

it("shows the processes and devices of a container, which are no changes of its files", async () => {
  const root = await treeOf({ "/bin/show": programFile("show") });
  const executor = executorOf({ server, show });
  const sandbox = await executor.start(sandboxSpec(["server"], {}, root));
  const run = async (...paths: string[]) => (await outcome(await sandbox.execute(processSpec(["show", ...paths])))).stdout;
  expect(await run("/proc/1/cmdline", "/proc/self/comm", "/dev/null")).toBe("server\0show\n");
  await expect.poll(() => run("/proc/net/tcp")).toContain(":1F90 ");
  expect(await run("/proc/1/status")).toContain("PPid:\t0\n");
  expect(await root.list("/")).toEqual(["bin"]);
  await executor.close();
});

it("shows the mounts and limits of a container", async () => {
  const spec = sandboxSpec(["show", "/proc/mounts", "/proc/self/limits"], {}, await treeOf({ "/bin/show": programFile("show") }));
  const executor = executorOf({ show });
  const sandbox = await executor.start({
    ...spec,
    readOnly: true,
    mounts: [
      { destination: "/in memory", tree: await treeOf(), readOnly: false, isTmpfs: true },
      { destination: "/data", tree: await treeOf(), readOnly: true },
    ],
    host: { Ulimits: [{ Name: "nofile", Soft: 128, Hard: -1 }] },
  });
  const { stdout } = await outcome(sandbox.main);
  expect(stdout).toContain("overlay / overlay ro,relatime 0 0\n");
  expect(stdout).toContain("tmpfs /in\\040memory tmpfs rw,relatime 0 0\n/dev/root /data ext4 ro,relatime 0 0\n");
  expect(stdout).toContain("Limit                     Soft Limit           Hard Limit           Units     \n");
  expect(stdout).toContain("Max open files            128                  unlimited            files     \n");
  expect(stdout).toContain("Max stack size            8388608              unlimited            bytes     \n");
  await executor.close();
});
