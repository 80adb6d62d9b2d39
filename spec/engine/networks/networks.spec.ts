import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDataRoot } from "../../../lib/engine/store/data-root.js";
import type { IPAMConfig } from "../../../lib/types/network.js";
import { container, openNetworks } from "./setup.js";

test("the predefined networks are there and stay", async () => {
  const { networks } = await openNetworks();
  expect(networks.list().map(({ Name, Driver }) => [Name, Driver])).toEqual([
    ["bridge", "bridge"],
    ["host", "host"],
    ["none", "null"],
  ]);
  expect(networks.inspect("bridge")).toMatchObject({
    IPAM: { Driver: "default", Options: null, Config: [{ Subnet: "172.17.0.0/16", Gateway: "172.17.0.1" }] },
    Options: { "com.docker.network.bridge.name": "docker0" },
  });
  expect(networks.inspect("none")).toMatchObject({ IPAM: { Config: null } });
  await expect(networks.remove("bridge")).rejects.toMatchObject({
    status: 403,
    message: "bridge is a pre-defined network and cannot be removed",
  });
});

test("a network gets the next default pool, and gives it back", async () => {
  const { networks, events } = await openNetworks();
  const { Id, Warning } = await networks.create({ Name: "a", Labels: { x: "y" } });
  expect(Id).toMatch(/^[0-9a-f]{64}$/);
  expect(Warning).toBe("");
  expect(networks.inspect("a")).toEqual({
    Name: "a",
    Id,
    Created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    Scope: "local",
    Driver: "bridge",
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: { Driver: "default", Options: null, Config: [{ Subnet: "172.18.0.0/16", Gateway: "172.18.0.1" }] },
    Internal: false,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: {},
    Options: {},
    Labels: { x: "y" },
  });
  await networks.create({ Name: "b", IPAM: { Config: [{ Subnet: "172.19.4.0/24" }] } });
  await networks.create({ Name: "c" });
  expect(networks.inspect("c").IPAM).toMatchObject({ Config: [{ Subnet: "172.20.0.0/16" }] });
  await networks.remove(Id.slice(0, 20));
  await networks.create({ Name: "d" });
  expect(networks.inspect("d").IPAM).toMatchObject({ Config: [{ Subnet: "172.18.0.0/16" }] });
  expect(events.map(({ action, attributes }) => `${action} ${attributes.name ?? ""} ${attributes.type ?? ""}`)).toEqual([
    "create a bridge",
    "create b bridge",
    "create c bridge",
    "destroy a bridge",
    "create d bridge",
  ]);
});

test("there are 31 default pools", async () => {
  const { networks } = await openNetworks();
  for (let n = 0; n < 30; n += 1) await networks.create({ Name: `n${n}` });
  expect(networks.inspect("n29").IPAM).toMatchObject({ Config: [{ Subnet: "192.168.240.0/20", Gateway: "192.168.240.1" }] });
  await expect(networks.create({ Name: "more" })).rejects.toThrow("all predefined address pools have been fully subnetted");
});

test.each([
  [{ Name: "" }, 400, "invalid name: name is empty"],
  [{ Name: "bridge" }, 403, "operation is not permitted on predefined bridge network "],
  [{ Name: "x", Driver: "nope" }, 404, 'plugin "nope" not found'],
  [{ Name: "x", Driver: "host" }, 403, 'only one instance of "host" network is allowed'],
  [{ Name: "x", Driver: "overlay" }, 403, /^This node is not a swarm manager/],
  [{ Name: "x", Driver: "macvlan" }, 501, /macvlan/],
  [{ Name: "x", Scope: "swarm" as const }, 403, "cannot create a swarm scoped network when swarm is not active"],
  [{ Name: "x", Ingress: true }, 403, "Ingress network can only be global scope network"],
  [{ Name: "x", IPAM: { Driver: "nope" } }, 404, 'plugin "nope" not found'],
  [{ Name: "x", EnableIPv4: false }, 400, "IPv4 or IPv6 must be enabled"],
  [{ Name: "x", ConfigOnly: true, Internal: true }, 403, /^configuration network can only contain network specific fields\./],
  [
    { Name: "x", ConfigOnly: true, ConfigFrom: { Network: "y" } },
    403,
    "a configuration network cannot depend on another configuration network",
  ],
  [{ Name: "x", ConfigFrom: { Network: "bridge" } }, 404, 'configuration network "bridge" does not exist'],
  [
    { Name: "x", ConfigFrom: { Network: "y" }, Options: { a: "b" } },
    403,
    "network driver options are not supported if the network depends on a configuration network",
  ],
  [
    { Name: "x", ConfigFrom: { Network: "y" }, EnableIPv6: true },
    403,
    "user specified configurations are not supported if the network depends on a configuration network",
  ],
  [
    { Name: "x", Options: { "com.docker.network.driver.mtu": "x" } },
    400,
    'failed to parse com.docker.network.driver.mtu value: x (strconv.Atoi: parsing "x": invalid syntax)',
  ],
])("%j is refused in the words of Docker", async (request, status, message) => {
  const { networks } = await openNetworks();
  await expect(networks.create(request)).rejects.toMatchObject({
    status,
    message: typeof message === "string" ? message : (expect.stringMatching(message) as string),
  });
});

test("a network gets the settings of another one, which stays as long as it is used", async () => {
  const { networks } = await openNetworks();
  const Config = [{ Subnet: "10.77.0.0/24" }];
  const shared = { IPAM: { Config, Options: { o: "p" } }, Labels: { a: "b" }, Options: { c: "d" } };
  await networks.create({ Name: "settings", ConfigOnly: true, Driver: "nope", ...shared });
  expect(networks.inspect("settings")).toMatchObject({ ConfigOnly: true, Driver: "null", ...shared });
  await networks.create({ Name: "user", ConfigFrom: { Network: "settings" }, Internal: true });
  expect(networks.inspect("user")).toMatchObject({
    ConfigOnly: false,
    ConfigFrom: { Network: "settings" },
    Driver: "bridge",
    Internal: true,
    ...shared,
  });
  expect(() => networks.connect("settings", container("c"), {})).toThrow("cannot create endpoint on configuration-only network");
  const second = networks.create({ Name: "second", ConfigFrom: { Network: "settings" } });
  await expect(second).rejects.toThrow("Pool overlaps with other one");
  await expect(networks.remove("settings")).rejects.toMatchObject({
    status: 403,
    message: 'error while removing network: configuration network "settings" is in use',
  });
  expect(await networks.prune()).toEqual(["user"]);
  await networks.remove("settings");
});

const within = "10.77.0.0/24";
test.each<[IPAMConfig[], number, string]>([
  [[{ Subnet: "172.17.0.0/16" }], 403, "invalid pool request: Pool overlaps with other one on this address space"],
  [
    [{ Subnet: within }, { Subnet: "10.77.0.0/25" }],
    403,
    "invalid pool request: Pool overlaps with other one on this address space",
  ],
  [[{ Subnet: "10.77.0.0" }], 400, "invalid network config:\ninvalid subnet 10.77.0.0: invalid CIDR block notation"],
  [[{ Gateway: "10.77.0.1" }], 400, "invalid network config:\ninvalid subnet : invalid CIDR block notation"],
  [[{ Subnet: "10.77.0.5/24" }], 400, "invalid network config:\ninvalid subnet 10.77.0.5/24: it should be 10.77.0.0/24"],
  [
    [{ Subnet: within, Gateway: "10.78.0.1" }],
    400,
    "invalid network config:\ninvalid gateway 10.78.0.1: parent subnet 10.77.0.0/24 doesn't contain this address",
  ],
  [[{ Subnet: within, Gateway: "foo" }], 400, "invalid network config:\ninvalid gateway foo: invalid address"],
  [
    [{ Subnet: within, IPRange: "10.77.0.0/16" }],
    400,
    "invalid network config:\ninvalid ip-range 10.77.0.0/16: CIDR block is bigger than its parent subnet 10.77.0.0/24",
  ],
  [
    [{ Subnet: within, IPRange: "10.78.0.0/25" }],
    400,
    "invalid network config:\ninvalid ip-range 10.78.0.0/25: parent subnet 10.77.0.0/24 doesn't contain ip-range",
  ],
  [
    [{ Subnet: within, IPRange: "10.77.0.5/25" }],
    400,
    "invalid network config:\ninvalid ip-range 10.77.0.5/25: it should be 10.77.0.0/25",
  ],
  [
    [{ Subnet: within, AuxiliaryAddresses: { a: "10.78.0.1" } }],
    400,
    "invalid network config:\ninvalid auxiliary address a: parent subnet 10.77.0.0/24 doesn't contain this address",
  ],
  [
    [{ Subnet: within, IPRange: "x", Gateway: "y" }],
    400,
    "invalid network config:\n* invalid ip-range x: invalid CIDR block notation\n* invalid gateway y: invalid address",
  ],
  [[{ Subnet: within, Gateway: "10.77.0.0" }], 500, "failed to allocate gateway (10.77.0.0): Address already in use"],
  [
    [{ Subnet: within, Gateway: "10.77.0.9", AuxiliaryAddresses: { a: "10.77.0.9" } }],
    500,
    "failed to allocate secondary ip address (a:10.77.0.9): Address already in use",
  ],
])("the pools %j are refused in the words of Docker", async (Config, status, message) => {
  const { networks } = await openNetworks();
  await expect(networks.create({ Name: "x", IPAM: { Config } })).rejects.toMatchObject({ status, message });
  expect(networks.has("x")).toBe(false);
});

test("a name is used once, and may be found by the beginning of an ID", async () => {
  const { networks } = await openNetworks();
  const { Id } = await networks.create({ Name: "a" });
  await expect(networks.create({ Name: "a" })).rejects.toMatchObject({
    status: 409,
    message: "network with name a already exists",
  });
  expect(networks.find(Id.slice(0, 12)).name).toBe("a");
  expect(() => networks.find("nope")).toThrow("network nope not found");
});

test("containers get addresses that nobody else has", async () => {
  const { networks, events } = await openNetworks();
  const { Id } = await networks.create({
    Name: "a",
    IPAM: { Config: [{ Subnet: within, IPRange: "10.77.0.64/26", AuxiliaryAddresses: { x: "10.77.0.65" } }] },
  });
  const first = networks.connect("a", container("one"), { Aliases: ["al"] });
  expect(first).toMatchObject({
    NetworkID: Id,
    EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    Gateway: "10.77.0.64",
    IPAddress: "10.77.0.66",
    IPPrefixLen: 24,
    MacAddress: "02:42:0a:4d:00:42",
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    DNSNames: ["one", "al", "6f6e65000000"],
  });
  expect(() => networks.connect("a", container("one"), {})).toThrow("endpoint with name one already exists in network a");
  const chosen = { IPAMConfig: { IPv4Address: "10.77.0.9" }, MacAddress: "02:42:AC:11:00:77" };
  expect(networks.connect("a", container("two"), chosen)).toMatchObject({
    IPAddress: "10.77.0.9",
    MacAddress: "02:42:ac:11:00:77",
  });
  for (const IPv4Address of ["10.77.0.9", "10.77.0.64", "10.77.0.65", "10.77.0.255"])
    expect(() => networks.connect("a", container("three"), { IPAMConfig: { IPv4Address } })).toThrow("Address already in use");
  expect(networks.inspect("a").Containers).toEqual({
    [container("one").id]: {
      Name: "one",
      EndpointID: first.EndpointID,
      MacAddress: "02:42:0a:4d:00:42",
      IPv4Address: "10.77.0.66/24",
      IPv6Address: "",
    },
    [container("two").id]: expect.objectContaining({ Name: "two" }) as object,
  });
  await expect(networks.remove("a")).rejects.toMatchObject({
    status: 403,
    message: expect.stringMatching(
      /^error while removing network: network a has active endpoints \(name:"one" id:"\w{12}", name:"two" id:"\w{12}"\)$/,
    ) as string,
  });
  networks.release("a", container("one").id);
  networks.release("a", container("one").id);
  expect(networks.connect("a", container("four"), {}).IPAddress).toBe("10.77.0.66");
  expect(events.map(({ action, attributes }) => [action, attributes.container])).toEqual([
    ["create", undefined],
    ["connect", container("one").id],
    ["connect", container("two").id],
    ["disconnect", container("one").id],
    ["connect", container("four").id],
  ]);
});

test("a small network runs out of addresses", async () => {
  const { networks } = await openNetworks();
  const { Id } = await networks.create({ Name: "a", IPAM: { Config: [{ Subnet: "10.77.0.0/30" }] } });
  expect(networks.connect("a", container("one"), {}).IPAddress).toBe("10.77.0.2");
  expect(() => networks.connect("a", container("two"), {})).toThrow(
    `no available IPv4 addresses on this network's address pools: a (${Id})`,
  );
});

test("an internal network has no gateway, and IPv6 has addresses too", async () => {
  const { networks } = await openNetworks();
  await networks.create({ Name: "a", Internal: true, EnableIPv6: true, IPAM: { Config: [{ Subnet: "fd00:77::/64" }] } });
  expect(networks.connect("a", container("one"), {})).toMatchObject({
    Gateway: "",
    IPAddress: "172.18.0.2",
    IPv6Gateway: "",
    GlobalIPv6Address: "fd00:77::2",
    GlobalIPv6PrefixLen: 64,
  });
  await networks.create({ Name: "six", EnableIPv4: false, EnableIPv6: true });
  expect(networks.inspect("six").IPAM).toMatchObject({
    Config: [{ Subnet: expect.stringMatching(/^fd[0-9a-f:]*::\/64$/) as string }],
  });
  expect(networks.connect("six", container("one"), {})).toMatchObject({
    IPAddress: "",
    GlobalIPv6Address: expect.stringMatching(/^fd.*::2$/) as string,
    MacAddress: "02:42:00:00:00:02",
  });
});

test("containers of the host's network have no addresses", async () => {
  const { networks } = await openNetworks();
  const settings = networks.connect("host", container("one"), { IPAddress: "" });
  expect(settings).toMatchObject({ IPAddress: "", DNSNames: null, NetworkID: networks.find("host").id });
  expect(networks.connect("bridge", container("one"), {})).toMatchObject({ IPAddress: "172.17.0.2", DNSNames: null });
});

test("networks are listed by filters", async () => {
  const { networks } = await openNetworks();
  const { Id } = await networks.create({ Name: "net-a", Labels: { x: "1" } });
  await networks.create({ Name: "net-b" });
  networks.connect("net-b", container("one"), {});
  const names = (filters: Record<string, string[]>): string[] =>
    networks.list(new Map(Object.entries(filters))).map(({ Name }) => Name);
  expect(names({ dangling: ["true"] })).toEqual(["net-a"]);
  expect(names({ dangling: ["false"] })).toEqual(["bridge", "host", "none", "net-b"]);
  expect(names({ dangling: [] })).toEqual(["bridge", "host", "none", "net-a", "net-b"]);
  expect(() => names({ dangling: ["TRUE"] })).toThrow('invalid value for filter \'dangling\', must be "true" (or "1")');
  expect(() => names({ dangling: ["1", "0"] })).toThrow('got more than one value for filter key "dangling"');
  expect(names({ driver: ["null", "host"] })).toEqual(["host", "none"]);
  expect(names({ id: [Id.slice(0, 30)] })).toEqual(["net-a"]);
  expect(names({ label: ["x=1"] })).toEqual(["net-a"]);
  expect(names({ name: ["net-"] })).toEqual(["net-a", "net-b"]);
  expect(names({ scope: ["swarm"] })).toEqual([]);
  expect(names({ type: ["custom"] })).toEqual(["net-a", "net-b"]);
  expect(() => names({ type: ["x"] })).toThrow("invalid filter: 'type'='x'");
});

test("pruning removes networks without running containers", async () => {
  const { networks, events } = await openNetworks();
  await networks.create({ Name: "a", Labels: { x: "1" } });
  await networks.create({ Name: "b" });
  await networks.create({ Name: "used" });
  networks.connect("used", container("one"), {});
  expect(await networks.prune(new Map(), 1n)).toEqual([]);
  expect(await networks.prune(new Map([["label!", ["x"]]]))).toEqual(["b"]);
  expect(await networks.prune(new Map([["label", ["x=1"]]]))).toEqual(["a"]);
  expect(events.at(-1)).toMatchObject({ action: "prune", attributes: { reclaimed: "0" } });
});

test("networks survive the engine, their endpoints do not", async () => {
  const path = await mkdtemp(join(tmpdir(), "networks-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const root = await openDataRoot(path);
  const { networks } = await openNetworks(root);
  await networks.create({ Name: "a" });
  networks.connect("a", container("one"), {});
  const before = networks.list();
  await root.close();
  const again = await openDataRoot(path);
  onTestFinished(() => again.close());
  const { networks: reopened } = await openNetworks(again);
  expect(reopened.list()).toEqual(before);
  expect(reopened.inspect("a").Containers).toEqual({});
});
