import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test, type TestContext } from "vitest";
import { AgentClient } from "../../../lib/agent/client/agent-client.js";
import { held } from "../../support/held.js";
import { realEngine, startAgent } from "../support/agent-bed.js";

/** Starts a registry that never answers what is asked for an image. Its promises tell when it is asked, and when nobody waits. */
async function startSilentRegistry(context: TestContext) {
  context.skip(realEngine !== undefined, "a real engine may not reach a registry in this process");
  const asked = held<IncomingMessage>();
  const left = held();
  const server = createServer((request, response) => {
    if (request.url === "/v2/") {
      response.end("{}");
      return;
    }
    response.once("close", () => left.release());
    asked.release(request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { image: `127.0.0.1:${(server.address() as AddressInfo).port}/silent:1`, asked: asked.promise, left: left.promise };
}

describe("the engine stops a pull", () => {
  test.for(["an answer", "progress"])("when the caller who waits for %s leaves", async (wanted, context) => {
    const registry = await startSilentRegistry(context);
    const { agent } = await startAgent();
    await using client = new AgentClient({ endpoint: agent.endpoint });
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    const pull =
      wanted === "progress"
        ? client.stream("pullImage", { id: registry.image }, options).next()
        : client.pullImage({ id: registry.image }, options);
    const failed = expect(pull).rejects.toMatchObject({ code: "ABORT_ERR" });
    await registry.asked;
    leaving.abort();
    await failed;
    await registry.left;
  });

  test("when its job is canceled, and not when the caller leaves who began it", async (context) => {
    const registry = await startSilentRegistry(context);
    const { agent } = await startAgent();
    const first = new AgentClient({ endpoint: agent.endpoint });
    const { id } = await first.startJob("pullImage", { id: registry.image });
    await registry.asked;
    await first.close();
    await using second = new AgentClient({ endpoint: agent.endpoint });
    expect(await second.waitJob({ id, timeout: 0 })).toMatchObject({ job: { state: "running" } });
    expect(await second.cancelJob({ id })).toMatchObject({ job: { state: "canceled" } });
    await registry.left;
  });
});
