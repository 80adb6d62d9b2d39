import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, DockerError } from "ts-dockerclient";
import { EmbeddedEngine } from "ts-dockerclient/engine";
import { say } from "./narration.js";

/** An engine to use, and what to do with it afterwards. */
export interface FoundEngine {
  client: Client;
  close(): Promise<void>;
}

const testbed = fileURLToPath(new URL("../../../spec/testbed/engine", import.meta.url));

/** Whether the test bed can start an engine: it needs root on Debian. */
function canStartEngine(): boolean {
  const release = "/etc/os-release";
  const isDebian = existsSync(release) && /^ID=debian$/m.test(readFileSync(release, "utf8"));
  return isDebian && process.getuid?.() === 0 && existsSync(testbed);
}

/** Starts an engine of the test bed, which stops with this process. Returns its endpoint, or undefined on failure. */
function startEngine(): string | undefined {
  const state = mkdtempSync(join(tmpdir(), "tsdc-"));
  const env = { ...process.env, TESTBED_STATE: state };
  const run = (command: string): string | undefined => {
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const { status, stdout } = spawnSync("bash", [testbed, command, "docker20"], { env, stdio: [...stdio], encoding: "utf8" });
    return status === 0 ? stdout : undefined;
  };
  process.once("exit", () => {
    say("Stopping the engine that was started for this run");
    // processes that could not be stopped still need their files
    if (run("down") !== undefined) rmSync(state, { recursive: true, force: true });
  });
  return run("up") === undefined ? undefined : /DOCKER_HOST=(\S+)/.exec(run("env") ?? "")?.[1];
}

/** Starts a Docker Engine for this run: one of the test bed. */
function startReal(problem: string): FoundEngine | undefined {
  if (canStartEngine()) {
    say(`No engine responds (${problem}): starting one for this run; the first time, its packages are installed`);
    const host = startEngine();
    if (host !== undefined) return found(Client.fromEnv({}, { ...process.env, DOCKER_HOST: host }));
  }
  const advice = "install Docker (https://docs.docker.com/engine/install/), set DOCKER_HOST to an engine, or leave --real out";
  process.stderr.write(`No engine responds (${problem}): ${advice}\n`);
  process.exitCode = 1;
  return undefined;
}

const found = (client: Client): FoundEngine => ({ client, close: () => client.close() });

/**
 * Finds the engine that the environment names. If it does not respond, starts the embedded engine or, with `--real`, an engine of the
 * test bed.
 *
 * @returns undefined without an engine; the reason has been printed.
 */
export async function findEngine(): Promise<FoundEngine | undefined> {
  const client = Client.fromEnv();
  let problem: string;
  try {
    await client.ping();
    say("Found an engine");
    return found(client);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    problem = error.message;
    await client.close();
  }
  if (process.argv.includes("--real")) return startReal(problem);
  say(`No engine responds (${problem}): starting the embedded engine in this process`);
  const engine = await EmbeddedEngine.start({ executor: "auto" });
  const embedded = new Client({ endpoint: engine.endpoint });
  return { client: embedded, close: () => embedded.close().then(() => engine.close()) };
}
