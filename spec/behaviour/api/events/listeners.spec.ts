import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, type TestContext } from "vitest";
import type { EventFilters } from "../../../../lib/api/events/event-filters.js";
import { isGap } from "../../../../lib/api/events/gap.js";
import { Client } from "../../../../lib/client.js";
import type { EventMessage } from "../../../../lib/types/event.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";

useEngine();

/** Adds a listener that is removed when the test finishes. Returns the actions that it receives. */
async function listen(filters: EventFilters, since?: number, of: Client = client): Promise<string[]> {
  const actions: string[] = [];
  const listener = (event: EventMessage) => actions.push(event.Action);
  await of.addEventListener(listener, { filters, since });
  onTestFinished(() => of.removeEventListener(listener));
  return actions;
}

async function runOnce(name: string): Promise<string> {
  const id = await container({ Cmd: ["true"], Labels: { "tsdc.spec": name } }, { name });
  await client.startContainer({ id });
  await client.waitContainer({ id });
  return id;
}

const life = ["create", "start", "die"];

describe("addEventListener", () => {
  it("delivers filtered events to each listener over one connection", async () => {
    const [one, other] = [uniqueName("one"), uniqueName("other")];
    const before = await client.connections();
    const [all, byName, byLabel] = [
      await listen({ container: [one, other], event: life }),
      await listen({ container: one, event: ["start", "die"] }),
      await listen({ type: "container", label: `tsdc.spec=${other}`, event: "create" }),
    ];
    expect(await client.connections()).toBeLessThanOrEqual(before + 1);
    await runOnce(one);
    await runOnce(other);
    await expect.poll(() => all).toEqual([...life, ...life]);
    expect([byName, byLabel]).toEqual([["start", "die"], ["create"]]);
  });

  it("replays events for one listener without repeating them for the others", async () => {
    const name = uniqueName("past");
    const since = Date.now() / 1000;
    const first = await listen({ container: name, event: life });
    const id = await runOnce(name);
    await expect.poll(() => first).toEqual(life);
    const second = await listen({ container: name, event: life }, since);
    await expect.poll(() => second).toEqual(life);
    await client.startContainer({ id });
    const again = [...life, "start", "die"];
    await expect.poll(() => [first, second]).toEqual([again, again]);
  });

  it("adds current and legacy members to events", async () => {
    const name = uniqueName("shape");
    const events: EventMessage[] = [];
    const listener = (event: EventMessage) => events.push(event);
    await client.addEventListener(listener, { filters: { container: name, event: "create" } });
    onTestFinished(() => client.removeEventListener(listener));
    const id = await runOnce(name);
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]).toMatchObject({ Type: "container", Action: "create", Actor: { ID: id }, status: "create", id });
    expect(events[0]?.timeNano).toBeGreaterThan((events[0]?.time ?? 0) * 1e9 - 1e6);
    expect(events[0]?.from).toMatch(/busybox/);
  });

  it("delivers no event from before the listener was added", async () => {
    const name = uniqueName("before");
    const earlier = await listen({ container: name, event: life });
    await runOnce(name);
    // engines notify waiting calls before listeners
    await expect.poll(() => earlier).toEqual(life);
    const actions = await listen({ container: name, event: life });
    const marker = uniqueName("marker");
    const marked = await listen({ container: marker, event: "create" });
    await container({}, { name: marker });
    await expect.poll(() => marked).toEqual(["create"]);
    expect(actions).toEqual([]);
  });

  it("closes the connection after the last listener is removed", async () => {
    await using own = Client.fromEnv();
    const listener = () => undefined;
    await own.addEventListener(listener);
    const idle = (await own.connections()) - 1;
    own.removeEventListener(listener);
    await expect.poll(() => own.connections()).toBe(idle);
  });
});

/** A proxy between a client and the engine that can cut its connections. */
async function proxy(context: TestContext): Promise<{ endpoint: string; cut: () => void }> {
  context.skip(!client.endpoint.startsWith("unix://"), `needs an engine on a unix socket, not ${client.endpoint}`);
  const target = client.endpoint.slice("unix://".length);
  const folder = await mkdtemp(join(tmpdir(), "tsdc-proxy-"));
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: target, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
  });
  const path = join(folder, "docker.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return { endpoint: `unix://${path}`, cut };
}

describe("addEventListener after its connection breaks", () => {
  it("loses no event while the engine runs", async (context) => {
    const { endpoint, cut } = await proxy(context);
    const own = new Client({ endpoint });
    onTestFinished(() => own.close());
    const name = uniqueName("cut");
    const events: EventMessage[] = [];
    await own.addEventListener((event) => events.push(event), { filters: { type: "container", event: life } });
    const mine = () => events.filter((event) => isGap(event) || event.Actor.Attributes.name?.startsWith(name));
    const expected: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const id = await container({ Cmd: ["true"] }, { name: `${name}-${round}` });
      if (round % 2 === 1) cut();
      await client.startContainer({ id });
      if (round > 2) cut();
      await client.waitContainer({ id });
      expected.push(...life);
      await expect.poll(() => mine().map(({ Action }) => Action), { timeout: 20_000 }).toEqual(expected);
    }
  });
});
