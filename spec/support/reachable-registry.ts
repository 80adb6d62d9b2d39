import { connect } from "node:net";
import type { TestContext } from "vitest";
import { needsRegistry } from "./registry.js";
import { forwarded, needsTestbed } from "./testbed.js";

const answers = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [name = "", port = ""] = host.split(":");
    const socket = connect({ host: name, port: Number(port) });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/**
 * Returns the address of a registry that this process reaches, too: the test bed forwards its port. Skips the test without one,
 * with the reason in the report.
 */
export async function reachableRegistry(context: TestContext): Promise<string> {
  const host = needsRegistry(context);
  if (await answers(host)) return host;
  needsTestbed(context);
  await forwarded(host.slice(host.indexOf(":") + 1));
  return host;
}
