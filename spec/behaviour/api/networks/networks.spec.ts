import { describe, expect, it } from "vitest";
import { ApiError, BadRequestError, ForbiddenError } from "../../../../lib/errors/api-error.js";
import { NetworkAlreadyExistsError, NetworkInUseError, NoSuchNetworkError } from "../../../../lib/errors/network-errors.js";
import { client, needsApi, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";
import { network, range } from "../../../support/networks.js";

useEngine();

describe("createNetwork and inspectNetwork", () => {
  it("create a network and return its details", async () => {
    const prefix = range();
    const ipam = { Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.9` }] };
    const { id, name } = await network({ ipam, internal: true, labels: { app: "spec" } });
    const found = await client.inspectNetwork({ id });
    expect(found).toMatchObject({
      Id: id,
      Name: name,
      Driver: "bridge",
      Scope: "local",
      Internal: true,
      EnableIPv6: false,
      Labels: { app: "spec" },
      IPAM: { Driver: "default", Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.9` }] },
    });
    expect(Date.parse(found.Created)).toBeGreaterThan(0);
    expect(found.Containers).toEqual({});
    expect(await client.networkInfo({ id: name })).toEqual(found);
    expect(await client.inspectNetwork({ id, verbose: true, scope: "local" })).toEqual(found);
  });

  it("set address ranges and reserve addresses", async (context) => {
    notOnPodman(context, "does not report the auxiliary addresses of a network, nor its address range as set");
    const prefix = range();
    const Config = [
      {
        Subnet: `${prefix}.0/24`,
        IPRange: `${prefix}.128/25`,
        Gateway: `${prefix}.1`,
        AuxiliaryAddresses: { router: `${prefix}.2` },
      },
    ];
    const options = { "com.docker.network.driver.mtu": "1400" };
    const { id } = await network({ ipam: { Driver: "default", Config }, options });
    expect(await client.inspectNetwork({ id })).toMatchObject({ IPAM: { Config }, Options: options });
  });

  it("use the settings of another network", async (context) => {
    notOnPodman(context, "does not support networks that only hold settings");
    const prefix = range();
    const settings = await network({ configOnly: true, ipam: { Config: [{ Subnet: `${prefix}.0/24` }] } });
    expect(await client.inspectNetwork({ id: settings.id })).toMatchObject({ ConfigOnly: true });
    const { id } = await network({ configFrom: { Network: settings.name } });
    const { ConfigFrom, IPAM } = await client.inspectNetwork({ id });
    expect(ConfigFrom).toEqual({ Network: settings.name });
    expect(IPAM.Config?.[0]?.Subnet).toBe(`${prefix}.0/24`);
    // the network that holds the settings must outlive it
    await client.removeNetwork({ id });

    const missing = uniqueName();
    const error = await client.createNetwork({ name: uniqueName(), configFrom: { Network: missing } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchNetworkError);
    expect(error).toMatchObject({ id: missing });
  });

  it("disable IPv4", async (context) => {
    needsApi(context, "1.47");
    const { id } = await network({ enableIPv4: false, enableIPv6: true });
    expect(await client.inspectNetwork({ id })).toMatchObject({ EnableIPv4: false, EnableIPv6: true });
  });

  it("report how many addresses are in use", async (context) => {
    needsApi(context, "1.52");
    const prefix = range();
    const { id } = await network({ ipam: { Config: [{ Subnet: `${prefix}.0/24` }] } });
    const { Status } = await client.inspectNetwork({ id });
    expect(Status?.IPAM?.Subnets?.[`${prefix}.0/24`]?.IPsInUse).toBeGreaterThan(0);
  });

  it("reject a name in use", async () => {
    const { name } = await network();
    const error = await client.createNetwork({ name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NetworkAlreadyExistsError);
    expect(error).toMatchObject({ networkName: name, operation: "createNetwork" });
    expect((await client.listNetworks({ filters: { name } })).length).toBe(1);
  });

  it("allow a duplicate name if the engine does, and reject the ambiguous name afterwards", async (context) => {
    notOnPodman(context, "rejects a duplicate network name");
    context.skip(await client.supports("createNetwork.enableIPv4"), "engines reject duplicate network names from API 1.44 on");
    const { id, name } = await network();
    const { Id, Warning } = await client.createNetwork({ name, checkDuplicate: false }).catch(() => ({ Id: "", Warning: "" }));
    context.skip(Id === "", "engines reject duplicate network names from API 1.44 on");
    expect(Warning).toContain("already exists");
    await expect(client.inspectNetwork({ id: name })).rejects.toBeInstanceOf(ApiError);
    await client.removeNetwork({ id: Id });
    expect((await client.inspectNetwork({ id: name })).Id).toBe(id);
  });

  it("reject invalid options and a missing network", async () => {
    const ipam = { Config: [{ Subnet: "not a range" }] };
    await expect(client.createNetwork({ name: uniqueName(), ipam })).rejects.toBeInstanceOf(ApiError);
    await expect(client.createNetwork({ name: uniqueName(), driver: "host" })).rejects.toBeInstanceOf(ApiError);
    const missing = uniqueName();
    await expect(client.inspectNetwork({ id: missing })).rejects.toMatchObject({ name: "NoSuchNetworkError", id: missing });
  });
});

describe("listNetworks", () => {
  it("returns the objects that match every filter", async () => {
    const labels = { "spec.unique": uniqueName() };
    const { id, name } = await network({ labels });
    const other = await network();
    const named = async (...options: Parameters<typeof client.listNetworks>) =>
      (await client.listNetworks(...options)).map(({ Id }) => Id);
    expect(await named()).toEqual(expect.arrayContaining([id, other.id]));
    expect(await named({ filters: { name } })).toEqual([id]);
    expect(await named({ filters: { id } })).toEqual([id]);
    expect(await named({ filters: { label: `spec.unique=${labels["spec.unique"]}` } })).toEqual([id]);
    expect(await named({ filters: { label: "spec.unique", name: other.name } })).toEqual([]);
    expect(await named({ filters: { driver: "bridge", name: [name, other.name] } })).toHaveLength(2);
    expect((await client.filteredListNetworks({ filters: { name } })).map(({ Name }) => Name)).toEqual([name]);
  });

  it("selects used or unused networks", async (context) => {
    needsApi(context, "1.40");
    const used = await network();
    const unused = await network();
    await runningContainer(["sleep", "60"], { hostConfig: { NetworkMode: used.name } });
    const dangling = async (value: boolean) =>
      (await client.listNetworks({ filters: { dangling: value, name: [used.name, unused.name] } })).map(({ Name }) => Name);
    expect(await dangling(true)).toContain(unused.name);
    expect(await dangling(false)).not.toContain(unused.name);
    // Docker also lists a used network as dangling: it counts every network as unused except its predefined ones
    expect([...(await dangling(true)), ...(await dangling(false))].sort()).toEqual([used.name, unused.name].sort());
  });

  it("selects predefined or custom networks, and networks by scope", async (context) => {
    notOnPodman(context, "does not know the filters type and scope of networks");
    const { name } = await network();
    const names = async (...options: Parameters<typeof client.listNetworks>) =>
      (await client.listNetworks(...options)).map(({ Name }) => Name);
    expect(await names({ filters: { type: "builtin" } })).toEqual(expect.arrayContaining(["bridge", "host", "none"]));
    expect(await names({ filters: { type: "custom", scope: "local" } })).toContain(name);
    expect(await names({ filters: { scope: ["swarm", "global"] } })).not.toContain(name);
    await expect(client.listNetworks({ filters: { dangling: "maybe" } })).rejects.toBeInstanceOf(BadRequestError);
  });
});

describe("removeNetwork", () => {
  it("rejects a network in use and a missing network", async () => {
    const { id, name } = await network();
    const container = await runningContainer(["sleep", "60"], { hostConfig: { NetworkMode: name } });
    const error = await client.removeNetwork({ id: name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NetworkInUseError);
    expect(error).toMatchObject({ id: name, operation: "removeNetwork" });
    await client.removeContainer({ id: container, force: true });
    await client.removeNetwork({ id });
    await expect(client.removeNetwork({ id })).rejects.toBeInstanceOf(NoSuchNetworkError);
  });

  it("rejects predefined networks", async () => {
    await expect(client.removeNetwork({ id: "bridge" })).rejects.toBeInstanceOf(ForbiddenError);
  });
});

describe("pruneNetworks", () => {
  it("removes unused networks with a matching label", async () => {
    const label = `spec.unique=${uniqueName()}`;
    const [key = "", value = ""] = label.split("=");
    const labels = { [key]: value };
    const used = await network({ labels });
    const unused = await network({ labels });
    const kept = await network({ labels: { ...labels, "spec.keep": "1" } });
    await runningContainer(["sleep", "60"], { hostConfig: { NetworkMode: used.name } });
    const filters = { label, "label!": "spec.keep" };
    expect((await client.pruneNetworks({ filters: { ...filters, until: "1h" } })).NetworksDeleted).toEqual([]);
    expect(await client.pruneNetworks({ filters })).toEqual({ NetworksDeleted: [unused.name] });
    expect((await client.pruneNetworks({ filters })).NetworksDeleted).toEqual([]);
    expect((await client.listNetworks({ filters: { label } })).map(({ Name }) => Name).sort()).toEqual(
      [used.name, kept.name].sort(),
    );
  });
});
