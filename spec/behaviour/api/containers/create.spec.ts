import { describe, expect, it } from "vitest";
import { portMappingApi } from "../../../../lib/api/containers/helpers/port-mapping.js";
import { publishPorts } from "../../../../lib/api/containers/helpers/ports.js";
import { primaryAddress } from "../../../../lib/api/containers/helpers/primary-address.js";
import { restartOnFailure } from "../../../../lib/api/containers/helpers/restart-policies.js";
import { ApiError, ConflictError, NotFoundError } from "../../../../lib/errors/api-error.js";
import { ContainerAlreadyExistsError, NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { client, container, IMAGE, needsApi, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

describe("createContainer", () => {
  it("creates a container from a configuration", async () => {
    const name = uniqueName();
    const id = await container(
      { Cmd: ["sleep", "60"], Env: ["COLOUR=dark red"], Labels: { "spec.name": name }, WorkingDir: "/tmp", User: "1234" },
      { name, hostConfig: { RestartPolicy: restartOnFailure(2), ReadonlyRootfs: true, Tmpfs: { "/data": "size=1m" } } },
    );
    const inspected = await client.inspectContainer({ id });
    expect(inspected.Name).toBe(`/${name}`);
    expect(inspected.State).toMatchObject({ Status: "created", Running: false });
    expect(inspected.Config).toMatchObject({ Cmd: ["sleep", "60"], WorkingDir: "/tmp", User: "1234" });
    // Podman returns the full name
    expect(inspected.Config.Image).toMatch(/(^|\/)busybox:latest$/);
    expect(inspected.Config.Env).toContain("COLOUR=dark red");
    expect(inspected.Config.Labels).toMatchObject({ "spec.name": name });
    expect(inspected.HostConfig.RestartPolicy).toEqual({ Name: "on-failure", MaximumRetryCount: 2 });
    expect(inspected.HostConfig).toMatchObject({ ReadonlyRootfs: true, Tmpfs: { "/data": expect.stringContaining("size=1m") } });
  });

  it("moves old fields to the locations that engines read", async () => {
    const id = await container(
      { Cmd: ["sleep", "60"], Memory: 32 * 1024 * 1024, CpuShares: 512, Dns: ["192.0.2.1"], PortSpecs: ["80", "127.0.0.1::81"] },
      { hostConfig: { LxcConf: [{ Key: "lxc.utsname", Value: "box" }] } },
    );
    const { Config, HostConfig } = await client.inspectContainer({ id });
    expect(HostConfig).toMatchObject({ Memory: 32 * 1024 * 1024, CpuShares: 512, Dns: ["192.0.2.1"] });
    expect(Object.keys(Config.ExposedPorts ?? {}).sort()).toEqual(["80/tcp", "81/tcp"]);
    expect(Config.Hostname).toBe("box");
    const other = await container({ Cmd: ["sleep", "60"], VolumesFrom: id });
    expect((await client.inspectContainer({ id: other })).HostConfig.VolumesFrom).toEqual([id]);
  });

  it("publishes ports and assigns an address", async () => {
    const { ExposedPorts, PortBindings } = publishPorts(["127.0.0.1::80", "53/udp"]);
    const id = await runningContainer(["sleep", "60"], { config: { ExposedPorts }, hostConfig: { PortBindings } });
    const { NetworkSettings } = await client.inspectContainer({ id });
    const rows = portMappingApi(NetworkSettings);
    expect(rows).toContainEqual({ PrivatePort: 53, Type: "udp" });
    const published = rows.find(({ PrivatePort }) => PrivatePort === 80);
    expect(published).toMatchObject({ IP: "127.0.0.1", Type: "tcp" });
    expect(published?.PublicPort).toBeGreaterThan(0);
    expect(primaryAddress(NetworkSettings)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  it("accepts a platform", async (context) => {
    needsApi(context, "1.41", "platform of createContainer");
    const { Os, Architecture } = await client.inspectImage({ name: IMAGE });
    const id = await container({}, { platform: { os: Os, architecture: Architecture } });
    expect((await client.inspectContainer({ id })).State.Status).toBe("created");
  });

  it("distinguishes a missing image from a name in use", async () => {
    const name = uniqueName();
    const error = await client.createContainer({ config: { Image: `${name}:1` } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: `${name}:1`, status: 404 });
    await container({}, { name });
    const taken = await container({}, { name }).catch((e: unknown) => e);
    expect(taken).toBeInstanceOf(ContainerAlreadyExistsError);
    expect(taken).toMatchObject({ containerName: name });
  });

  it("rejects invalid configurations", async () => {
    await expect(container({}, { name: "no/such name" })).rejects.toThrow(ApiError);
  });
});

describe("inspectContainer", () => {
  it("reports file sizes with the size option", async () => {
    const name = uniqueName();
    const id = await container({ Cmd: ["sh", "-c", "head -c 100000 /dev/zero > /zeros"] }, { name });
    await client.waitContainer({
      id,
      condition: "next-exit",
      onRegistered: () => client.startContainer({ id }),
    });
    const { SizeRw, SizeRootFs, Id } = await client.inspectContainer({ id: name, size: true });
    expect(Id).toBe(id);
    expect(SizeRw).toBeGreaterThanOrEqual(100_000);
    expect(SizeRootFs).toBeGreaterThan(SizeRw ?? 0);
    expect((await client.inspectContainer({ id })).SizeRootFs || undefined).toBeUndefined();
  });

  it("rejects a missing container", async () => {
    const id = uniqueName();
    const error = await client.inspectContainer({ id }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ id, status: 404 });
  });
});

describe("renameContainer", () => {
  it("renames a container", async () => {
    const [before, after] = [uniqueName(), uniqueName()];
    const id = await container({}, { name: before });
    await client.renameContainer({ id: before, name: after });
    expect((await client.inspectContainer({ id })).Name).toBe(`/${after}`);
    await expect(client.inspectContainer({ id: before })).rejects.toThrow(NoSuchContainerError);
  });

  it("rejects a name in use and a missing container", async () => {
    const [one, other] = [uniqueName(), uniqueName()];
    await container({}, { name: one });
    await container({}, { name: other });
    await expect(client.renameContainer({ id: one, name: other })).rejects.toThrow(ContainerAlreadyExistsError);
    await expect(client.renameContainer({ id: one, name: other })).rejects.toThrow(ConflictError);
    await expect(client.renameContainer({ id: uniqueName(), name: uniqueName() })).rejects.toThrow(NoSuchContainerError);
  });
});

describe("updateContainer", () => {
  it("changes limits and the restart policy", async (context) => {
    notOnPodman(context, "has no updateContainer", 5);
    const id = await runningContainer(["sleep", "60"]);
    const update = {
      CpuShares: 512,
      Memory: 64 * 1024 * 1024,
      MemorySwap: 128 * 1024 * 1024,
      RestartPolicy: restartOnFailure(4),
    };
    const { Warnings } = await client.updateContainer({ id, update });
    expect(Warnings).toEqual(expect.any(Array));
    expect((await client.inspectContainer({ id })).HostConfig).toMatchObject(update);
  });

  it("rejects a missing container", async (context) => {
    notOnPodman(context, "has no updateContainer", 5);
    await expect(client.updateContainer({ id: uniqueName(), update: { CpuShares: 512 } })).rejects.toThrow(NoSuchContainerError);
  });
});
