import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { NotImplementedError } from "../../../../lib/errors/api-error.js";
import { NoSuchSecretError, SwarmObjectAlreadyExistsError } from "../../../../lib/errors/swarm-errors.js";
import { client, podmanVersion, uniqueName, useEngine } from "../../../support/engine.js";

useEngine();

beforeEach((context) => {
  context.skip(podmanVersion === undefined, "Docker has secrets only in a swarm");
});

describe("secrets of an engine without a swarm", () => {
  it("are created, listed and inspected without data, and removed, but not updated", async () => {
    const name = uniqueName("secret");
    const { ID: id } = await client.createSecret({ name, data: "sesame-open", labels: { "tsdc.a": "b" } });
    onTestFinished(async () => {
      await expect(client.inspectSecret({ id })).rejects.toThrow(NoSuchSecretError);
    });
    try {
      const found = await client.inspectSecret({ id: name });
      expect(found).toMatchObject({ ID: id, Spec: { Name: name, Labels: { "tsdc.a": "b" } } });
      expect(found.Spec.Data).toBeUndefined();
      expect((await client.listSecrets()).map(({ ID }) => ID)).toContain(id);
      expect((await client.listSecrets({ filters: { name } })).map(({ ID }) => ID)).toEqual([id]);
      const taken = client.createSecret({ name, data: "another" });
      await expect(taken).rejects.toThrow(SwarmObjectAlreadyExistsError);
      await expect(taken).rejects.toMatchObject({ kind: "secret", objectName: name, status: 409 });
      const change = client.updateSecret({ id, spec: (spec) => ({ ...spec, Labels: {} }) });
      await expect(change).rejects.toThrow(NotImplementedError);
    } finally {
      await client.removeSecret({ id });
    }
  });

  it("reject an unknown name", async () => {
    const id = uniqueName("secret");
    await expect(client.inspectSecret({ id })).rejects.toThrow(NoSuchSecretError);
    await expect(client.removeSecret({ id })).rejects.toThrow(NoSuchSecretError);
  });
});
