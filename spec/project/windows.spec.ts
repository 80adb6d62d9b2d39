import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { planted } from "../support/archive.js";
import { fakeSsh } from "../support/fake-ssh.js";
import { hanging, temporaryHome } from "../support/home.js";
import { httpServer } from "../support/servers.js";

/** Replaces the platform while a test loads modules of the package and uses them. */
function pretendWindows(): void {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  vi.resetModules();
  onTestFinished(() => {
    Object.defineProperty(process, "platform", platform);
    vi.resetModules();
  });
}

describe("on Windows", () => {
  beforeAll(() => expect(process.platform, "these specs replace another platform").not.toBe("win32"));

  it("files of an archive are executable, and writable for their owner only", async () => {
    const root = await planted({ "run.sh": "#!/bin/sh\n" });
    await chmod(join(root, "run.sh"), 0o666);
    pretendWindows();
    const { packDirectory } = await import("../../lib/archive/pack-directory.js");
    const { readArchive } = await import("../../lib/archive/read-archive.js");
    const modes: (readonly [string, string])[] = [];
    for await (const { name, mode } of readArchive(packDirectory(root))) modes.push([name, mode.toString(8)]);
    expect(modes).toEqual([["run.sh", "755"]]);
  });

  it("a credential helper that does not respond is killed without a process group", async () => {
    const home = temporaryHome();
    home.helper("pass", hanging);
    pretendWindows();
    const { runHelper } = await import("../../lib/auth/helper-process.js");
    const kill = vi.spyOn(process, "kill");
    onTestFinished(() => kill.mockRestore());
    const call = { program: "docker-credential-pass", action: "get", input: "quay.io", purpose: "quay.io" } as const;
    const run = runHelper({ ...call, env: home.env, timeout: 50 }, new AbortController().signal);
    await expect(run).rejects.toThrow("did not respond within 50 ms");
    expect(kill).not.toHaveBeenCalled();
  });

  it("ssh opens a connection for every stream, without a master", async () => {
    const { endpoint } = await httpServer((_request, response) => response.end("OK"));
    const ssh = await fakeSsh(endpoint.slice("unix://".length));
    pretendWindows();
    const { Client } = await import("../../lib/client.js");
    const client = new Client({ endpoint: "ssh://me@host", apiVersion: "1.51", auth: false });
    onTestFinished(() => client.close());
    await client.ping();
    expect(ssh.masters()).toEqual([]);
    expect(ssh.calls().map(({ args }) => args.filter((arg) => arg.startsWith("Control")))).toEqual([[]]);
  });
});
