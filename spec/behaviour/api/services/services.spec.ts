import { describe, expect, it } from "vitest";
import { Client } from "../../../../lib/client.js";
import { BadRequestError, ForbiddenError, NotImplementedError } from "../../../../lib/errors/api-error.js";
import { NoSuchNetworkError } from "../../../../lib/errors/network-errors.js";
import { NoSuchServiceError, SwarmObjectAlreadyExistsError, VersionConflictError } from "../../../../lib/errors/swarm-errors.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import type { ServiceSpec } from "../../../../lib/types/service.js";
import { atLeast } from "../../../../lib/wire/api-version.js";
import { client, IMAGE, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { removed, runningService, service, specOf } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

describe("a service", () => {
  it("is created and inspected", async () => {
    const spec: ServiceSpec = {
      ...specOf({
        container: { Env: ["A=1"], Hostname: "web-{{.Task.Slot}}", Labels: { tier: "front" }, Healthcheck: { Test: ["NONE"] } },
        task: {
          Resources: { Limits: { MemoryBytes: 32 * 1024 * 1024 }, Reservations: { NanoCPUs: 1e6 } },
          Placement: { Constraints: ["node.role==manager"] },
        },
      }),
      Labels: { app: "shop" },
      Mode: { Replicated: { Replicas: 0 } },
    };
    const { ID, Warnings } = await client.createService({ spec });
    try {
      expect(Warnings ?? []).toEqual([]);
      const { Spec, Version, CreatedAt, PreviousSpec, UpdateStatus } = await client.inspectService({ id: ID });
      expect(Spec).toMatchObject(spec);
      expect(Version.Index).toBeGreaterThan(0);
      expect(Date.parse(CreatedAt)).not.toBeNaN();
      expect([PreviousSpec, UpdateStatus]).toEqual([undefined, undefined]);
      expect((await client.inspectService({ id: spec.Name ?? "" })).ID).toBe(ID);
    } finally {
      await removed(ID);
    }
    await expect(client.inspectService({ id: ID })).rejects.toThrow(NoSuchServiceError);
  });

  it("is returned with defaults on request", async () => {
    const id = await service({ Mode: { Replicated: { Replicas: 0 } } });
    expect((await client.inspectService({ id })).Spec.TaskTemplate?.RestartPolicy).toBeUndefined();
    const { Spec } = await client.inspectService({ id, insertDefaults: true });
    expect(Spec.TaskTemplate?.RestartPolicy?.Condition).toBe("any");
  });

  it("is found by filters", async () => {
    const label = uniqueName("label");
    const Name = uniqueName("listed");
    const id = await service({ Name, Labels: { [label]: "1" }, Mode: { Replicated: { Replicas: 0 } } });
    const ids = async (filters: Parameters<typeof client.listServices>[0]) =>
      (await client.listServices(filters)).map(({ ID }) => ID);
    for (const filters of [{ name: Name }, { id }, { label: `${label}=1` }, { label, mode: "replicated" }]) {
      expect(await ids({ filters })).toEqual([id]);
    }
    expect(await ids({ filters: { label, mode: "global" } })).toEqual([]);
    expect(await ids({ filters: { label, runtime: "plugin" } })).toEqual([]);
    expect(await ids({})).toContain(id);
    await expect(client.listServices({ filters: { no: "such" } as object }, { unknownMembers: "send" })).rejects.toThrow(
      BadRequestError,
    );
  });

  it("counts its tasks on request", async (context) => {
    needsApi(context, "1.41");
    const id = await runningService({ Mode: { Replicated: { Replicas: 2 } } });
    const [counted] = await client.listServices({ filters: { id }, status: true });
    expect(counted?.ServiceStatus).toMatchObject({ RunningTasks: 2, DesiredTasks: 2 });
    const [uncounted] = await client.listServices({ filters: { id } });
    expect(uncounted?.ServiceStatus).toBeUndefined();
  });

  it("is removed once, with its containers", async () => {
    const id = await runningService();
    await removed(id);
    await expect(client.removeService({ id })).rejects.toThrow(NoSuchServiceError);
    expect(await client.listServices({ filters: { id } })).toEqual([]);
  });
});

describe("an invalid service", () => {
  it.for<[string, ServiceSpec, new (...args: never[]) => Error]>([
    ["has an empty spec", {}, BadRequestError],
    ["has an invalid name", specOf({ Name: "a/b" }), BadRequestError],
    ["names a missing network", specOf({ task: { Networks: [{ Target: "no-such-network" }] } }), NoSuchNetworkError],
    [
      "names a missing secret",
      specOf({
        container: { Secrets: [{ SecretID: "none", SecretName: "none", File: { Name: "x", UID: "0", GID: "0", Mode: 292 } }] },
      }),
      BadRequestError,
    ],
  ])("is rejected if it %s", async ([, spec, expected]) => {
    await expect(client.createService({ spec })).rejects.toThrow(expected);
  });

  it("is rejected for a local network", async () => {
    const name = uniqueName("local");
    const { Id } = await client.createNetwork({ name });
    try {
      const refused = client.createService({ spec: specOf({ task: { Networks: [{ Target: name }] } }) });
      await expect(refused).rejects.toThrow(ForbiddenError);
    } finally {
      await client.removeNetwork({ id: Id });
    }
  });

  it("is rejected if the name is in use", async () => {
    const Name = uniqueName("taken");
    await service({ Name, Mode: { Replicated: { Replicas: 0 } } });
    const again = client.createService({ spec: specOf({ Name }) });
    await expect(again).rejects.toThrow(SwarmObjectAlreadyExistsError);
    await expect(again).rejects.toMatchObject({ kind: "service", objectName: Name });
  });
});

describe("an update of a service", () => {
  const idle = { Mode: { Replicated: { Replicas: 0 } } };

  it("applies to its version only once", async () => {
    const id = await service(idle);
    const { Version, Spec } = await client.inspectService({ id });
    const spec = { ...Spec, Labels: { changed: "yes" } };
    expect((await client.updateService({ id, spec, version: Version.Index })).Warnings ?? []).toEqual([]);
    const changed = await client.inspectService({ id });
    expect(changed.Spec.Labels).toEqual({ changed: "yes" });
    expect(changed.PreviousSpec?.Labels ?? {}).toEqual({});
    await expect(client.updateService({ id, spec, version: Version.Index })).rejects.toThrow(VersionConflictError);
  });

  it("keeps the changes of concurrent updates with functions", async () => {
    const id = await service(idle);
    const names = Array.from({ length: 6 }, (_, index) => `n${index}`);
    await Promise.all(
      names.map((name) => client.updateService({ id, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, [name]: "1" } }) })),
    );
    const { Spec } = await client.inspectService({ id });
    expect(Object.keys(Spec.Labels ?? {}).sort()).toEqual(names);
  });

  it("can be rolled back", async () => {
    const id = await service(idle);
    await expect(client.updateService({ id, rollback: "previous" })).rejects.toThrow(BadRequestError);
    await client.updateService({ id, spec: (spec) => ({ ...spec, Labels: { changed: "yes" } }) });
    await client.updateService({ id, rollback: "previous", registryAuthFrom: "previous-spec" });
    const { Spec, PreviousSpec } = await client.inspectService({ id });
    expect([Spec.Labels, PreviousSpec?.Labels]).toEqual([{}, { changed: "yes" }]);
  });

  it("keeps settings newer than the API version", async (context) => {
    const { MinAPIVersion = "1.24" } = await client.version();
    context.skip(!atLeast("1.30", MinAPIVersion), `needs an engine that speaks API 1.30, not ${MinAPIVersion} and newer`);
    const id = await service(idle);
    await using old = new Client({ endpoint: client.endpoint, apiVersion: "1.30" });
    await old.updateService({ id, spec: (spec) => ({ ...spec, Labels: { changed: "yes" } }) });
    await old.updateService({ id, rollback: "previous" });
    const { Spec } = await client.inspectService({ id });
    expect([Spec.Labels, Spec.TaskTemplate?.ContainerSpec?.Isolation]).toEqual([{}, "default"]);
  });

  it("cannot change the name or the kind of mode or use a missing network", async () => {
    const id = await service(idle);
    const to = (more: ServiceSpec) => client.updateService({ id, spec: (spec) => ({ ...spec, ...more }) });
    await expect(to({ Name: uniqueName("other") })).rejects.toThrow(NotImplementedError);
    await expect(to({ Mode: { Global: {} } })).rejects.toThrow(NotImplementedError);
    const TaskTemplate = { ContainerSpec: { Image: IMAGE }, Networks: [{ Target: "no-such-network" }] };
    await expect(to({ TaskTemplate })).rejects.toThrow(NoSuchNetworkError);
    await expect(to({ TaskTemplate: {} })).rejects.toThrow(BadRequestError);
  });

  it("requires an existing service, and a version with a spec object", async () => {
    const id = uniqueName("none");
    await expect(client.updateService({ id, rollback: "previous" })).rejects.toThrow(NoSuchServiceError);
    await expect(client.updateService({ id, spec: specOf(), version: 1 })).rejects.toThrow(NoSuchServiceError);
    await expect(client.updateService({ id, spec: specOf() } as never)).rejects.toThrow(InvalidOptionError);
  });
});
