import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { CreateConfigOptions } from "../../../../lib/api/configs/create.js";
import { BadRequestError } from "../../../../lib/errors/api-error.js";
import {
  NoSuchConfigError,
  SwarmObjectAlreadyExistsError,
  SwarmObjectInUseError,
  VersionConflictError,
} from "../../../../lib/errors/swarm-errors.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { removed, runningService } from "../../../support/services.js";
import { bytesInTask, useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();
beforeEach((context) => {
  needsApi(context, "1.30");
});

const DATA = "#!/bin/sh\n# ☃\n";

/** Creates a config, and removes it after the test. */
async function config(options: Partial<CreateConfigOptions> = {}): Promise<{ id: string; name: string }> {
  const name = uniqueName("config");
  const { ID: id } = await client.createConfig({ name, data: DATA, ...options });
  onTestFinished(async () => {
    try {
      await client.removeConfig({ id });
    } catch (error) {
      // the test may have removed it
      if (!(error instanceof NoSuchConfigError)) throw error;
    }
  });
  return { id, name };
}

describe("configs of a swarm", () => {
  it("are created, listed, inspected and removed", async () => {
    const { id, name } = await config({ labels: { "tsdc.a": "b" } });
    const found = await client.inspectConfig({ id });
    expect(found).toMatchObject({ ID: id, Spec: { Name: name, Labels: { "tsdc.a": "b" } } });
    expect(Buffer.from(found.Spec.Data ?? "", "base64").toString()).toBe(DATA);
    expect((await client.inspectConfig({ id: name })).ID).toBe(id);
    expect((await client.listConfigs()).map(({ ID }) => ID)).toContain(id);
    expect((await client.listConfigs({ filters: { name, id, label: "tsdc.a=b" } })).map(({ ID }) => ID)).toEqual([id]);
    await client.removeConfig({ id: name });
    await expect(client.inspectConfig({ id })).rejects.toThrow(NoSuchConfigError);
    expect(await client.listConfigs({ filters: { id, name, label: "tsdc.a=b" } })).toEqual([]);
  });

  it("reach tasks unchanged", { timeout: 120_000 }, async () => {
    const bytes = Uint8Array.of(0, 255, 10, 254, 13, 0xc3);
    const { id, name } = await config({ data: bytes });
    const file = { Name: "/s", UID: "0", GID: "0", Mode: 0o400 };
    const service = await runningService({ container: { Configs: [{ ConfigID: id, ConfigName: name, File: file }] } });
    const removal = client.removeConfig({ id });
    await expect(removal).rejects.toThrow(SwarmObjectInUseError);
    await expect(removal).rejects.toMatchObject({ kind: "config", id, status: 400 });
    expect(await bytesInTask(service, "/s")).toBe("00 ff 0a fe 0d c3");
    await removed(service);
    await client.removeConfig({ id });
  });

  it("allow changes only to their labels", async () => {
    const { id, name } = await config({ labels: { a: "1" } });
    await client.updateConfig({ id, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, b: "2" } }) });
    const { Spec, Version } = await client.inspectConfig({ id });
    expect(Spec.Labels).toEqual({ a: "1", b: "2" });
    await client.updateConfig({ id, version: Version.Index, spec: { Name: name, Labels: {} } });
    const late = client.updateConfig({ id, version: Version.Index, spec: { Name: name, Labels: {} } });
    await expect(late).rejects.toThrow(VersionConflictError);
    const renaming = client.updateConfig({ id, spec: (spec) => ({ ...spec, Name: uniqueName() }) });
    await expect(renaming).rejects.toThrow(BadRequestError);
    const Data = Buffer.from("another").toString("base64");
    await expect(client.updateConfig({ id, spec: (spec) => ({ ...spec, Data }) })).rejects.toThrow(BadRequestError);
  });

  it("reject a name in use, an invalid name and empty data", async () => {
    const { name } = await config();
    const taken = client.createConfig({ name, data: DATA });
    await expect(taken).rejects.toThrow(SwarmObjectAlreadyExistsError);
    await expect(taken).rejects.toMatchObject({ kind: "config", objectName: name, status: 409 });
    for (const options of [
      { name: "a b", data: DATA },
      { name: uniqueName(), data: "" },
    ]) {
      await expect(client.createConfig(options)).rejects.toThrow(BadRequestError);
    }
  });

  it("reject an unknown name", async () => {
    const id = uniqueName("config");
    await expect(client.inspectConfig({ id })).rejects.toThrow(NoSuchConfigError);
    await expect(client.removeConfig({ id })).rejects.toThrow(NoSuchConfigError);
    await expect(client.updateConfig({ id, version: 1, spec: { Name: id } })).rejects.toThrow(NoSuchConfigError);
  });
});
