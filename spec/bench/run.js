// Runs the benchmarks: `node spec/bench/run.js`. See README.md in this folder.

import { execFile, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { writeContext } from "./contexts.js";
import { cleanUp, prepare } from "./engine.js";
import { installSizes } from "./install-size.js";
import { engineLines, stubLines } from "./lines.js";
import { topFunctions } from "./profile.js";
import { CLIENTS, installReport, report } from "./table.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const top = resolve(here, "../..");
const ALLOWED_MS = 300_000;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    only: { type: "string" },
    clients: { type: "string" },
    quick: { type: "boolean", default: false },
    engine: { type: "string", default: process.env.DOCKER_HOST ?? "" },
    entry: { type: "string" },
    profile: { type: "string" },
  },
});
const size = options.quick ? "quick" : "full";
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
const clients = options.clients?.split(",") ?? CLIENTS;
const only = (options.profile ?? options.only)?.split(",");
const isWanted = (name) => only === undefined || only.includes(name);

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
const say = (text) => process.stderr.write(`bench: ${text}\n`);

function build() {
  if (!existsSync(join(here, "node_modules/dockerode"))) {
    say("installing the peers");
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: ["ignore", 2, 2] });
  }
  if (options.entry !== undefined) return pathToFileURL(options.entry).href;
  say("building");
  // only the measurement of the installation needs declarations
  const flags = isWanted("install") && options.profile === undefined ? [] : ["--js"];
  execFileSync(process.execPath, [join(top, ".config/build.js"), ...flags], { stdio: ["ignore", 2, 2] });
  return pathToFileURL(join(top, "dist/index.js")).href;
}

/** Runs a client on a line in a separate process. Returns the measurements or the reason for a failure. */
async function measure(line, client, task, flags = []) {
  const script = join(here, line.method === undefined ? "cold.js" : "child.js");
  const whole = { ...task, name: line.name, client, volume: line[size], warm: line.warm };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, JSON.stringify(whole)], {
      timeout: ALLOWED_MS,
      killSignal: "SIGKILL",
      signal: interrupted.signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1));
  } catch (error) {
    const reason = /^\w*Error\b.*$/m.exec(error.stderr ?? "")?.[0] ?? error.message.split("\n")[0];
    return { failed: error.killed ? `not done after ${ALLOWED_MS / 1000} s` : reason };
  }
}

/** Measures lines. In each round, the clients take turns. */
async function measureAll(lines, task) {
  const samples = new Map(lines.map(({ name }) => [name, Object.fromEntries(clients.map((client) => [client, []]))]));
  const failures = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const line of lines) {
      say(`round ${round + 1} of ${rounds}: ${line.name}`);
      const times = line.method === undefined ? line[size] : 1;
      for (let time = 0; time < times; time += 1) {
        for (let turn = 0; turn < clients.length && !interrupted.signal.aborted; turn += 1) {
          // rotate the clients, so that each goes first equally often
          const client = clients[(turn + round + time) % clients.length];
          const key = `${line.title}: ${client}`;
          if (failures.has(key)) continue;
          const { cannot } = await import(`./clients/${client}.js`);
          const sample = cannot[line.method] === undefined ? await measure(line, client, task) : { failed: cannot[line.method] };
          if (sample.failed === undefined) samples.get(line.name)[client].push(sample);
          else failures.set(key, sample.failed);
        }
      }
    }
  }
  return { samples, failures };
}

async function startStub(temporary) {
  const socket = join(temporary, "stub.sock");
  const stub = fork(join(here, "stub.js"), [socket]);
  await once(stub, "message");
  return { stub, endpoint: `unix://${socket}` };
}

/** Writes the build contexts of lines. Returns their folders by volume. */
async function writeContexts(temporary, lines) {
  const volumes = lines.filter(({ method }) => method === "build").flatMap((line) => [line.warm, line[size]]);
  const contexts = {};
  for (const volume of new Set(volumes)) {
    contexts[volume] = join(temporary, `context-${volume}`);
    await writeContext(contexts[volume], volume);
  }
  return contexts;
}

const met = [];
const missed = [];

function print(title, { text, ...bars }, failures = new Map()) {
  met.push(...bars.met);
  missed.push(...bars.missed);
  console.log(`\n## ${title}\n\n${text}`);
  for (const [what, reason] of failures) {
    console.log(`- not measured: ${what}: ${reason}`);
    if (what.endsWith(": ours")) process.exitCode = 1;
  }
}

async function profile(line, client, task, temporary) {
  const flags = ["--cpu-prof", `--cpu-prof-dir=${temporary}`, "--cpu-prof-interval=200"];
  // repeat the job, so that short ones yield enough samples
  const { failed } = await measure(line, client, { ...task, times: 5 }, flags);
  if (failed !== undefined) throw new Error(`${client} on ${line.name}: ${failed}`);
  const file = readdirSync(temporary).find((name) => name.endsWith(".cpuprofile"));
  console.log(`\n${client} on ${line.name}, time in each function itself:\n`);
  console.log(topFunctions(join(temporary, file), 30).join("\n"));
}

async function main(temporary) {
  const entry = build();
  const stubbed = stubLines.filter(({ name }) => isWanted(name));
  const real = options.engine === "" ? [] : engineLines.filter(({ name }) => isWanted(name));
  const unknown = only?.filter((name) => name !== "install" && ![...stubbed, ...real].some((line) => line.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no such line: ${unknown.join(", ")}`);
  const contexts = await writeContexts(temporary, [...stubbed, ...real]);

  if (stubbed.length > 0) {
    const { stub, endpoint } = await startStub(temporary);
    const task = { endpoint, entry, contexts };
    try {
      if (options.profile !== undefined) {
        await profile(stubbed[0], options.clients ?? "ours", task, temporary);
        return;
      }
      const { samples, failures } = await measureAll(stubbed, task);
      print("Against a stub engine", report(stubbed, samples, size), failures);
    } finally {
      stub.disconnect();
    }
  }
  if (real.length > 0) {
    const volumes = (method) => [
      ...new Set(real.filter((line) => line.method === method).flatMap((line) => [line.warm, line[size]])),
    ];
    say(`preparing ${options.engine}`);
    const prepared = await prepare(options.engine, volumes("logs"), volumes("export"));
    try {
      const { samples, failures } = await measureAll(real, { endpoint: options.engine, entry, contexts, ...prepared });
      print(`Against ${options.engine}`, report(real, samples, size), failures);
    } finally {
      await cleanUp(options.engine, prepared.image);
    }
  }
  if (isWanted("install")) {
    say("installing the package and its peers");
    const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
    const { dockerode, "@docker/node-sdk": nodeSdk } = dependencies;
    print("Installation", installReport(installSizes(top, temporary, { dockerode, "@docker/node-sdk": nodeSdk })));
  }
  console.log(`\n${met.length} of ${met.length + missed.length} bars met.${missed.map((bar) => `\n- missed: ${bar}`).join("")}`);
}

const temporary = await mkdtemp(join(tmpdir(), "tsdc-bench-"));
try {
  await main(temporary);
} finally {
  await rm(temporary, { recursive: true, force: true });
}
