import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { client, useEngine } from "../support/engine.js";
import { needsHealthChecks } from "../support/health-checks.js";
import { node, top } from "../support/installed-package.js";

useEngine();

/** Makes tsx load the built package: tsconfig.json maps its name to the sources. */
const builtPackage = ["--tsconfig", join(top, ".config/tsconfig.package.json")];

/** Time limit of an example, in milliseconds. */
const LIMIT = 60_000;

/** Some of the lines that each example prints. */
const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  jobs: [
    "Container web-1 is starting",
    "the port stays: true",
    "the job exited with code 3",
    "It has been too soon since the last request to restart or the state is currently changing.",
  ],
  agents: ["host 1: web-1 is running", "host 3: hostname prints web-3, exit code 0", "/web-2 exited"],
  archives: ["file etc/motd 18", "symlink motd 0", /^3 entries, 18 bytes: made from nothing$/, /^imported as sha256:/],
  attach: ["you said hello", "you said goodbye", "bye", "exit status 0"],
  backpressure: ["128 MiB, only part of it in memory", "the file system as an archive: streamed"],
  build: [/^sha256:[\da-f]{64}$/, /^failed with \d+ after: /],
  connect: [/ speaks API 1\.\d+$/, "can it pull for another platform? yes", "1 connection is open"],
  copy: ["{} [ 'page.html' ]", "13 bytes, mode 644", /^no such path in container it: \/srv\/page\.map \(/],
  credentials: ["me registry.example.com", "none for Docker Hub", /^a header of \d+ characters$/],
  engine: ["> GET /_ping", /^engine \d\S*, API 1\.\d+, linux\//, "createContainer.platform: yes", "200 true"],
  errors: ["no such container: no-such-container", "total timeout after 500 ms", "aborted"],
  events: [/^container start /, /^container die /, /^again: .*start.*die/],
  execute: ["3 some input", "in /tmp for example", /^execute did not finish within 500 ms/, "no process is left"],
  images: ["welcome", /^no such image: .*example-images/, /^loaded .*example-images:/],
  lifecycle: ["got SIGUSR1", /^paused: .* is paused/, "ContainerAlreadyRunningError", /^stopped: .* is exited/, /^listed: /],
  logs: [
    /^stdout \S+ line 3$/,
    /^stderr \S+ oops 3$/,
    "21 bytes of output, 21 of errors",
    "the second line that matches: line 2",
  ],
  plugin: [/^(?:DEBUG=1, not enabled|This engine manages no plugins\.)$/],
  networks: [
    "it says welcome",
    /^1 container in 172\.28\.\d+\.0\/24$/,
    /^listed: example-\d+, driver bridge, local$/,
    "NetworkAlreadyExistsError: the name is taken",
    "NetworkInUseError: the server is connected to it",
    "ContainerNotConnectedError: it is already disconnected",
  ],
  progress: [/^3 steps to sha256:/, /messages while loading 1 image$/, /^build failed: /],
  quickstart: ["it says: Hello from the build context", "exit status 137", /^note\.txt, now on this machine: copied/, /Done in/],
  registry: [process.env.TESTBED_REGISTRY === undefined ? /^This example needs a registry/ : "rejected with wrong credentials"],
  "run-container": [/^0 Linux /, "5", /^ls: \/nowhere: /],
  service: [/^(?:rolled back: 3 tasks running|This engine has no swarm\.)$/],
  stats: [/^CPU [\d.]+ %, memory \d+ of 67108864 bytes$/],
  swarm: [/^(?:the task says: greeting 2|This engine has no swarm\.)$/],
  terminal: ["hello, in a window of 24 80", "exit code 0"],
  volumes: [
    "kept",
    "local volume, local, somewhere on the engine's host",
    "1 volume listed",
    "VolumeInUseError: a stopped container still uses it",
    "pruned 1",
    "NoSuchVolumeError: it no longer exists",
  ],
  "wait-for-healthy": ["healthy", "unhealthy, its check reports: no connection", "stopped, its log ends with: cannot open /data"],
};

describe("the examples", () => {
  let before: ReadonlySet<string>;

  beforeAll(async () => {
    before = new Set((await client.listContainers({ all: true })).map(({ Id }) => Id));
    const { status, output } = await node([".config/build.js", "--js"], top);
    expect(status, output).toBe(0);
  });

  it("are all run here", async () => {
    const files = await readdir(join(top, "docs/examples"));
    const names = files.flatMap((file) => (file.endsWith(".ts") ? [file.slice(0, -3)] : []));
    expect(Object.keys(expected).sort()).toEqual(names.sort());
  });

  it.for(Object.keys(expected))("%s", { timeout: LIMIT + 5000 }, async (name, context) => {
    if (name === "wait-for-healthy") needsHealthChecks(context);
    const tsx = join(top, "node_modules/tsx/dist/cli.mjs");
    const env = { ...process.env, DOCKER_HOST: client.endpoint };
    const { status, output } = await node([tsx, ...builtPackage, join(top, "docs/examples", `${name}.ts`)], top, env, LIMIT);
    expect([status, output]).toEqual([0, expect.any(String)]);
    const lines = output.split("\n").map((line) => line.trim());
    for (const line of expected[name] ?? []) {
      const found = lines.some((candidate) => (typeof line === "string" ? candidate === line : line.test(candidate)));
      expect(found, `${String(line)} in:\n${output}`).toBe(true);
    }
  });

  it("leave nothing behind", async () => {
    const tags = (await client.listImages()).flatMap(({ RepoTags }) => RepoTags);
    expect(tags.filter((tag) => tag.includes("ts-dockerclient"))).toEqual([]);
    const containers = await client.listContainers({ all: true });
    expect(containers.filter(({ Id }) => !before.has(Id)).map(({ Command }) => Command)).toEqual([]);
  });
});
