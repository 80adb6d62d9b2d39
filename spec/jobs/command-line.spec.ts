import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HELP, parseCommandLine } from "../../lib/jobs/command-line.js";
import { deploy } from "../../lib/jobs/deployment/command.js";
import { startBareEngine } from "../support/embedded-engine.js";

test("the options of a server are read", () => {
  expect(parseCommandLine([])).toEqual({ server: {}, logLevel: "warn" });
  expect(
    parseCommandLine([
      ...[
        "--listen",
        "127.0.0.1:1",
        "--listen",
        "unix:///a.sock",
        "-e",
        "unix:///b.sock",
        "--state-dir",
        "/s",
        "--ports",
        "10-20",
      ],
      ...["--source-host", "a", "--bind-source", "/srv", "--host-name", "h", "-l", "debug"],
    ]),
  ).toEqual({
    server: {
      listen: ["tcp://127.0.0.1:1", "unix:///a.sock"],
      endpoint: "unix:///b.sock",
      stateDirectory: "/s",
      ports: { first: 10, end: 21 },
      sourceHosts: ["a"],
      bindSources: ["/srv"],
      hosts: ["h"],
    },
    logLevel: "debug",
  });
  expect(parseCommandLine(["--swarm"])).toMatchObject({ server: { swarm: true } });
  expect(parseCommandLine(["--swarm", "--endpoint-mode", "dnsrr"])).toMatchObject({
    server: { swarm: { endpointMode: "dnsrr" } },
  });
  expect(parseCommandLine(["--help"])).toEqual({ print: "help" });
  expect(parseCommandLine(["-v"])).toEqual({ print: "version" });
});

test("every option is in the help", () => {
  for (const option of [
    "listen",
    "endpoint",
    "server",
    "state-dir",
    "ports",
    "swarm",
    "endpoint-mode",
    "source-host",
    "bind-source",
    "token-file",
    "log-level",
  ])
    expect(HELP).toContain(`--${option} `);
});

test("no line of the help has more than 120 characters", () => {
  for (const line of HELP.split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
});

test.each([
  [["--ports", "20-10"], '--ports has the form 4000-59999, unlike "20-10"'],
  [["--endpoint-mode", "dnsrr"], "--endpoint-mode needs --swarm"],
  [["--swarm", "--endpoint-mode", "both"], '--endpoint-mode is vip or dnsrr, unlike "both"'],
  [["--log-level", "loud"], '--log-level is debug, info, warning or error, not "loud"'],
  [["--tls-cert", "c"], "TLS needs --tls-cert and --tls-key"],
  [["apply"], "the arguments are plan, apply or remove, and a file"],
  [["destroy", "file"], "the arguments are plan, apply or remove, and a file"],
  [["apply", "/nonesuch.json"], "the deployment: /nonesuch.json cannot be read"],
])("%j is refused", (args, message) => {
  expect(() => parseCommandLine(args)).toThrow(message);
});

test("a deployment in a file is planned, applied and removed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "deployment-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "shop.json");
  const containers = [
    { Name: "web", Image: "busybox", Count: 2, Command: ["sleep", "1000"], PublicPorts: [{ Internal: 80, External: 0 }] },
  ];
  await writeFile(file, JSON.stringify({ Name: "shop", Containers: containers }));
  const { engine } = await startBareEngine({ standardImages: ["busybox"] });
  let printed = "";
  const run = async (command: string): Promise<string> => {
    const parsed = parseCommandLine([command, file, "--endpoint", engine.endpoint, "--ports", "46300-46400"]);
    if (!("deploy" in parsed)) throw new TypeError("no deployment");
    printed = "";
    await deploy(parsed, (text) => (printed += text));
    return printed;
  };
  expect(await run("plan")).toBe("+ web-1 busybox\n+ web-2 busybox\n");
  expect(await run("apply")).toMatch(
    /^\[1\/2\] installing web-1 … done\n\[2\/2\] installing web-2 … done\nweb-1: 80 -> 46\d{3}\nweb-2: 80 -> 46\d{3}\n2 changed, 0 unchanged\n$/,
  );
  expect(await run("apply")).toBe("0 changed, 2 unchanged\n");
  expect(await run("remove")).toBe("[1/2] removing web-1 … done\n[2/2] removing web-2 … done\n2 changed, 0 unchanged\n");
  await writeFile(file, JSON.stringify({ Name: "shop", Containers: [{ ...containers[0], Count: 1, Command: ["nonesuch"] }] }));
  const failed = await run("apply").catch((error: unknown) => error);
  expect(String(failed)).toMatch(/^Error: Unable to create container\. .*nonesuch/);
  expect(printed).toBe("[1/1] installing web-1 … failed\n");
  await writeFile(file, "{");
  await expect(run("plan")).rejects.toThrow(`${file} is not JSON`);
});
