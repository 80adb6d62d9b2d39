import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SshAuthenticationError, SshError, SshHostKeyError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { type Conduct, fakeSsh } from "../../support/fake-ssh.js";
import { timersOfPackage } from "../../support/leaks.js";
import { failureOf, probe, probeFollow, probeGet, probePost } from "../../support/probe.js";
import { httpServer, listen, netServer, ok, onRequest, temporaryFolder } from "../../support/servers.js";

/** An engine behind a fake ssh. */
async function engine(handle: Parameters<typeof createHttpServer>[1] = (_request, response) => ok(response)) {
  const listening = await listen(createHttpServer({ keepAliveTimeout: 0 }, handle));
  const ssh = await fakeSsh(listening.endpoint.slice("unix://".length));
  return { ...listening, ssh, client: probe("ssh://me@host") };
}

describe("an ssh endpoint", () => {
  it.each<[string, string[], [string, string]]>([
    ["ssh://host", ["--", "host"], ["docker system dial-stdio", "podman system dial-stdio"]],
    ["ssh://me@host:2222", ["-p", "2222", "-l", "me", "--", "host"], ["docker system dial-stdio", "podman system dial-stdio"]],
    ["ssh://me@[::1]", ["-l", "me", "--", "::1"], ["docker system dial-stdio", "podman system dial-stdio"]],
    [
      "ssh://host/run/user/1000/docker.sock",
      ["--", "host"],
      [
        "docker --host 'unix:///run/user/1000/docker.sock' system dial-stdio",
        "podman --url 'unix:///run/user/1000/docker.sock' system dial-stdio",
      ],
    ],
    [
      "ssh://host/it's/$(id)/`id`;id",
      ["--", "host"],
      [
        "docker --host 'unix:///it'\\''s/$(id)/`id`;id' system dial-stdio",
        "podman --url 'unix:///it'\\''s/$(id)/`id`;id' system dial-stdio",
      ],
    ],
  ])("passes %s to the ssh command as unambiguous arguments", async (endpoint, where, [docker, podman]) => {
    const instead = `if command -v docker >/dev/null 2>&1; then exit 1; fi; exec ${podman}`;
    const command = `${docker} || sh -c '${instead.replaceAll("'", `'\\''`)}'`;
    const { ssh } = await engine();
    expect(await probe(endpoint).get()).toBe(200);
    const [master] = ssh.masters();
    const [channel] = ssh.channels();
    const control = ssh.controlOf(master!);
    const common = ["-T", "-o", "BatchMode=yes", "-o", "ClearAllForwardings=yes"];
    const multiplexed = ["-o", `ControlPath="${control}"`, "-o", "ControlPersist=no"];
    const announce = ["-o", "PermitLocalCommand=yes", "-o", 'LocalCommand=echo "ts-dockerclient: connected" >&2'];
    expect(master!.args).toEqual([...announce, ...common, "-o", "ControlMaster=yes", ...multiplexed, ...where, command]);
    expect(channel!.args).toEqual([...common, "-o", "ControlMaster=no", ...multiplexed, ...where, command]);
  });

  it("quotes a temporary folder with an odd name", async () => {
    const { ssh } = await engine();
    const odd = join(await temporaryFolder(), "50% of it");
    mkdirSync(odd);
    vi.stubEnv("TMPDIR", odd);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await probe("ssh://host").get()).toBe(200);
    expect(ssh.controlOf(ssh.masters()[0]!)).toContain("/50%% of it/tsdc-");
  });

  it("authenticates once for many calls and opens few channels", async () => {
    const { ssh, client } = await engine();
    expect(await Promise.all(Array.from({ length: 20 }, () => client.get()))).toHaveLength(20);
    for (let i = 0; i < 20; i++) await client.get();
    expect(ssh.masters()).toHaveLength(1);
    expect(ssh.channels().length).toBeLessThanOrEqual(8);
    expect(await client.connections()).toBe(ssh.channels().length);
  });

  it("opens a separate channel for each stream, over the same master", async () => {
    const { ssh, client } = await engine((_request, response) => response.write("begun"));
    const streams = await Promise.all(Array.from({ length: 12 }, () => client.stream(probeFollow, { id: "x" })));
    expect(ssh.channels()).toHaveLength(12);
    expect(ssh.masters()).toHaveLength(1);
    for (const stream of streams) stream.destroy();
    await vi.waitFor(() => expect(ssh.running()).toHaveLength(1), { timeout: 4000 });
    expect(await client.connections()).toBe(0);
  });

  it("transfers large bodies in both directions", async () => {
    const { client } = await engine((request, response) => void request.pipe(response));
    const upload = new PassThrough();
    const body = client.stream(probePost, { id: "x" }, undefined, { upload });
    upload.write(Buffer.alloc(3_000_000, "a"));
    upload.end(Buffer.alloc(2_000_000, "b"));
    const content = await text(await body);
    expect(content.length).toBe(5_000_000);
    expect(content.slice(2_999_999, 3_000_001)).toBe("ab");
  });

  it("half-closes an upgraded connection", async () => {
    const { endpoint } = await netServer((socket) => {
      let input = "";
      onRequest(socket, () => {
        socket.removeAllListeners("data");
        socket.write("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nhello ");
        socket.on("data", (chunk: Buffer) => (input += chunk.toString())).on("end", () => socket.end(`got ${input}`));
      });
    });
    await fakeSsh(endpoint.slice("unix://".length));
    const client = probe("ssh://host");
    const { source, target, supportsHalfClose } = await client.hijack(probePost, { id: "x" });
    expect(supportsHalfClose).toBe(true);
    target.end("input");
    expect(await text(source)).toBe("hello got input");
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("reports inactivity", async () => {
    const { client } = await engine((_request, response) => response.write("begun"));
    const stream = await client.stream(probeFollow, { id: "x" }, { timeouts: { inactivity: 80 } });
    expect(await failureOf(stream.toArray())).toMatchObject({ name: "TimeoutError", kind: "inactivity" });
  });
});

describe("the command on the remote host", () => {
  /** Runs the command that a client sends in a local shell, with these programs in its PATH. */
  const run = async (endpoint: string, programs: Record<string, string>, shell = "sh") => {
    const { ssh } = await engine();
    await probe(endpoint).get();
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(programs))
      writeFileSync(join(folder, name), `#!/bin/sh\n${content}\n`, { mode: 0o755 });
    symlinkSync("/bin/sh", join(folder, "sh"));
    return spawnSync(`/bin/${shell}`, ["-c", ssh.channels()[0]!.args.at(-1)!], {
      encoding: "utf8",
      input: "input",
      env: { PATH: folder },
    });
  };
  const reports = 'echo "$0" "$@"; /bin/cat';

  it.each(["sh", "bash"])("is docker's if docker is installed (%s)", async (shell) => {
    const { stdout, status } = await run("ssh://host", { docker: reports, podman: reports }, shell);
    expect([stdout, status]).toEqual([expect.stringMatching(/\/docker system dial-stdio\ninput$/), 0]);
  });

  it.each(["sh", "bash"])("is podman's if only podman is installed (%s)", async (shell) => {
    const { stdout, status } = await run("ssh://host/it's/$(id)", { podman: reports }, shell);
    expect([stdout, status]).toEqual([
      expect.stringMatching(/\/podman --url unix:\/\/\/it's\/\$\(id\) system dial-stdio\ninput$/),
      0,
    ]);
  });

  it("is not podman's if docker fails", async () => {
    const { stdout, stderr, status } = await run("ssh://host", { docker: "echo broken >&2; exit 3", podman: reports });
    expect([stdout, stderr, status]).toEqual(["", "broken\n", 1]);
  });

  it("exits with the status of a missing command if neither is installed", async () => {
    expect((await run("ssh://host", {})).status).toBe(127);
  });
});

describe("an ssh command that", () => {
  it.each<[Conduct, new (...args: never[]) => SshError, string]>([
    [
      "refuses the key",
      SshAuthenticationError,
      "ssh authentication at ssh://me@host failed: me@host: Permission denied (publickey).",
    ],
    ["does not know the host", SshHostKeyError, "the host key of ssh://me@host is not trusted: Host key verification failed."],
    ["is unreachable", SshError, "ssh to ssh://me@host failed: ssh: connect to host host port 22: Connection refused"],
    [
      "has no docker",
      SshError,
      "ssh to ssh://me@host works, but the remote host has neither docker nor podman: sh: 1: exec: podman: not found",
    ],
    [
      "has a docker that fails",
      SshError,
      "ssh to ssh://me@host works, but docker failed on the remote host: permission denied while trying to connect to the Docker daemon socket",
    ],
    ["loses its connection", SshError, "ssh to ssh://me@host failed: Connection to host closed by remote host."],
  ])("%s fails the call, and a later call tries again", async (conduct, expected, message) => {
    const { ssh, client } = await engine();
    ssh.conduct(conduct);
    const errors = await Promise.all([failureOf(client.get()), failureOf(client.post())]);
    expect(errors.map((error) => (error as { constructor: unknown }).constructor)).toEqual([expected, expected]);
    expect(errors).toMatchObject([
      { message, operation: "probeGet", endpoint: "ssh://me@host" },
      { message, operation: "probePost", endpoint: "ssh://me@host" },
    ]);
    ssh.conduct("works");
    expect(await client.get()).toBe(200);
    await client.close();
    await ssh.expectNothingLeft();
  });

  it("is not installed fails the call", async () => {
    vi.stubEnv("PATH", "/nowhere");
    onTestFinished(() => void vi.unstubAllEnvs());
    const client = probe("ssh://host");
    const error = await failureOf(client.get());
    expect(error).toMatchObject({
      name: "SshError",
      message: "ssh to ssh://host failed: there is no ssh command on this machine",
      operation: "probeGet",
    });
    await client.close();
  });

  it("cannot be started fails the call", async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "ssh"), "", { mode: 0o644 });
    vi.stubEnv("PATH", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await failureOf(probe("ssh://host").get())).toMatchObject({
      name: "SshError",
      message: expect.stringContaining("could not be started"),
    });
  });

  it("never connects times out, and ends with the last call that waits for it", async () => {
    const { ssh, client } = await engine();
    ssh.conduct("never connects");
    const patient = failureOf(client.get({ timeouts: { connect: 1500 } }));
    await vi.waitFor(() => expect(ssh.masters()).toHaveLength(1));
    const error = await failureOf(client.get({ timeouts: { connect: 50 } }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ kind: "connect", timeout: 50, operation: "probeGet" });
    expect(ssh.running()).toHaveLength(1);
    expect(await patient).toMatchObject({ kind: "connect", timeout: 1500 });
    await ssh.expectNothingLeft();
    ssh.conduct("works");
    expect(await client.get()).toBe(200);
    expect(ssh.masters()).toHaveLength(2);
  });

  it("never connects is ended by an abort", async () => {
    const { ssh, client } = await engine();
    ssh.conduct("never connects");
    const controller = new AbortController();
    const call = failureOf(client.get({ signal: controller.signal, timeouts: { connect: 0 } }));
    await vi.waitFor(() => expect(ssh.masters()).toHaveLength(1));
    controller.abort();
    expect(await call).toMatchObject({ name: "AbortError" });
    const next = failureOf(client.get({ timeout: 400 }));
    await ssh.expectNothingLeft();
    expect(await next).toMatchObject({ name: "TimeoutError", kind: "total" });
    await ssh.expectNothingLeft();
  });

  it("never connects leaves no timer of an aborted call, while another call waits", async () => {
    const timers = timersOfPackage();
    const { ssh, client } = await engine();
    ssh.conduct("never connects");
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => failureOf(client.get({ signal, timeouts: { connect: 60_000 } })));
    await vi.waitFor(() => expect(ssh.masters()).toHaveLength(1));
    const waiting = timers().length;
    controllers[0]?.abort();
    expect(await calls[0]).toMatchObject({ name: "AbortError" });
    await expect.poll(() => timers().length).toBe(waiting - 1);
    controllers[1]?.abort();
    await calls[1];
    await ssh.expectNothingLeft();
  });

  it.each<Conduct>(["ignores signals", "leaves a process behind"])("%s does not keep close() from settling", async (conduct) => {
    const { ssh, client } = await engine();
    ssh.conduct(conduct);
    await client.get();
    const began = performance.now();
    await client.close();
    expect(performance.now() - began).toBeLessThan(4000);
    await ssh.expectNothingLeft();
  });

  it("ends while another process holds its output fails the call", async () => {
    const { ssh, client } = await engine();
    ssh.conduct("refuses the key and leaves a process behind");
    expect(await failureOf(client.get())).toBeInstanceOf(SshAuthenticationError);
  });

  it("never connects is ended by close", async () => {
    const { ssh, client } = await engine();
    ssh.conduct("never connects");
    const call = failureOf(client.get({ timeouts: { connect: 0 } }));
    await vi.waitFor(() => expect(ssh.masters()).toHaveLength(1));
    const began = Date.now();
    await client.close();
    expect(Date.now() - began).toBeLessThan(1000);
    expect(await call).toMatchObject({ name: "ClientClosedError" });
    expect(await client.connections()).toBe(0);
    await ssh.expectNothingLeft();
    expect(ssh.channels()).toEqual([]);
  });
});

describe("the master connection", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("is replaced after %s", async (signal) => {
    const { ssh, client } = await engine();
    await client.get();
    process.kill(ssh.masters()[0]!.pid, signal);
    await vi.waitFor(() => expect(ssh.running().some(({ args }) => args.includes("ControlMaster=yes"))).toBe(false));
    const streams = await Promise.all([client.stream(probeGet, { id: "x" }), client.stream(probeGet, { id: "x" })]);
    for (const stream of streams) expect(await text(stream)).toBe("OK");
    expect(ssh.masters()).toHaveLength(2);
    const [first, second] = ssh.masters().map(ssh.controlOf);
    expect(second).not.toBe(first);
    await client.close();
    await ssh.expectNothingLeft();
  });

  it("leaves nothing behind when the client is closed at any stage", async () => {
    const { ssh, client } = await engine((_request, response) => response.write("begun"));
    const stream = await client.stream(probeFollow, { id: "x" });
    const failure = failureOf(stream.toArray());
    const call = failureOf(client.get());
    await vi.waitFor(() => expect(ssh.channels()).toHaveLength(2), { timeout: 4000 });
    expect(existsSync(ssh.controlOf(ssh.masters()[0]!))).toBe(true);
    await client.close();
    expect(await failure).toMatchObject({ name: "ClientClosedError" });
    expect(await call).toMatchObject({ name: "ClientClosedError" });
    await ssh.expectNothingLeft();
  });

  it.each(["exits on its own", "is killed"])(
    "ends with a process that %s without closing its client",
    async (how) => {
      const { ssh } = await engine();
      const folder = await temporaryFolder();
      const program = join(folder, "program.mts");
      writeFileSync(
        program,
        `import { Client } from ${JSON.stringify(join(process.cwd(), "lib/client.ts"))};
       await new Client({ endpoint: "ssh://host", apiVersion: "1.41" }).ping();
       console.log("ping");
       ${how === "is killed" ? "setInterval(() => undefined, 1000);" : ""}`,
      );
      const child = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["ignore", "pipe", "inherit"] });
      const ended = new Promise((resolve) => child.once("close", resolve));
      onTestFinished(() => void child.kill("SIGKILL"));
      await new Promise((resolve) => child.stdout.once("data", resolve));
      expect(ssh.masters()).toHaveLength(1);
      if (how === "is killed") child.kill("SIGKILL");
      await ended;
      await ssh.expectNothingLeft();
    },
    20_000,
  );
});

it("ssh is not required by other endpoints", async () => {
  const { endpoint } = await httpServer((_request, response) => ok(response));
  const ssh = await fakeSsh();
  await probe(endpoint).get();
  expect(ssh.calls()).toEqual([]);
});
