import { describe, expect, it } from "vitest";
import { client, IMAGE, uniqueName, useEngine } from "../../../support/engine.js";
import { runningService, second, service, staying } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

const wait = (id: string, stableFor = 0) => client.waitForService({ id, stableFor, interval: 100, timeout: 40_000 });
const commandsOf = (tasks: Awaited<ReturnType<typeof wait>>["tasks"]) => tasks.map(({ Spec }) => Spec.ContainerSpec?.Env);

describe("a service of several tasks", () => {
  it("is deployed, scaled, updated and rolled back", async () => {
    const id = await service({ Mode: { Replicated: { Replicas: 3 } }, container: { Env: ["V=1"] } });
    const deployed = await wait(id, 300);
    expect(deployed.service.ID).toBe(id);
    expect(deployed.tasks.map(({ Slot }) => Slot).sort()).toEqual([1, 2, 3]);
    const containers = await client.listContainers({ filters: { label: `com.docker.swarm.service.id=${id}` } });
    expect(containers).toHaveLength(3);

    await client.updateService({ id, spec: (spec) => ({ ...spec, Mode: { Replicated: { Replicas: 4 } } }) });
    expect((await wait(id)).tasks).toHaveLength(4);
    await client.updateService({ id, spec: (spec) => ({ ...spec, Mode: { Replicated: { Replicas: 2 } } }) });
    expect((await wait(id)).tasks).toHaveLength(2);

    const ContainerSpec = { Image: IMAGE, Command: staying(), Env: ["V=2"], StopGracePeriod: second };
    await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } }) });
    const updated = await wait(id);
    expect(updated.service.UpdateStatus?.State).toBe("completed");
    expect(commandsOf(updated.tasks)).toEqual([["V=2"], ["V=2"]]);

    await client.updateService({ id, rollback: "previous" });
    const back = await wait(id);
    expect(back.service.UpdateStatus?.State).toBe("rollback_completed");
    expect(commandsOf(back.tasks)).toEqual([["V=1"], ["V=1"]]);
    expect(back.service.PreviousSpec?.TaskTemplate?.ContainerSpec?.Env).toEqual(["V=2"]);
  });

  it("moves its tasks off a drained node and back", async () => {
    const id = await runningService({ Mode: { Replicated: { Replicas: 2 } } });
    const { Swarm } = await client.info();
    const node = Swarm.NodeID;
    const turn = (Availability: "active" | "drain") =>
      client.updateNode({ id: node, spec: (spec) => ({ ...spec, Availability }) });
    const states = async () => {
      const tasks = await client.listTasks({ filters: { service: id, "desired-state": "running" } });
      return tasks.map(({ Status }) => Status.State);
    };
    await turn("drain");
    try {
      await expect.poll(states, { timeout: 20_000 }).toEqual(["pending", "pending"]);
      const stuck = client.waitForService({ id, timeout: 300, interval: 100 });
      await expect(stuck).rejects.toMatchObject({ reason: "timeout", task: { state: "pending" } });
      await expect(stuck).rejects.toThrow(/no suitable node/);
    } finally {
      await turn("active");
    }
    expect((await wait(id)).tasks.map(({ NodeID }) => NodeID)).toEqual([node, node]);
  });
});

describe("a task of a service", () => {
  it("reads its secrets and configs", async () => {
    const SecretName = uniqueName("secret");
    const ConfigName = uniqueName("config");
    const { ID: SecretID } = await client.createSecret({ name: SecretName, data: "correct horse" });
    try {
      const { ID: ConfigID } = await client.createConfig({ name: ConfigName, data: "colour=red" });
      try {
        const owner = { UID: "0", GID: "0" };
        const id = await runningService({
          container: {
            Command: staying("cat /run/secrets/key /etc/app.conf", "ls -l /run/secrets/key /etc/app.conf"),
            Secrets: [{ SecretID, SecretName, File: { Name: "key", ...owner, Mode: 0o400 } }],
            Configs: [{ ConfigID, ConfigName, File: { Name: "/etc/app.conf", ...owner, Mode: 0o444 } }],
          },
        });
        const logged = async () => String((await (await client.serviceLogs({ id })).collect()).stdout);
        await expect.poll(logged, { timeout: 10_000 }).toMatch(/-r--r--r-- .*app\.conf/);
        expect(await logged()).toMatch(/^correct horsecolour=red.*-r-------- .*key/s);
        await client.removeService({ id });
      } finally {
        await client.removeConfig({ id: ConfigID });
      }
    } finally {
      await client.removeSecret({ id: SecretID });
    }
  });
});
