import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished, type TestContext } from "vitest";
import { Client } from "../../lib/client.js";

const { TESTBED_STATE, TESTBED_CONTROL, TESTBED_ENGINE = "" } = process.env;
const script = fileURLToPath(new URL("../testbed/engine", import.meta.url));
const run = promisify(execFile);

/** Skips a test on engines that the test bed did not start, with the reason in the report. */
export function needsTestbed(context: TestContext): void {
  context.skip(
    TESTBED_CONTROL === undefined && (!TESTBED_STATE || TESTBED_ENGINE === ""),
    "needs an engine that can be stopped: TESTBED_STATE and TESTBED_ENGINE are not set",
  );
}

/** Stops, kills or starts the embedded engine under test, through the socket of `with-embedded`. */
async function control(path: string, command: string): Promise<string> {
  const answer = await text(connect({ path, allowHalfOpen: true }).end(command));
  if (answer !== "") throw new Error(`${command}: ${answer}`);
  return answer;
}

/** Runs a test bed command on the engine under test, or on one in another state folder. Returns its output. */
export async function testbed(command: string, args: readonly string[] = [], state = TESTBED_STATE): Promise<string> {
  if (TESTBED_CONTROL !== undefined) return control(TESTBED_CONTROL, command);
  const { stdout } = await run("bash", [script, command, TESTBED_ENGINE, ...args], {
    env: { ...process.env, TESTBED_STATE: state },
  });
  return stdout;
}

/** Forwards a port of the network of the engine under test to the same port of this machine. */
export async function forwarded(port: string): Promise<void> {
  await run("bash", [script, "forward", port, port, TESTBED_ENGINE], { env: { ...process.env, TESTBED_STATE } });
}

/** Two engines on a common network. */
export interface Pair {
  /** Client of the second engine. */
  second: Client;
  /** Address of the engine under test. */
  firstAddress: string;
  /** Address of the second engine. */
  secondAddress: string;
}

/**
 * Starts a second engine of the same kind and connects the two with a network link. The second engine is stopped after the
 * test.
 */
export async function pairOfEngines(): Promise<Pair> {
  const state = await mkdtemp("/tmp/tsdc-pair-");
  onTestFinished(async () => {
    await testbed("down", [], state);
    await rm(state, { recursive: true, force: true });
  });
  await testbed("up", [], state);
  const variables = await testbed("env", [], state);
  const valueOf = (name: string) => new RegExp(`^export ${name}=(.*)$`, "m").exec(variables)?.[1] ?? "";
  const holder = /^\/proc\/(\d+)\//.exec(valueOf("TESTBED_NETNS"))?.[1] ?? "";
  const ip = (args: string, of?: string) => testbed("exec", ["--", "ip", ...args.split(" ")], of);
  await ip(`link add tsdc-first type veth peer name tsdc-second netns ${holder}`);
  await ip("addr add 10.99.1.1/30 dev tsdc-first");
  await ip("link set tsdc-first up");
  await ip("addr add 10.99.1.2/30 dev tsdc-second", state);
  await ip("link set tsdc-second up", state);
  const second = new Client({ endpoint: valueOf("DOCKER_HOST") });
  onTestFinished(() => second.close());
  return { second, firstAddress: "10.99.1.1", secondAddress: "10.99.1.2" };
}
