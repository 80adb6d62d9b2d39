import { describe, expect, it } from "vitest";
import { ForbiddenError } from "../../../../lib/errors/api-error.js";
import { NetworkInUseError } from "../../../../lib/errors/network-errors.js";
import { NetworkDriver, NetworkScope } from "../../../../lib/types/network.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";
import { network, networkRemovedAtEnd, range } from "../../../support/networks.js";
import { runningService } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

describe("swarm networks", () => {
  it("are created, listed, inspected and removed", async () => {
    const prefix = range();
    const { id, name } = await network({
      driver: NetworkDriver.Overlay,
      scope: NetworkScope.Swarm,
      attachable: true,
      ipam: { Config: [{ Subnet: `${prefix}.0/24` }] },
      labels: { app: "spec" },
    });
    const inspect = () => client.inspectNetwork({ id, verbose: true, scope: "swarm" });
    // the managers allocate the rest after creation
    await expect.poll(async () => (await inspect()).Driver).toBe("overlay");
    const found = await inspect();
    expect(found).toMatchObject({ Id: id, Name: name, Scope: "swarm", Attachable: true, Ingress: false });
    expect(found.IPAM.Config?.[0]?.Subnet).toBe(`${prefix}.0/24`);
    const listed = await client.listNetworks({ filters: { scope: "swarm", driver: "overlay", name } });
    expect(listed.map(({ Id }) => Id)).toEqual([id]);
    expect(await client.listNetworks({ filters: { scope: "local", name } })).toEqual([]);
    await client.removeNetwork({ id });
    await expect(client.inspectNetwork({ id })).rejects.toMatchObject({ name: "NoSuchNetworkError" });
  });

  it("are rejected when the name is in use", async () => {
    const { name } = await network({ driver: "overlay" });
    const error = await client.createNetwork({ name, driver: "overlay" }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "NetworkAlreadyExistsError", networkName: name });
  });

  it("report their services and cannot be removed while in use", async () => {
    const { id, name } = await network({ driver: "overlay" });
    const Name = uniqueName("service");
    await runningService({ Name, EndpointSpec: { Mode: "dnsrr" }, task: { Networks: [{ Target: id }] } });
    const error = await client.removeNetwork({ id: name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NetworkInUseError);
    expect(error).toMatchObject({ id: name });
    const { Services, Peers } = await client.inspectNetwork({ id, verbose: true });
    const tasks = Services?.[Name]?.Tasks ?? [];
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ Name: expect.stringContaining(`${Name}.1.`) as string });
    expect(tasks[0]?.EndpointIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(Peers).toHaveLength(1);
    expect((await client.inspectNetwork({ id })).Services).toBeUndefined();
  });

  it("include the ingress network", async () => {
    const [ingress] = await client.listNetworks({ filters: { scope: "swarm", name: "ingress" } });
    expect(ingress).toMatchObject({ Name: "ingress", Driver: "overlay", Ingress: true });
    // only one may exist
    const another = client.createNetwork({ name: uniqueName("ingress"), driver: "overlay", ingress: true });
    await expect(another.then(({ Id }) => networkRemovedAtEnd(Id))).rejects.toMatchObject({ operation: "createNetwork" });
  });

  it("accept standalone containers when they are attachable", async () => {
    const open = await network({ driver: "overlay", attachable: true });
    const closed = await network({ driver: "overlay" });
    const id = await container({ Cmd: ["sleep", "60"] });
    await client.startContainer({ id });
    await expect(client.connectNetwork({ id: closed.id, container: id })).rejects.toBeInstanceOf(ForbiddenError);
    await client.connectNetwork({ id: open.id, container: id });
    expect(Object.keys((await client.inspectNetwork({ id: open.id })).Containers ?? {})).toContain(id);
    await client.disconnectNetwork({ id: open.id, container: id });
  });
});
