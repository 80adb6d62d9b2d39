import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CreateSecretOptions } from "../../../../lib/api/secrets/create.js";
import { BadRequestError } from "../../../../lib/errors/api-error.js";
import {
  NoSuchSecretError,
  SwarmObjectAlreadyExistsError,
  SwarmObjectInUseError,
  VersionConflictError,
} from "../../../../lib/errors/swarm-errors.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { removed, runningService } from "../../../support/services.js";
import { bytesInTask, useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

const DATA = "sesame-open-☃";

/** Creates a secret, and removes it after the test. */
async function secret(options: Partial<CreateSecretOptions> = {}): Promise<{ id: string; name: string }> {
  const name = uniqueName("secret");
  const { ID: id } = await client.createSecret({ name, data: DATA, ...options });
  onTestFinished(async () => {
    try {
      await client.removeSecret({ id });
    } catch (error) {
      // the test may have removed it
      if (!(error instanceof NoSuchSecretError)) throw error;
    }
  });
  return { id, name };
}

describe("secrets of a swarm", () => {
  it("are created, listed and inspected without data, and removed", async (context) => {
    const { id, name } = await secret({ labels: { "tsdc.a": "b" } });
    const found = await client.inspectSecret({ id });
    expect(found).toMatchObject({ ID: id, Spec: { Name: name, Labels: { "tsdc.a": "b" } } });
    expect(found.Spec.Data).toBeUndefined();
    expect((await client.inspectSecret({ id: name })).ID).toBe(id);
    expect((await client.listSecrets()).map(({ ID }) => ID)).toContain(id);
    expect((await client.listSecrets({ filters: { names: name } })).map(({ ID }) => ID)).toEqual([id]);
    await client.removeSecret({ id: name });
    await expect(client.inspectSecret({ id })).rejects.toThrow(NoSuchSecretError);
    needsApi(context, "1.29");
    expect(await client.listSecrets({ filters: { id, name, label: "tsdc.a=b" } })).toEqual([]);
  });

  it("reach tasks unchanged", { timeout: 120_000 }, async () => {
    const bytes = Uint8Array.of(0, 255, 10, 254, 13, 0xc3);
    const { id, name } = await secret({ data: bytes });
    const file = { Name: "s", UID: "0", GID: "0", Mode: 0o400 };
    const service = await runningService({ container: { Secrets: [{ SecretID: id, SecretName: name, File: file }] } });
    const removal = client.removeSecret({ id });
    await expect(removal).rejects.toThrow(SwarmObjectInUseError);
    await expect(removal).rejects.toMatchObject({ kind: "secret", id, status: 400 });
    expect(await bytesInTask(service, "/run/secrets/s")).toBe("00 ff 0a fe 0d c3");
    await removed(service);
    await client.removeSecret({ id });
  });

  it("allow changes only to their labels", async (context) => {
    needsApi(context, "1.26");
    const { id, name } = await secret({ labels: { a: "1" } });
    await client.updateSecret({ id, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, b: "2" } }) });
    const { Spec, Version } = await client.inspectSecret({ id });
    expect(Spec.Labels).toEqual({ a: "1", b: "2" });
    await client.updateSecret({ id, version: Version.Index, spec: { Name: name, Labels: {} } });
    const late = client.updateSecret({ id, version: Version.Index, spec: { Name: name, Labels: {} } });
    await expect(late).rejects.toThrow(VersionConflictError);
    const renaming = client.updateSecret({ id, spec: (spec) => ({ ...spec, Name: uniqueName() }) });
    await expect(renaming).rejects.toThrow(BadRequestError);
    const Data = Buffer.from("another").toString("base64");
    await expect(client.updateSecret({ id, spec: (spec) => ({ ...spec, Data }) })).rejects.toThrow(BadRequestError);
  });

  it("reject a name in use, an invalid name and empty data without leaking the data", async () => {
    const { name } = await secret();
    const taken = client.createSecret({ name, data: DATA });
    await expect(taken).rejects.toThrow(SwarmObjectAlreadyExistsError);
    await expect(taken).rejects.toMatchObject({ kind: "secret", objectName: name, status: 409 });
    for (const options of [{ name: "a b", data: DATA }, { name: uniqueName(), data: "" }, { name: uniqueName() }]) {
      const error: unknown = await client.createSecret(options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(BadRequestError);
      const shown = inspect(error, { depth: null, showHidden: true });
      expect(shown).not.toContain(DATA);
      expect(shown).not.toContain(Buffer.from(DATA).toString("base64"));
    }
  });

  it("reject an unknown name", async (context) => {
    const id = uniqueName("secret");
    await expect(client.inspectSecret({ id })).rejects.toThrow(NoSuchSecretError);
    await expect(client.removeSecret({ id })).rejects.toThrow(NoSuchSecretError);
    needsApi(context, "1.26");
    await expect(client.updateSecret({ id, version: 1, spec: { Name: id } })).rejects.toThrow(NoSuchSecretError);
  });
});
