import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { machinePrograms } from "../../../../lib/engine/runtime/oci/machine-programs.js";

const nameOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

const isLinux = process.platform === "linux";

test("the programs of this machine come with their libraries", async (context) => {
  context.skip(!isLinux, "the executor oci needs Linux");
  const entries = await machinePrograms();
  const names = entries.map(({ name = "" }) => name);
  expect(names).toEqual(expect.arrayContaining(["bin/sh", "bin/cat", "bin/sleep"]));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).not.toMatch(/^\/|\.\./);
  const shell = entries.find(({ name }) => name === "bin/busybox" || name === "bin/sh");
  const path = shell && "path" in shell ? shell.path : "";
  const listed = execFileSync("sh", ["-c", `ldd ${path} || true`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const libraries = [...listed.matchAll(/\/\S+\/(\S+) \(0x/g)].map(([, library = ""]) => library);
  expect(names.map(nameOf)).toEqual(expect.arrayContaining(libraries));
});

test("without busybox, there are single programs", async (context) => {
  context.skip(!isLinux, "the executor oci needs Linux");
  const entries = await machinePrograms({ busybox: undefined });
  const names = entries.map(({ name = "" }) => name);
  expect(names).toEqual(expect.arrayContaining(["bin/sh", "bin/cat", "bin/sleep", "bin/wc", "bin/date", "bin/ls"]));
  expect(names).not.toContain("bin/busybox");
  expect(names.some((name) => /ld-(?:linux|musl)/.test(name))).toBe(true);
});
