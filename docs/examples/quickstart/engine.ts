import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client, ConnectionError } from "ts-dockerclient";

const testbed = fileURLToPath(new URL("../../../spec/testbed/engine", import.meta.url));

/** An engine to work with, and what to do when the work is done. */
export interface FoundEngine {
  client: Client;
  end(): Promise<void>;
}

/** Whether the test bed can start an engine here. */
function canStartEngine(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync(testbed);
}

function run(command: string): string {
  const { status, stdout } = spawnSync("bash", [testbed, command, "docker20"], { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (status !== 0) throw new Error(`the test bed's engine could not be brought ${command} (status ${String(status)})`);
  return stdout;
}

/**
 * Finds the engine that the environment names; where none answers, starts a real one of the test bed, for as long as it is needed.
 *
 * @returns undefined when there is none, which has been said.
 */
export async function findEngine(say: (text: string) => void): Promise<FoundEngine | undefined> {
  const client = Client.fromEnv();
  try {
    await client.ping();
    say("Found an engine");
    return { client, end: () => client.close() };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    await client.close();
    if (!canStartEngine()) {
      say(`No engine answers at ${client.endpoint}. Install one (https://docs.docker.com/engine/install/), or set DOCKER_HOST to one.`);
      process.exitCode = 1;
      return undefined;
    }
  }
  say("No engine answers: starting a real one for the time of this run (on a fresh machine its packages are installed first)");
  run("up");
  const host = /DOCKER_HOST=(\S+)/.exec(run("env"))?.[1] ?? "";
  const own = Client.fromEnv({ ...process.env, DOCKER_HOST: host });
  return {
    client: own,
    end: async () => {
      await own.close();
      say("Ending the engine that was started for this run");
      run("down");
    },
  };
}
