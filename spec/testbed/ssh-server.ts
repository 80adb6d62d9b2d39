import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** An ssh server for an engine of this machine. */
export interface SshServer {
  /** The environment of behaviour specs, as `spec/testbed/engine env` prints it. */
  readonly env: Record<string, string>;
  /** Stops it. */
  close(): Promise<void>;
}

const script = fileURLToPath(new URL("engine", import.meta.url));

/** How often a connection is tried, at intervals of 100 ms, before the server counts as broken. */
const TRIES = 150;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts an ssh server, through which clients reach an engine. Returns undefined where this machine lacks something for it: root, an
 * ssh server and client, or the docker command, which is the far end of the connections.
 *
 * @param folder - a folder for its keys and settings.
 * @param host - the endpoint of the engine.
 */
export async function startSshServer(folder: string, host: string): Promise<SshServer | undefined> {
  const needed = ["/usr/sbin/sshd", "/usr/bin/ssh", "ssh-keygen", "docker"];
  const isComplete = needed.every((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0);
  if (process.getuid?.() !== 0 || !isComplete) return undefined;
  const port = await freePort();
  const child = spawn("bash", [script, "__sshd", folder, host], {
    env: { ...process.env, TESTBED_SSH_PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-2000)));
  const ended = once(child, "close");
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  const wrapper = join(folder, "bin/ssh");
  for (let tries = 0; spawnSync(wrapper, ["testbed", "true"]).status !== 0; tries++) {
    if (tries === TRIES || child.exitCode !== null) {
      await close();
      throw new Error(`the ssh server does not work: ${log}`);
    }
    await delay(100);
  }
  return { env: { TESTBED_SSH_HOST: `ssh://root@127.0.0.1:${port}`, TESTBED_SSH_PATH: join(folder, "bin") }, close };
}
