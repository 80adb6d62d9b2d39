import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { SshAuthenticationError, SshHostKeyError } from "../../../lib/errors/connection-errors.js";
import { failureOf } from "../../support/probe.js";
import { clientFor, itConnects, needsTestbed, testbed } from "./support.js";

/** Creates an `ssh` wrapper that runs in the network namespace of the engine, if it has one, with extra options. Returns its folder. */
function useSsh(...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "tsdc-spec-"));
  const { TESTBED_NETNS: namespace } = process.env;
  const enter = namespace === undefined ? [] : ["nsenter", `--net=${namespace}`, "--"];
  const command = [...enter, join(testbed("SSH_PATH"), "ssh"), ...options];
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`, { mode: 0o755 });
  return folder;
}

/** The control sockets of this file's clients: other processes may have theirs in the machine's temporary folder. */
const controls = () => readdirSync(tmpdir()).filter((name) => /^tsdc-[0-9a-f]{16}$/.test(name));
const processes = (control: string) => {
  try {
    return execFileSync("pgrep", ["-f", control], { encoding: "utf8" }).trim().split("\n").length;
  } catch {
    // pgrep exits with 1 if nothing matches
    return 0;
  }
};

describe("an ssh endpoint", () => {
  needsTestbed("TESTBED_SSH_HOST");

  const path = process.env.PATH ?? "";
  const temporary = process.env.TMPDIR;
  let folder: string | undefined;
  let sockets: string | undefined;
  beforeAll(() => {
    if (!process.env.TESTBED_SSH_HOST) return;
    folder = useSsh();
    sockets = mkdtempSync(join(tmpdir(), "ssh-"));
    process.env.PATH = `${folder}:${path}`;
    process.env.TMPDIR = sockets;
  });
  afterAll(() => {
    process.env.PATH = path;
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    for (const created of [folder, sockets]) if (created !== undefined) rmSync(created, { recursive: true });
  });

  const connect = () => clientFor({ endpoint: testbed("SSH_HOST") });
  /** Runs ssh with extra options until the test has finished. */
  const withOptions = (...options: string[]) => {
    const own = useSsh(...options);
    const before = process.env.PATH;
    process.env.PATH = `${own}:${path}`;
    onTestFinished(() => {
      process.env.PATH = before;
      rmSync(own, { recursive: true });
    });
  };

  itConnects(connect);

  it("uses one connection and leaves nothing behind after close()", async () => {
    const before = controls();
    const client = connect();
    await Promise.all(Array.from({ length: 20 }, () => client.ping()));
    const [control = "", ...more] = controls().filter((name) => !before.includes(name));
    expect(more).toEqual([]);
    expect(processes(control)).toBe(1 + (await client.connections()));
    await client.close();
    expect(controls()).toEqual(before);
    await vi.waitFor(() => expect(processes(control)).toBe(0));
  });

  it("reconnects after the connection is killed", async () => {
    const before = controls();
    const client = connect();
    await client.ping();
    const [control = ""] = controls().filter((name) => !before.includes(name));
    execFileSync("pkill", ["-KILL", "-f", `ControlMaster=yes.*${control}`]);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    await client.ping();
    await client.close();
    await vi.waitFor(() => expect(controls()).toEqual(before));
  });

  it("fails if the server rejects the key", async () => {
    withOptions("-o", "PubkeyAuthentication=no");
    const error = await failureOf(connect().negotiate());
    expect(error).toBeInstanceOf(SshAuthenticationError);
    expect(error).toMatchObject({ operation: "negotiate", endpoint: testbed("SSH_HOST") });
  });

  it("fails if the host key is unknown", async () => {
    withOptions("-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null");
    expect(await failureOf(connect().negotiate())).toBeInstanceOf(SshHostKeyError);
  });

  it("supports a custom socket path and reports a missing socket", async () => {
    const { pathname } = new URL(process.env.DOCKER_HOST ?? "");
    const client = clientFor({ endpoint: `${testbed("SSH_HOST")}${pathname}` });
    expect(await client.negotiate()).toBe(testbed("API_VERSION"));
    const nowhere = await failureOf(clientFor({ endpoint: `${testbed("SSH_HOST")}/nowhere/docker.sock` }).negotiate());
    expect(nowhere).toMatchObject({
      name: "SshError",
      message: expect.stringMatching(/works, but docker failed on the remote host: .*\/nowhere\/docker\.sock/),
    });
  });

  it("works on a host that has only podman", async (context) => {
    const podman = "/usr/bin/podman";
    const plain = clientFor({ endpoint: process.env.DOCKER_HOST ?? "" });
    const isPodman = (await plain.version()).Components?.some(({ Name }) => Name.startsWith("Podman")) ?? false;
    context.skip(!isPodman || !existsSync(podman), "needs Podman, and its command");
    // a remote host with only these programs
    const remote = mkdtempSync(join(tmpdir(), "tsdc-spec-"));
    symlinkSync("/bin/sh", join(remote, "sh"));
    writeFileSync(join(remote, "podman"), `#!/bin/sh\nPATH=/usr/bin:/bin exec ${podman} "$@"\n`, { mode: 0o755 });
    const [wrapped, own] = [useSsh(), mkdtempSync(join(tmpdir(), "tsdc-spec-"))];
    // the last argument of ssh is the command
    const script = `#!/bin/sh
n=$#; i=0
for word; do
  i=$((i + 1)); shift
  [ $i -lt $n ] || word="PATH=${remote}; export PATH; $word"
  set -- "$@" "$word"
done
exec '${wrapped}/ssh' "$@"
`;
    writeFileSync(join(own, "ssh"), script, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${own}:${path}`;
    onTestFinished(() => {
      process.env.PATH = before;
      for (const each of [remote, own, wrapped]) rmSync(each, { recursive: true });
    });
    const { pathname } = new URL(process.env.DOCKER_HOST ?? "");
    const client = clientFor({ endpoint: `${testbed("SSH_HOST")}${pathname}` });
    expect(await client.negotiate()).toBe(testbed("API_VERSION"));
    expect(await client.listImages()).toEqual(expect.any(Array));
    const error = await failureOf(clientFor({ endpoint: `${testbed("SSH_HOST")}/nowhere/podman.sock` }).negotiate());
    expect((error as Error).message).toMatch(/works, but podman failed on the remote host: .*\/nowhere\/podman\.sock/);
  });

  it("fails if no server listens on the port", async () => {
    const error = await failureOf(clientFor({ endpoint: "ssh://root@127.0.0.1:9" }).negotiate());
    expect(error).toMatchObject({ name: "SshError", message: expect.stringContaining("Connection refused") });
  });
});
