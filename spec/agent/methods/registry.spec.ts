import { randomBytes } from "node:crypto";
import { describe, expect, onTestFinished, test, type TestContext } from "vitest";
import type { AuthConfiguration } from "../../../lib/auth/auth-configuration.js";
import { EmbeddedRegistry } from "../../../lib/engine/registry/embedded-registry.js";
import * as testBed from "../../support/registry.js";
import { type AgentBed, call1, call2, guestId, IMAGE, post, realEngine, startAgent } from "../support/agent-bed.js";

/** An agent, and an image with a name in a registry that asks for a password. */
interface Scene {
  bed: AgentBed;
  id: string;
  /** Credentials that the registry accepts, and others. */
  right: AuthConfiguration;
  wrong: AuthConfiguration;
}

/** Starts a registry. A real engine may not reach this process: for one, it is that of the test bed. */
async function registryFor(
  context: TestContext,
  authentication: "basic" | "token",
): Promise<Pick<Scene, "right" | "wrong"> & { address: string }> {
  if (realEngine !== undefined) {
    context.skip(authentication === "token", "the registry of the test bed issues no tokens");
    return { address: testBed.needsRegistry(context), right: testBed.right, wrong: testBed.wrong };
  }
  const right = { username: "spec", password: "a-right-secret" };
  const registry = await EmbeddedRegistry.start({ users: { spec: right.password }, authentication });
  onTestFinished(() => registry.close());
  return { address: registry.address, right, wrong: { ...right, password: "a-wrong-secret" } };
}

async function scene(context: TestContext, authentication: "basic" | "token" = "basic"): Promise<Scene> {
  const { address, ...credentials } = await registryFor(context, authentication);
  const bed = await startAgent();
  const name = `aproto-${randomBytes(5).toString("hex")}`;
  const repository = `${address}/specs/${name}`;
  const guest = guestId(bed);
  await bed.client.createContainer({ name: guest, config: { Image: IMAGE, Labels: { spec: name } } });
  await bed.client.commitContainer({ container: guest, repository, tag: "1" });
  const id = `${repository}:1`;
  for (const each of [id, name]) removedAtEnd(bed, each);
  return { bed, id, ...credentials };
}

function removedAtEnd({ client }: AgentBed, name: string): void {
  onTestFinished(async () => {
    await client.removeImage({ name, force: true }).catch(() => undefined); // the test may have removed it
  });
}

/** Expects that a call is refused for its credentials, without a word of them. */
async function expectRefusal(bed: AgentBed, method: string, params: { id: string; auth?: object }): Promise<void> {
  const { text } = await post(bed.url, { jsonrpc: "2.0", id: 1, method, params });
  const { error } = JSON.parse(text) as { error: { code: number; message: string } };
  expect(error.message).toMatch(/denied|unauthorized|authentication|credentials/i);
  // without credentials, an engine does not know whether there is such an image
  if (method === "PullImage" && params.auth === undefined) expect([-32001, -32004]).toContain(error.code);
  else expect(error).toMatchObject({ code: -32001, data: { kind: "unauthorized" } });
  expect(text).not.toMatch(/a-wrong-secret|Basic /);
  await expect(call1(bed, method, params)).rejects.toThrow();
}

describe.each(["basic", "token"] as const)("a registry with %s authentication", (authentication) => {
  test("takes an image from who has its password, and gives it back", async (context) => {
    const { bed, id, right, wrong } = await scene(context, authentication);
    const image = { id, type: "container", size: expect.any(Number) as number };
    await expectRefusal(bed, "PushImage", { id });
    await expectRefusal(bed, "PushImage", { id, auth: wrong });
    const pushed = await call2(bed, "PushImage", { id, auth: right });
    expect(pushed).toEqual({ images: [image], digest: expect.stringMatching(/^sha256:[\da-f]{64}$/) as string });

    await call2(bed, "DeleteImage", { id });
    await expectRefusal(bed, "PullImage", { id });
    await expectRefusal(bed, "PullImage", { id, auth: wrong });
    await expect(call2(bed, "GetImage", { id })).rejects.toMatchObject({ code: -32004 });
    expect(await call2(bed, "PullImage", { id, auth: right })).toEqual({ images: [image] });
    expect(await call1(bed, "PullImage", { ID: id, Auth: { UserName: right.username, password: right.password } })).toEqual({
      images: [image],
    });
  });
});

test("a pull reports its progress, gives an image a second name, and says what the registry lacks", async (context) => {
  const { bed, id, right } = await scene(context);
  await call2(bed, "PushImage", { id, auth: right });
  await call2(bed, "DeleteImage", { id });
  const name = id.replace(/^.*\/(.*):1$/, "$1");
  const params = { id: name, source: id, auth: right };
  const { text } = await post(bed.url, { jsonrpc: "2.0", id: 1, method: "PullImage", params }, { accept: "text/event-stream" });
  expect(text).toMatch(/^event: progress\ndata: \{[^\n]*"status":"/);
  expect(text).toMatch(new RegExp(`\nevent: result\ndata: [^\n]*"images":\\[\\{"id":"${name}"[^\n]*\n\n$`));
  expect(text).not.toContain(`${right.password}`);
  expect((await call2(bed, "GetImage", { id: name })).images).toMatchObject([{ id: name }]);

  const { job } = await call2(bed, "PullImage", { ...params, async: true });
  const ended = await call2(bed, "Agent.WaitJob", { id: job.id, timeout: 30 });
  expect(ended.job).toMatchObject({ state: "done", result: { images: [{ id: name }] } });
  expect(JSON.stringify(ended)).not.toContain(`${right.password}`);

  await expect(call2(bed, "PullImage", { id: `${id}-none`, auth: right })).rejects.toMatchObject({ code: -32004 });
  await expect(call2(bed, "PushImage", { id: `${id}-none`, auth: right })).rejects.toMatchObject({ code: -32004 });
});

test("a policy of images holds for what is pulled and pushed, under either name", async (context) => {
  const { bed, id, right } = await scene(context);
  const { agent, url } = await startAgent({ client: bed.client, policy: { images: [id] } });
  const strict = { ...bed, agent, url };
  const refusal = { code: -32031, data: { rule: "images" } };
  for (const params of [{ id: "other" }, { id: "other", source: id }, { id, source: "other" }])
    await expect(call2(strict, "PullImage", { ...params, auth: right })).rejects.toMatchObject(refusal);
  await expect(call2(strict, "PushImage", { id: "other", auth: right })).rejects.toMatchObject(refusal);
  expect(await call2(strict, "PushImage", { id, auth: right })).toHaveProperty("digest");
});
