import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startFailure } from "../../../../lib/engine/runtime/oci/start-failure.js";

// what crun 1.8 writes to its log
test.each([
  ["nosuch", "executable file `nosuch` not found in $PATH: No such file or directory", "executable file not found in $PATH", 127],
  [
    "/no/such",
    "executable file `/no/such` not found in $PATH: No such file or directory",
    "stat /no/such: no such file or directory",
    127,
  ],
  ["/etc/passwd", "open executable: Permission denied", "permission denied", 126],
  ["/etc", "open executable: Operation not permitted", "operation not permitted", 126],
])("crun's reason for not starting %s is put as runc does", async (program, msg, reason, exitCode) => {
  const folder = await mkdtemp(join(tmpdir(), "start-failure-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "log"), JSON.stringify({ level: "error", msg }));
  const message = `exec: ${JSON.stringify(program)}: ${reason}`;
  expect(await startFailure(join(folder, "log"), program)).toMatchObject({ message, exitCode });
});

test("a working directory that is a file is reported as Docker does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "start-failure-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cwd = 'chdir to cwd ("/etc/passwd/x") set in config.json failed: ';
  const msg = `exec failed: unable to start container process: ${cwd}not a directory`;
  await writeFile(join(folder, "log"), JSON.stringify({ level: "error", msg }));
  const message = `${cwd}not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`;
  expect(await startFailure(join(folder, "log"), "true")).toMatchObject({ message, exitCode: 127 });
});
