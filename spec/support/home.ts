import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A temporary home directory. Its PATH has only the helpers of the test and a few tools for them. */
export interface Home {
  path: string;
  env: Record<string, string>;
  /** Writes a file below the home directory. */
  write(file: string, content: unknown): void;
  /** Reads a file below the home directory; empty if it does not exist. */
  read(file: string): string;
  /** Puts a credential helper on the PATH. Each run adds its action and input as a line to the file `calls`. */
  helper(name: string, script: string): void;
  /** The calls of helpers, one line each: name, action, input. */
  calls(): string[];
}

export function temporaryHome(): Home {
  const path = mkdtempSync(join(tmpdir(), "auth-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, "bin"));
  mkdirSync(join(path, ".docker"));
  // the PATH omits the machine's own directories, which may contain credential helpers
  for (const tool of ["cat", "mv", "sleep", "yes"]) {
    const program = ["/bin", "/usr/bin"].map((directory) => join(directory, tool)).find((file) => existsSync(file));
    symlinkSync(program ?? tool, join(path, "bin", tool));
  }
  const home: Home = {
    path,
    env: { HOME: path, PATH: join(path, "bin") },
    write: (file, content) => writeFileSync(join(path, file), typeof content === "string" ? content : JSON.stringify(content)),
    read: (file) => (existsSync(join(path, file)) ? readFileSync(join(path, file), "utf8") : ""),
    helper(name, script) {
      const program = join(path, "bin", `docker-credential-${name}`);
      writeFileSync(program, `#!/bin/sh\ninput=$(cat)\necho "${name} $1 $input" >> "$HOME/calls"\n${script}\n`);
      chmodSync(program, 0o755);
    },
    calls: () => home.read("calls").split("\n").slice(0, -1),
  };
  return home;
}

/** Encodes a user and a password as `auth`. */
export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** A script that answers `get` with a user and a password. */
export function answering(username: string, secret: string): string {
  return `printf '%s' '${JSON.stringify({ ServerURL: "ignored", Username: username, Secret: secret })}'`;
}

/** A script that runs a program, and neither of them ever exits. It writes the process IDs of both to `pids`. */
export const hanging = 'sleep 1000 &\necho "$$ $!" > "$HOME/pids.new"\nmv "$HOME/pids.new" "$HOME/pids"\nwait';

/** Whether a process runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX]/.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "");
  } catch {
    // ESRCH: the process does not exist
    return false;
  }
}
