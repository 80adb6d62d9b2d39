import { expect, test } from "vitest";
import { connectAll, releaseAll } from "../../../lib/engine/networks/attachments.js";
import { newEndpoint } from "../../../lib/engine/networks/endpoint.js";
import { type Destination, hostsFile, lookUp, type NameSettings } from "../../../lib/engine/networks/name-lookup.js";
import type { Networks } from "../../../lib/engine/networks/networks.js";
import { container, openNetworks } from "./setup.js";

const settings = (name: string, more: Partial<NameSettings> = {}): NameSettings => ({
  id: container(name).id,
  hostname: `${name}-host`,
  ...more,
});

async function start(): Promise<{ networks: Networks; find: (from: NameSettings, host: string) => Destination | undefined }> {
  const { networks } = await openNetworks();
  await networks.create({ Name: "net", IPAM: { Config: [{ Subnet: "10.1.0.0/16" }] } });
  await networks.create({ Name: "other", Internal: true, IPAM: { Config: [{ Subnet: "10.2.0.0/16" }] } });
  networks.connect("net", container("web"), { Links: ["db:store"] });
  networks.connect("net", container("db"), { Aliases: ["Database"] });
  networks.connect("other", container("db"), {});
  networks.connect("other", container("alone"), {});
  return { networks, find: (from, host) => lookUp(networks, from, host) };
}

test.each(["db", "DB", "database", "646200000000", "store", "10.1.0.3", "db.net"])("%s is the other container", async (host) => {
  const { find } = await start();
  const address = "10.1.0.3";
  expect(find(settings("web"), host)).toEqual({ kind: "container", id: container("db").id, address });
});

test("a container finds itself and the host", async () => {
  const { find } = await start();
  const self = { kind: "container", id: container("web").id };
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1", "web-host", "web", "10.1.0.2"])
    expect(find(settings("web"), host)).toMatchObject(self);
  for (const host of ["host.docker.internal", "10.1.0.1", "172.17.0.1"])
    expect(find(settings("web"), host)).toMatchObject({ kind: "host" });
});

test("containers of other networks are not reached", async () => {
  const { find } = await start();
  expect(find(settings("web"), "alone")).toEqual({ kind: "external", address: "alone" });
  expect(find(settings("web"), "10.2.0.3")).toBeUndefined();
  expect(find(settings("web"), "10.1.0.99")).toBeUndefined();
  expect(find(settings("db"), "alone")).toMatchObject({ id: container("alone").id });
});

test("an internal network has no outside", async () => {
  const { find } = await start();
  expect(find(settings("web"), "1.1.1.1")).toEqual({ kind: "external", address: "1.1.1.1" });
  expect(find(settings("alone"), "1.1.1.1")).toBeUndefined();
  expect(find(settings("alone"), "example.com")).toBeUndefined();
});

test("extra hosts come first", async () => {
  const { find } = await start();
  const extraHosts = ["db:1.2.3.4", "gate:host-gateway", "six=[2001:db8::1]", "web2:10.1.0.2"];
  const from = settings("web", { extraHosts });
  expect(find(from, "db")).toEqual({ kind: "external", address: "1.2.3.4" });
  expect(find(from, "gate")).toEqual({ kind: "host", address: "172.17.0.1" });
  expect(find(from, "six")).toEqual({ kind: "external", address: "2001:db8::1" });
  expect(find(from, "web2")).toMatchObject({ kind: "container", id: container("web").id });
});

test("the default network knows addresses and links, but no names", async () => {
  const { networks } = await openNetworks();
  networks.connect("bridge", container("web"), {});
  networks.connect("bridge", container("db"), {});
  const from = settings("web");
  expect(lookUp(networks, from, "db")).toEqual({ kind: "external", address: "db" });
  expect(lookUp(networks, from, "172.17.0.3")).toMatchObject({ id: container("db").id });
  const linked = settings("web", { links: ["/db:/web/store"], domainname: "example.com", extraHosts: ["x:1.2.3.4"] });
  expect(lookUp(networks, linked, "store")).toMatchObject({ id: container("db").id });
  expect(lookUp(networks, linked, "db")).toMatchObject({ id: container("db").id });
  expect(hostsFile(networks, linked).split("\n").slice(6)).toEqual([
    "1.2.3.4\tx",
    "172.17.0.3\tstore 646200000000 db",
    "172.17.0.2\tweb-host.example.com web-host",
    "",
  ]);
});

test("a container in the network of the host is on the host", async () => {
  const { networks } = await openNetworks();
  networks.connect("host", container("web"), {});
  networks.connect("bridge", container("db"), {});
  expect(lookUp(networks, settings("web"), "localhost")).toEqual({ kind: "host", address: "127.0.0.1" });
  expect(lookUp(networks, settings("web"), "172.17.0.2")).toMatchObject({ id: container("db").id });
});

test("a renamed container has its new name", async () => {
  const { networks, find } = await start();
  const endpoints = { net: { ...newEndpoint(), DNSNames: ["db"] }, later: { ...newEndpoint(), DNSNames: ["db"] } };
  expect(networks.rename(container("db").id, "data", endpoints)).toMatchObject({
    net: { DNSNames: expect.arrayContaining(["data"]) as unknown },
    later: { DNSNames: ["db"] }, // a network that does not exist yet
  });
  expect(find(settings("web"), "data")).toMatchObject({ id: container("db").id });
  expect(find(settings("web"), "db")).toMatchObject({ kind: "external" });
});

test("a container joins all its networks or none, and leaves them", async () => {
  const { networks } = await start();
  const endpoints = { bridge: newEndpoint(), net: newEndpoint({ IPAMConfig: { IPv4Address: "10.1.0.2" } }) };
  expect(() => connectAll(networks, container("new"), endpoints)).toThrow(
    "failed to set up container networking: Address already in use",
  );
  expect(() => connectAll(networks, container("new"), { gone: newEndpoint() })).toThrow(
    "failed to set up container networking: network gone not found",
  );
  expect(networks.endpointsFor(container("new").id)).toEqual([]);
  networks.release("net", container("web").id);
  const connected = connectAll(networks, container("new"), {
    ...endpoints,
    other: newEndpoint({ MacAddress: "02:00:00:00:00:01" }),
  });
  expect(connected.net).toMatchObject({ IPAddress: "10.1.0.2", MacAddress: "02:42:0a:01:00:02" });
  const released = releaseAll(networks, container("new").id, connected);
  expect(released.net).toMatchObject({ IPAddress: "", MacAddress: "", EndpointID: "", NetworkID: connected.net?.NetworkID });
  expect(released.other).toMatchObject({ MacAddress: "02:00:00:00:00:01" });
  expect(networks.endpointsFor(container("new").id)).toEqual([]);
});
