import { describe, expect, it } from "vitest";
import type { ListTasksFilters } from "../../../../lib/api/tasks/list.js";
import { NoSuchNodeError, NoSuchServiceError, NoSuchTaskError } from "../../../../lib/errors/swarm-errors.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { removed, runningService, staying } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

describe("tasks of a service", () => {
  it("are found by filters", async () => {
    const Name = uniqueName("listed");
    const id = await runningService({ Name, Mode: { Replicated: { Replicas: 2 } } });
    const slots = async (filters: ListTasksFilters) => (await client.listTasks({ filters })).map(({ Slot }) => Slot).sort();
    for (const filters of [{ service: id }, { service: Name, "desired-state": "running" }, { name: Name }]) {
      expect(await slots(filters)).toEqual([1, 2]);
    }
    const { Swarm } = await client.info();
    expect(await slots({ service: id, node: Swarm.NodeID })).toEqual([1, 2]);
    expect(await slots({ service: id, "desired-state": "shutdown" })).toEqual([]);
    expect(await slots({ service: id, label: "no-such-label" })).toEqual([]);
    expect(await slots({ service: id, runtime: "plugin" })).toEqual([]);
    const [first] = await client.listTasks({ filters: { service: id } });
    expect(await slots({ id: first?.ID })).toEqual([first?.Slot]);
    expect((await client.listTasks()).map(({ ServiceID }) => ServiceID)).toContain(id);
    await expect(client.listTasks({ filters: { service: uniqueName("none") } })).rejects.toThrow(NoSuchServiceError);
    await expect(client.listTasks({ filters: { node: uniqueName("none") } })).rejects.toThrow(NoSuchNodeError);
  });

  it("can be filtered by whether they match the current spec", async (context) => {
    needsApi(context, "1.29");
    const id = await runningService();
    const upToDate = async () => (await client.listTasks({ filters: { service: id, "_up-to-date": true } })).map(({ ID }) => ID);
    const before = await upToDate();
    expect(before).toHaveLength(1);
    await client.updateService({
      id,
      spec: (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }),
    });
    await client.waitForService({ id, stableFor: 0, interval: 100, timeout: 30_000 });
    const after = await upToDate();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await client.listTasks({ filters: { service: id } })).toHaveLength(2);
  });

  it("have a container", async () => {
    const id = await runningService({ container: { Command: staying(), Labels: { tier: "front" } } });
    const [listed] = await client.listTasks({ filters: { service: id } });
    const task = await client.inspectTask({ id: listed?.ID ?? "" });
    expect(task).toMatchObject({ ID: listed?.ID, ServiceID: id, Slot: 1, DesiredState: "running", Status: { State: "running" } });
    const { Config, State } = await client.inspectContainer({ id: task.Status.ContainerStatus?.ContainerID ?? "" });
    expect(Config.Labels).toMatchObject({ tier: "front", "com.docker.swarm.task.id": task.ID });
    expect(State.Pid).toBe(task.Status.ContainerStatus?.PID);
    await expect(client.inspectTask({ id: uniqueName("none") })).rejects.toThrow(NoSuchTaskError);
  });

  it("have networks and published host ports", async () => {
    const name = uniqueName("overlay");
    const { Id } = await client.createNetwork({ name, driver: "overlay" });
    try {
      const port = { Protocol: "tcp", TargetPort: 80, PublishMode: "host" } as const;
      const id = await runningService({
        task: { Networks: [{ Target: name, Aliases: ["web"] }] },
        EndpointSpec: { Mode: "dnsrr", Ports: [port] },
      });
      const [task] = await client.listTasks({ filters: { service: id } });
      const [attachment] = task?.NetworksAttachments ?? [];
      expect(attachment?.Network).toMatchObject({
        ID: Id,
        Spec: { Name: name, Scope: "swarm" },
        DriverState: { Name: "overlay" },
      });
      expect(attachment?.Addresses).toEqual([expect.stringMatching(/^[\d.]+\/\d+$/)]);
      const published = async () => (await client.inspectTask({ id: task?.ID ?? "" })).Status.PortStatus?.Ports?.[0];
      await expect.poll(published, { timeout: 10_000 }).toMatchObject(port);
      const { Spec, Endpoint } = await client.inspectService({ id });
      expect(Spec.TaskTemplate?.Networks).toEqual([{ Target: Id, Aliases: ["web"] }]);
      expect(Endpoint).toMatchObject({ Spec: { Mode: "dnsrr" }, Ports: [port] });
      await removed(id);
    } finally {
      await client.removeNetwork({ id: Id });
    }
  });
});
