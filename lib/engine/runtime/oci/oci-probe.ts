import { lstatSync, readlinkSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandResult } from "./run-command.js";
import { runCommand } from "./run-command.js";

/** The exit code of the container that is run to see whether containers work. */
const EXPECTED = 42;

/** The commands of the machine that the executor uses. */
const needed = ["chmod", "chown", "ip", "mkfifo", "mount", "nsenter", "tar", "umount", "unshare"];

/** Returns why the executor cannot be used at all; undefined if it can be tried. */
export async function missing(): Promise<string | undefined> {
  if (process.platform !== "linux") return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "it needs root";
  const { output } = await runCommand([
    "sh",
    "-c",
    `for name in ${needed.join(" ")}; do command -v $name >/dev/null || echo $name; done`,
  ]);
  const names = output.split("\n").filter((name) => name !== "");
  return names.length > 0 ? `commands are missing: ${names.join(", ")}` : undefined;
}

/** A runtime of the machine. */
export interface Runtime {
  /** Its command. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Whether it can keep the state and the control group of a container that has ended. `crun` learned it in a later version. */
  readonly keeps: boolean;
}

/** Finds the runtime: `runc`, or else `crun`. */
export async function findRuntime(): Promise<Runtime | undefined> {
  for (const name of ["runc", "crun"]) {
    const { code, output } = await runCommand([name, "--version"]);
    if (code !== 0) continue;
    const [, version = "unknown"] = /version (\S+)/.exec(output) ?? [];
    return { name, version, keeps: (await runCommand([name, "run", "--help"])).output.includes("--keep") };
  }
  return undefined;
}

/**
 * Runs a container that uses the programs of the machine.
 *
 * @param folder - a folder for it, which is removed.
 * @param runtime - returns the command that runs the runtime with these arguments.
 * @returns why it failed; undefined if it works.
 */
export async function probe(
  folder: string,
  cgroup: string,
  runtime: (args: readonly string[]) => string[],
): Promise<string | undefined> {
  const root = join(folder, "root");
  await mkdir(root, { recursive: true });
  const mounts: object[] = [
    { destination: "/proc", type: "proc", source: "proc" },
    { destination: "/dev", type: "tmpfs", source: "tmpfs" }, // crun opens it, and does not create it
  ];
  for (const name of ["bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr", "nix", "gnu"]) {
    const source = `/${name}`;
    const stats = lstatSync(source, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) await symlink(readlinkSync(source), join(root, name));
    if (stats?.isDirectory()) mounts.push({ destination: source, type: "bind", source, options: ["rbind", "ro"] });
  }
  const config = {
    ociVersion: "1.0.2",
    process: { user: { uid: 0, gid: 0 }, args: ["/bin/sh", "-c", `exit ${EXPECTED}`], env: ["PATH=/usr/bin:/bin"], cwd: "/" },
    root: { path: "root" },
    mounts,
    linux: {
      cgroupsPath: cgroup,
      namespaces: ["pid", "mount", "ipc", "uts", "network"].map((type) => ({ type })),
      resources: { memory: { limit: 512 * 1024 * 1024 }, pids: { limit: 100 } },
    },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const id = `probe-${process.pid}-${Date.now()}`;
  const { code, errors } = await runCommand(runtime(["run", "-b", folder, id]));
  if (code !== EXPECTED) await runCommand(runtime(["delete", "-f", id]));
  await rm(folder, { recursive: true, force: true });
  return code === EXPECTED ? undefined : `a container does not run: ${lastLine({ code, errors, output: "" })}`;
}

function lastLine({ code, errors }: CommandResult): string {
  return errors.trim().split("\n").at(-1) || `exit code ${code}`;
}
