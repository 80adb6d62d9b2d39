import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { ContainerNetwork } from "../../../lib/engine/networks/container-network.js";
import { BOX, started, startEngine } from "../../support/embedded-engine.js";
import { container, openNetworks } from "./setup.js";

async function start(): Promise<{ network: ContainerNetwork; asked: [string, number][]; internal: string; web: string }> {
  const { networks } = await openNetworks();
  await networks.create({ Name: "net" });
  await networks.create({ Name: "inside", Internal: true });
  networks.connect("net", container("web"), {});
  networks.connect("net", container("db"), {});
  networks.connect("net", container("stopped"), {});
  networks.connect("inside", container("internal"), {});
  const asked: [string, number][] = [];
  const network = new ContainerNetwork(networks, {
    nameSettings: (id) => (id === "gone" ? undefined : { id, hostname: "me" }),
    connect: (id, port) => {
      asked.push([id, port]);
      return id === container("stopped").id ? undefined : Promise.resolve(new PassThrough());
    },
  });
  return { network, asked, internal: container("internal").id, web: container("web").id };
}

test("a program reaches the containers in its networks", async () => {
  const { network, asked, web } = await start();
  await network.connect(web, "db", 5432);
  expect(asked).toEqual([[container("db").id, 5432]]);
  await expect(network.connect(web, "stopped", 80)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a program reaches the host", async () => {
  const { network, web, internal } = await start();
  const server = createServer((socket) => socket.end("hello")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  for (const host of ["host.docker.internal", "172.18.0.1"]) {
    const connection = await network.connect(web, host, port);
    let text = "";
    for await (const part of connection as AsyncIterable<Buffer>) text += part.toString();
    expect(text).toBe("hello");
    connection.destroy();
  }
  await expect(network.connect(internal, "1.1.1.1", port)).rejects.toMatchObject({ code: "ENETUNREACH" });
  await expect(network.connect("gone", "db", port)).rejects.toMatchObject({ code: "ENETUNREACH" });
});

test("a name that nobody knows is not found", async () => {
  const { network, web } = await start();
  await expect(network.connect(web, "no-such-host.invalid", 80)).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("a program sees its interfaces, of which the one with the highest priority leads outside", async () => {
  const { networks } = await openNetworks();
  await networks.create({ Name: "b", IPAM: { Config: [{ Subnet: "10.77.1.0/24" }] } });
  await networks.create({ Name: "a", IPAM: { Config: [{ Subnet: "10.77.2.0/24" }] } });
  await networks.create({ Name: "inside", Internal: true, IPAM: { Config: [{ Subnet: "10.77.3.0/24" }] } });
  const box = container("box");
  networks.connect("inside", box, { GwPriority: 9 });
  networks.connect("b", box, {});
  networks.connect("a", box, {});
  const network = new ContainerNetwork(networks, { nameSettings: () => undefined, connect: () => undefined });
  const seen = (): string[] =>
    network.interfaces(box.id).map(({ name, addresses, gateway = "" }) => `${name} ${addresses.join()} ${gateway}`);
  expect(seen()).toEqual(["eth0 10.77.3.2/24 ", "eth1 10.77.1.2/24 ", "eth2 10.77.2.2/24 10.77.2.1"]);
  networks.release("b", box.id);
  networks.connect("b", box, { GwPriority: 1, DriverOpts: { "com.docker.network.endpoint.ifname": "lan" } });
  expect(seen()).toEqual(["eth0 10.77.3.2/24 ", "lan 10.77.1.2/24 10.77.1.1", "eth2 10.77.2.2/24 "]);
});

test("a renamed container has its new name in its networks", async () => {
  const { client } = await startEngine();
  await client.createNetwork({ name: "net" });
  const id = await started(client, ["sleep", "1000"], { NetworkMode: "net" });
  await client.renameContainer({ id, name: "renamed" });
  const { Containers } = await client.inspectNetwork({ id: "net" });
  expect(Containers?.[id]?.Name).toBe("renamed");
  const { NetworkSettings } = await client.inspectContainer({ id });
  expect(NetworkSettings.Networks?.net?.DNSNames).toEqual(["renamed", id.slice(0, 12)]);
});

test("an address outside the subnets of a network is refused when the container is created", async () => {
  const { client } = await startEngine();
  await client.createNetwork({ name: "net", ipam: { Config: [{ Subnet: "10.9.0.0/24" }] } });
  const creation = client.createContainer({
    config: { Image: BOX },
    hostConfig: { NetworkMode: "net" },
    networkingConfig: { EndpointsConfig: { net: { IPAMConfig: { IPv4Address: "10.8.0.1" } } } },
  });
  await expect(creation).rejects.toThrow(/invalid config for network net: .*no configured subnet or ip-range contain/s);
  expect(await client.listContainers({ all: true })).toEqual([]);
});
