import { describe, expect, it } from "vitest";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";

useEngine();

const life = ["create", "start", "die"];

async function runOnce(name: string): Promise<void> {
  const id = await container({ Cmd: ["true"] }, { name });
  await client.startContainer({ id });
  await client.waitContainer({ id });
}

describe("streamEvents", () => {
  it("yields events filtered by the engine", async () => {
    const name = uniqueName("stream");
    const since = Date.now() / 1000;
    const actions: string[] = [];
    const reading = (async () => {
      for await (const { Action } of client.streamEvents({ filters: { container: name, event: ["create", "start"] }, since })) {
        actions.push(Action);
        if (Action === "start") break;
      }
    })();
    await runOnce(name);
    await reading;
    expect(actions).toEqual(["create", "start"]);
  });

  it("yields the events between two times, then ends", async () => {
    const [first, second] = [uniqueName("first"), uniqueName("second")];
    await runOnce(first);
    const since = Date.now() / 1000;
    await runOnce(second);
    const until = Date.now() / 1000 + 1;
    const found: string[] = [];
    for await (const { Action, Actor } of client.streamEvents({
      filters: { container: [first, second], event: life },
      since,
      until,
    })) {
      found.push(`${Action} ${String(Actor.Attributes.name)}`);
    }
    expect(found.filter((line) => !line.startsWith("die"))).toEqual([`create ${second}`, `start ${second}`]);
  });

  it("misses no events after it opens and ends when it is closed", async () => {
    const name = uniqueName("channel");
    const channel = await client.eventChannel({ filters: { container: name, event: ["create", "start"] } });
    await runOnce(name);
    const actions: string[] = [];
    for await (const { Action } of channel) {
      actions.push(Action);
      if (Action === "start") await channel.close();
    }
    expect(actions).toEqual(["create", "start"]);
  });

  it("can be aborted while it waits", async () => {
    const controller = new AbortController();
    const events = client.streamEvents({ filters: { container: uniqueName("nothing") } }, { signal: controller.signal });
    const next = events.next();
    const connections = await client.connections();
    await expect.poll(() => client.connections()).toBeGreaterThanOrEqual(connections);
    controller.abort();
    await expect(next).rejects.toBeInstanceOf(AbortError);
  });
});
