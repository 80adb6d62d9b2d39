import { expect, test } from "vitest";
import { notFound } from "../../../lib/engine/engine-error.js";
import { type AttachableContainer, Attachments } from "../../../lib/engine/networks/attachments.js";
import type { Networks } from "../../../lib/engine/networks/networks.js";
import { networkRoutes } from "../../../lib/engine/routes/networks.js";
import { container, openNetworks } from "../networks/setup.js";
import { filters, type Send, served } from "./served.js";

interface Started {
  send: Send;
  networks: Networks;
  containers: Record<string, AttachableContainer>;
}

async function start(): Promise<Started> {
  const { networks } = await openNetworks();
  const containers: Record<string, AttachableContainer> = {};
  for (const [name, networkMode, isRunning] of [
    ["up", "bridge", true],
    ["down", "bridge", false],
    ["on-host", "host", true],
    ["alone", "none", true],
  ] as const)
    containers[name] = { ...container(name), networkMode, isRunning, networks: { [networkMode]: {} } };
  const attachments = new Attachments(networks, {
    find: (reference) => {
      const found = containers[reference];
      if (!found) throw notFound(`No such container: ${reference}`);
      return found;
    },
    setNetworks: (id, endpoints) => {
      const [name, found] = Object.entries(containers).find(([, each]) => each.id === id) ?? [];
      if (name && found) containers[name] = { ...found, networks: endpoints };
      return Promise.resolve();
    },
  });
  return { send: await served(networkRoutes(networks, attachments)), networks, containers };
}

const refused = (status: number, message: string): object => ({ status, json: { message } });

test("a network is created, found and removed", async () => {
  const { send } = await start();
  const config = { Subnet: "10.77.0.0/24", IPRange: "10.77.0.128/25", AuxiliaryAddresses: { a: "10.77.0.129" } };
  const created = await send("POST", "/networks/create", { Name: "net", CheckDuplicate: true, IPAM: { Config: [config] } });
  expect(created.status).toBe(201);
  const { Id } = created.json as { Id: string };
  expect(await send("GET", `/networks/${Id}`)).toMatchObject({ status: 200, json: { Name: "net", IPAM: { Config: [config] } } });
  expect(await send("GET", "/networks/net?scope=swarm")).toMatchObject(refused(404, "network net not found"));
  expect(await send("GET", `/networks?${filters({ type: ["custom"] })}`)).toMatchObject({ json: [{ Id, Containers: {} }] });
  expect(await send("GET", `/networks?${filters({ foo: ["x"] })}`)).toMatchObject(refused(400, "invalid filter 'foo'"));
  expect((await send("DELETE", "/networks/net")).status).toBe(204);
  expect(await send("DELETE", "/networks/net")).toMatchObject(refused(404, "network net not found"));
  expect(await send("POST", "/networks/create")).toMatchObject(refused(400, "invalid name: name is empty"));
});

test("pruning reports null for nothing", async () => {
  const { send, networks } = await start();
  await networks.create({ Name: "net" });
  expect(await send("POST", `/networks/prune?${filters({ until: ["x"] })}`)).toMatchObject(
    refused(400, 'failed to parse value as time or duration: "x"'),
  );
  expect((await send("POST", `/networks/prune?${filters({ until: ["24h"] })}`)).json).toEqual({ NetworksDeleted: null });
  expect((await send("POST", "/networks/prune")).json).toEqual({ NetworksDeleted: ["net"] });
});

test("a running container is connected at once, and disconnected", async () => {
  const { send, networks, containers } = await start();
  await networks.create({ Name: "net" });
  const connect = { Container: "up", EndpointConfig: { Aliases: ["bee"], GwPriority: 1 } };
  expect(await send("POST", "/networks/net/connect", connect)).toMatchObject({ status: 200, text: "" });
  expect(containers.up?.networks.net).toMatchObject({
    IPAddress: "172.18.0.2",
    DNSNames: ["up", "bee", "757000000000"],
    Links: null,
  });
  expect(await send("POST", "/networks/net/connect", connect)).toMatchObject(
    refused(403, "endpoint with name up already exists in network net"),
  );
  const list = (await send("GET", `/v1.27/networks?${filters({ name: ["net"] })}`)).json;
  expect(list).toMatchObject([{ Containers: { [container("up").id]: { IPv4Address: "172.18.0.2/16" } } }]);
  expect((await send("POST", "/networks/net/disconnect", { Container: "up" })).status).toBe(200);
  expect(Object.keys(containers.up?.networks ?? {})).toEqual(["bridge"]);
  expect(await send("POST", "/networks/net/disconnect", { Container: "up" })).toMatchObject(
    refused(500, `container ${container("up").id} is not connected to network net`),
  );
});

test("a container that does not run gets no address yet", async () => {
  const { send, networks, containers } = await start();
  await networks.create({ Name: "net" });
  for (const Aliases of [["a"], ["b"]])
    expect((await send("POST", "/networks/net/connect", { Container: "down", EndpointConfig: { Aliases } })).status).toBe(200);
  expect(containers.down?.networks.net).toMatchObject({ IPAddress: "", NetworkID: "", Aliases: ["b"] });
  expect((await send("POST", "/networks/net/disconnect", { Container: "down" })).status).toBe(200);
  expect(await send("POST", "/networks/net/disconnect", { Container: "down", Force: true })).toMatchObject(
    refused(500, `container ${container("down").id} is not connected to the network net`),
  );
});

const settings = "invalid endpoint settings:\n";
test.each<[string, string, object, number, string]>([
  ["nope", "connect", { Container: "up" }, 404, "network nope not found"],
  ["net", "connect", { Container: "nope" }, 404, "No such container: nope"],
  ["net", "connect", {}, 400, 'invalid name or ID supplied: ""'],
  [
    "host",
    "connect",
    { Container: "up" },
    400,
    "cannot connect container to host network - container must be created in host network mode",
  ],
  [
    "none",
    "connect",
    { Container: "up" },
    400,
    "container cannot be connected to multiple networks with one of the networks in private (none) mode",
  ],
  [
    "net",
    "connect",
    { Container: "alone" },
    400,
    "container cannot be connected to multiple networks with one of the networks in private (none) mode",
  ],
  [
    "net",
    "connect",
    { Container: "on-host" },
    400,
    "container sharing network namespace with another container or host cannot be connected to any other network",
  ],
  [
    "bridge",
    "connect",
    { Container: "down", EndpointConfig: { Aliases: ["a"] } },
    400,
    `${settings}network-scoped alias is supported only for containers in user defined networks`,
  ],
  [
    "bridge",
    "connect",
    { Container: "down", EndpointConfig: { IPAMConfig: { IPv4Address: "172.17.0.9" } } },
    400,
    `${settings}* user specified IP address is supported on user defined networks only\n* user specified IP address is supported only when connecting to networks with user configured subnets`,
  ],
  [
    "net",
    "connect",
    { Container: "up", EndpointConfig: { IPAMConfig: { IPv4Address: "10.9.9.9" } } },
    400,
    `${settings}user specified IP address is supported only when connecting to networks with user configured subnets`,
  ],
  [
    "own",
    "connect",
    { Container: "up", EndpointConfig: { IPAMConfig: { IPv4Address: "10.9.9.9" } } },
    400,
    `${settings}no configured subnet or ip-range contain the IP address 10.9.9.9`,
  ],
  ["own", "connect", { Container: "up", EndpointConfig: { MacAddress: "zzz" } }, 400, "invalid MAC address zzz"],
  [
    "own",
    "connect",
    { Container: "up", EndpointConfig: { IPAMConfig: { IPv4Address: "10.77.0.1" } } },
    403,
    "Address already in use",
  ],
  ["net", "disconnect", { Container: "nope" }, 404, "No such container: nope"],
  ["net", "disconnect", { Container: "nope", Force: true }, 404, "endpoint nope not found"],
  [
    "host",
    "disconnect",
    { Container: "on-host" },
    400,
    "cannot disconnect container from host network - container was created in host network mode",
  ],
])("%s %s %j is refused in the words of Docker", async (network, action, body, status, message) => {
  const { send, networks } = await start();
  await networks.create({ Name: "net" });
  await networks.create({ Name: "own", IPAM: { Config: [{ Subnet: "10.77.0.0/24" }] } });
  expect(await send("POST", `/networks/${network}/${action}`, body)).toMatchObject(refused(status, message));
});
