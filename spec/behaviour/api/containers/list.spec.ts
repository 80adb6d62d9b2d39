import { describe, expect, it } from "vitest";
import { BadRequestError } from "../../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { client, container, IMAGE, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

/** Four containers with a common label: created, running, exited with code 3, and running with a second label. */
async function family(): Promise<{ label: string; ids: Record<"created" | "running" | "exited" | "youngest", string> }> {
  const label = uniqueName("label");
  const labelled = { Labels: { [label]: "" } };
  const created = await container(labelled);
  const running = await runningContainer(["sleep", "600"], { config: labelled });
  const exited = await container({ ...labelled, Cmd: ["sh", "-c", "exit 3"] });
  await client.waitContainer({
    id: exited,
    condition: "next-exit",
    onRegistered: () => client.startContainer({ id: exited }),
  });
  const youngest = await runningContainer(["sleep", "600"], { config: { Labels: { [label]: "", more: label } } });
  return { label, ids: { created, running, exited, youngest } };
}

const idsOf = (list: { Id: string }[]) => list.map(({ Id }) => Id);

describe("listContainers", () => {
  it("finds containers by their properties and state", async () => {
    const { label, ids } = await family();
    const youngestFirst = [ids.youngest, ids.exited, ids.running, ids.created];
    const list = async (options: Parameters<typeof client.listContainers>[0] = {}) => {
      const found = idsOf(await client.listContainers({ ...options, filters: { label, ...options.filters } }));
      // the order depends on the engine
      return found.sort((a, b) => youngestFirst.indexOf(a) - youngestFirst.indexOf(b));
    };
    expect(await list()).toEqual([ids.youngest, ids.running]);
    expect(await list({ all: true })).toEqual(youngestFirst);
    expect(await list({ limit: 2 })).toHaveLength(2);
    expect(await list({ filters: { status: ["created", "exited"] } })).toEqual([ids.exited, ids.created]);
    expect(await list({ all: true, filters: { exited: 3 } })).toEqual([ids.exited]);
    expect(await list({ filters: { label: [label, `more=${label}`] } })).toEqual([ids.youngest]);
    expect(await list({ filters: { id: ids.running } })).toEqual([ids.running]);
    expect(await list({ since: ids.running })).toEqual([ids.youngest, ids.exited]);
    expect(await list({ before: ids.exited })).toEqual([ids.running, ids.created]);
    expect(await list({ since: ids.created, before: ids.exited })).toEqual([ids.running]);
  });

  it("accepts every filter", async (context) => {
    notOnPodman(
      context,
      "does not know the filters is-task, expose and publish of containers, and means others by health and volume",
    );
    const { label, ids } = await family();
    const filters = { label, ancestor: IMAGE, "is-task": false, health: "none", exited: 3, network: "bridge" } as const;
    expect(idsOf(await client.listContainers({ all: true, filters }))).toEqual([ids.exited]);
    const id = await container({ Labels: { [label]: "" }, Volumes: { "/data": {} } });
    expect(idsOf(await client.listContainers({ all: true, filters: { label, volume: "/data" } }))).toEqual([id]);
    expect(await client.listContainers({ filters: { label, expose: "80", publish: "80" } })).toEqual([]);
    await expect(client.listContainers({ filters: { status: "asleep" } })).rejects.toThrow(BadRequestError);
  });

  it("returns a summary of each container", async () => {
    const name = uniqueName();
    const config = { ExposedPorts: { "80/tcp": {} }, Volumes: { "/data": {} } };
    const id = await runningContainer(["sleep", "600"], { name, config });
    const filters = { name: `^/?${name}$` };
    const [summary, ...more] = await client.listContainers({ filters, size: true });
    expect(more).toEqual([]);
    expect(summary).toMatchObject({ Id: id, Names: [`/${name}`], State: "running" });
    expect(summary?.Status).toMatch(/^Up /);
    expect(summary?.Mounts).toHaveLength(1);
    expect(summary?.SizeRootFs).toBeGreaterThan(0);
    expect(Object.keys(summary?.NetworkSettings.Networks ?? {})).toHaveLength(1);
  });

  it("rejects a missing container in since and before", async () => {
    const id = uniqueName();
    await expect(client.listContainers({ since: id })).rejects.toThrow(NoSuchContainerError);
  });
});
