import { describe, expect, it, onTestFinished } from "vitest";
import { BadRequestError, ConflictError } from "../../../../lib/errors/api-error.js";
import { NodeIsManagerError, NoSuchNodeError, VersionConflictError } from "../../../../lib/errors/swarm-errors.js";
import type { Node, NodeSpec } from "../../../../lib/types/node.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

/** Returns the engine's own node, and restores its settings after the test. */
async function ownNode(): Promise<Node> {
  const { Swarm } = await client.info();
  const node = await client.inspectNode({ id: Swarm.NodeID });
  onTestFinished(() => client.updateNode({ id: node.ID, spec: () => node.Spec }));
  return node;
}

describe("nodes of a swarm", () => {
  it("are listed and inspected", async () => {
    const node = await ownNode();
    expect(node).toMatchObject({
      Spec: { Role: "manager", Availability: "active" },
      Description: { Platform: { OS: "linux" }, Engine: { EngineVersion: (await client.version()).Version } },
      Status: { State: "ready" },
      ManagerStatus: { Reachability: "reachable" },
    });
    expect(node.Description.Resources?.NanoCPUs).toBeGreaterThan(0);
    expect(node.Description.Resources?.MemoryBytes).toBeGreaterThan(0);
    expect(node.Description.TLSInfo?.TrustRoot).toContain("BEGIN CERTIFICATE");
    const ids = async (filters: Parameters<typeof client.listNodes>[0]) => (await client.listNodes(filters)).map(({ ID }) => ID);
    expect(await ids({})).toContain(node.ID);
    expect(await ids({ filters: { role: "manager", membership: "accepted", id: node.ID } })).toEqual([node.ID]);
    expect(await ids({ filters: { name: node.Description.Hostname, label: "no.such.label" } })).toEqual([]);
    expect(await ids({ filters: { id: "no-such-id" } })).toEqual([]);
  });

  it("are found by a prefix of their ID", async () => {
    const { ID } = await ownNode();
    expect((await client.inspectNode({ id: ID.slice(0, 12) })).ID).toBe(ID);
  });

  it("reject invalid filters", async () => {
    await expect(client.listNodes({ filters: { role: "captain" } })).rejects.toThrow(BadRequestError);
    await expect(client.listNodes({ filters: { membership: "maybe" } })).rejects.toThrow(BadRequestError);
  });

  it("change their labels and availability", async (context) => {
    const { ID: id } = await ownNode();
    const label = uniqueName("label");
    await client.updateNode({ id, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, [label]: "ssd" } }) });
    await client.updateNode({ id, spec: (spec) => ({ ...spec, Availability: "drain" }) });
    expect((await client.inspectNode({ id })).Spec).toMatchObject({ Labels: { [label]: "ssd" }, Availability: "drain" });
    await client.updateNode({ id, spec: (spec) => ({ ...spec, Availability: "active" }) });
    expect((await client.inspectNode({ id })).Spec.Availability).toBe("active");
    needsApi(context, "1.40");
    expect((await client.listNodes({ filters: { "node.label": `${label}=ssd` } })).map(({ ID }) => ID)).toEqual([id]);
    expect(await client.listNodes({ filters: { "node.label": `${label}=tape` } })).toEqual([]);
  });

  it("reject an update with an outdated version", async () => {
    const { ID: id, Spec, Version } = await ownNode();
    const spec: NodeSpec = { ...Spec, Labels: { [uniqueName("label")]: "" } };
    await client.updateNode({ id, version: Version.Index, spec });
    expect((await client.inspectNode({ id })).Spec.Labels).toEqual(spec.Labels);
    const late = client.updateNode({ id, version: Version.Index, spec: Spec });
    await expect(late).rejects.toThrow(VersionConflictError);
    await expect(late).rejects.toMatchObject({ kind: "node", id });
  });

  it("keep the labels of concurrent updates", async () => {
    const { ID: id } = await ownNode();
    const labels = Array.from({ length: 6 }, () => uniqueName("label"));
    const add = (label: string) =>
      client.updateNode({ id, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, [label]: "yes" } }) });
    await Promise.all(labels.map(add));
    expect(Object.keys((await client.inspectNode({ id })).Spec.Labels ?? {})).toEqual(expect.arrayContaining(labels));
  });

  it("cannot be demoted or removed as the last manager", async () => {
    const { ID: id } = await ownNode();
    const demotion = client.updateNode({ id, spec: (spec) => ({ ...spec, Role: "worker" }) });
    await expect(demotion).rejects.toThrow(ConflictError);
    for (const force of [false, true]) {
      const removal = client.removeNode({ id, force });
      await expect(removal).rejects.toThrow(NodeIsManagerError);
      await expect(removal).rejects.toMatchObject({ id, status: 400 });
    }
    const nonsense = client.updateNode({ id, spec: (spec) => ({ ...spec, Role: "captain" as never }) });
    await expect(nonsense).rejects.toThrow(BadRequestError);
  });

  it("reject an unknown name", async () => {
    const id = uniqueName("node");
    await expect(client.inspectNode({ id })).rejects.toThrow(NoSuchNodeError);
    await expect(client.removeNode({ id })).rejects.toThrow(NoSuchNodeError);
    await expect(client.updateNode({ id, spec: (spec) => spec })).rejects.toThrow(NoSuchNodeError);
    const update = client.updateNode({ id, version: 1, spec: { Role: "worker", Availability: "active" } });
    await expect(update).rejects.toMatchObject({ name: "NoSuchNodeError", id, status: 404 });
  });
});
