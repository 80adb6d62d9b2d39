// Runs the docker command against an engine and compares what it prints with the transcripts in areas:
//
//   npm run test:cli                                           with an embedded engine
//   npm run test:cli -- --executor oci                         whose containers are processes
//   npm run test:cli -- --host unix:///run/docker.sock         with another engine, which has busybox:latest
//   npm run test:cli -- --docker /usr/bin/docker run exec      another docker command; only these areas
//   npm run test:cli -- --verbose run                          prints every command with its output
//
// Exits 1 if a check failed, and 3 if there is no docker command or no image for the embedded engine.

import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { top } from "../../support/installed-package.js";
import { type Place, type Result, runArea, runCommand } from "./area.js";
import { trimmed } from "./match.js";
import { readTranscript } from "./transcript.js";

/** The exit code when this machine lacks something. */
const LACKS_SOMETHING = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    docker: { type: "string" },
    executor: { type: "string", default: "program" },
    host: { type: "string" },
    image: { type: "string" },
    jobs: { type: "string", default: "4" },
    verbose: { type: "boolean", default: false },
  },
});

/** Formats an output as it is written in a transcript. */
function prefixed(prefix: string, text: string): string {
  if (text === "") return "";
  const lines = trimmed(text).replace(/\n$/, "").split("\n");
  return lines.map((line) => `${prefix}${line || "<empty>"}\n`).join("");
}

/** Formats a command and its output as a transcript. */
function transcript({ check, outcome }: Result): string {
  const command = check.command.replaceAll("\n", "\n> ");
  if (!outcome) return `$ ${command}\n`;
  const status = outcome.status === undefined ? "killed: it took too long" : String(outcome.status);
  return `$ ${command}\n${prefixed("", outcome.stdout)}${prefixed("! ", outcome.stderr)}${status === "0" ? "" : `[${status}]\n`}`;
}

/** Describes how the output of a failed check differs. */
function difference(file: string, result: Result): string {
  const { check } = result;
  const expected = [...check.stdout, ...check.stderr.map((line) => `! ${line}`), ...(check.status ? [`[${check.status}]`] : [])];
  return `FAILED ${file}:${check.line}\n${prefixed("    ", transcript(result))}  expected:\n${prefixed("    ", expected.join("\n"))}`;
}

/** Loads busybox:latest: from a file of `docker save`, or made of this machine's busybox. Returns what went wrong. */
async function loadImage(place: Place): Promise<string | undefined> {
  const make = `TESTBED_STATE=$PWD/bed bash '${join(top, "spec/testbed/engine")}' image > image.tar &&
    docker import --change 'CMD ["sh"]' --change 'ENV PATH=/bin' image.tar busybox:latest`;
  const load = values.image === undefined ? make : `docker load --input '${resolve(values.image)}'`;
  const { status, stderr } = await runCommand(load, place);
  return status === 0 ? undefined : stderr;
}

const folder = await mkdtemp(join(tmpdir(), "docker-cli-"));
const { executor } = values;
if (executor !== "program" && executor !== "oci" && executor !== "auto") throw new TypeError(`no executor ${executor}`);
const engine =
  values.host === undefined
    ? await EmbeddedEngine.start({
        executor,
        standardImages: [],
        onReport: (message) => values.verbose && console.error(message),
      })
    : undefined;

async function main(): Promise<number> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  if (values.docker !== undefined) await symlink(resolve(values.docker), join(bin, "docker"));
  const { PATH = "" } = process.env;
  const env = {
    PATH: `${bin}:${PATH}`,
    HOME: folder,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    DOCKER_BUILDKIT: "0",
    DOCKER_CONFIG: join(folder, "config"),
    DOCKER_HOST: values.host ?? engine?.endpoint,
  };
  const format = "{{.Client.Version}} {{.Client.APIVersion}} {{.Server.Version}}";
  const runtimes = runCommand("docker info --format '{{.DefaultRuntime}}'", { folder, env });
  const { stdout, stderr, status } = await runCommand(`docker version --format '${format}'`, { folder, env });
  const [cli = "", api = "", server = ""] = stdout.trim().split(" ");
  const kind = { embedded: engine ? "1" : "0", processes: (await runtimes).stdout.trim() === "program" ? "0" : "1" };
  const place: Place = { folder, env, versions: { cli, api, engine: server, ...kind } };
  const complaint = status !== 0 ? stderr : engine && (await loadImage(place));
  if (complaint !== undefined) {
    console.error(complaint);
    return LACKS_SOMETHING;
  }
  console.log(`docker ${cli}, API ${api}, engine ${server}`);

  const areas = join(import.meta.dirname, "areas");
  const names = positionals.length > 0 ? positionals : (await readdir(areas)).map((file) => basename(file, ".txt")).sort();
  const waiting = [...names];
  const total = { passed: 0, failed: 0, skipped: 0 };
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const file = join(areas, `${name}.txt`);
      const began = performance.now();
      const counts = { passed: 0, failed: 0, skipped: 0 };
      let text = "";
      for await (const result of runArea(name, readTranscript(file), place)) {
        counts[result.skipped !== undefined ? "skipped" : result.passed ? "passed" : "failed"]++;
        if (values.verbose) text += `${transcript(result)}\n`;
        if (result.skipped !== undefined) text += `skipped ${name}.txt:${result.check.line}: needs ${result.skipped}\n`;
        else if (!result.passed) text += difference(`${name}.txt`, result);
      }
      for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(
        `${text}${name.padEnd(14)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
}
