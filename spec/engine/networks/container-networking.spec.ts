import { expect, onTestFinished, test } from "vitest";
import type { ContainerRecord } from "../../../lib/engine/containers/record.js";
import { ContainerNetworking } from "../../../lib/engine/networks/container-networking.js";
import { newEndpoint } from "../../../lib/engine/networks/endpoint.js";
import type { Networks } from "../../../lib/engine/networks/networks.js";
import { PublishedPorts } from "../../../lib/engine/networks/published-ports.js";
import { container, openNetworks } from "./setup.js";

function recordOf(name: string, networks: string[]): ContainerRecord {
  return {
    ...container(name),
    created: "0",
    image: "sha256:0",
    layers: [],
    config: { Hostname: "me", ExposedPorts: { "80/tcp": {}, "81/tcp": {} } },
    hostConfig: { ExtraHosts: ["x:1.2.3.4"], PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1" }] } },
    networks: Object.fromEntries(networks.map((network) => [network, newEndpoint()])),
    ports: {},
    mounts: [],
    state: { status: "created", pid: 0, exitCode: 0, error: "", oomKilled: false },
    restartCount: 0,
  };
}

async function start(): Promise<{ networks: Networks; networking: ContainerNetworking }> {
  const { networks } = await openNetworks();
  await networks.create({ Name: "inside", Internal: true });
  const ports = new PublishedPorts();
  onTestFinished(() => ports.closeAll());
  return { networks, networking: new ContainerNetworking(networks, ports) };
}

const refuse = { connect: (): Promise<never> => Promise.reject(new Error("refused")) };

test("a container gets addresses and ports when it starts, and loses them when it ends", async () => {
  const { networks, networking } = await start();
  const record = recordOf("web", ["bridge", "inside"]);
  expect(networking.connect(record)).toMatch(/\n1\.2\.3\.4\tx\n172\.17\.0\.2\tme\n172\.18\.0\.2\tme\n$/);
  expect(record.networks).toMatchObject({ bridge: { IPAddress: "172.17.0.2" }, inside: { IPAddress: "172.18.0.2" } });
  await networking.publish(record, refuse);
  expect(record.ports).toEqual({
    "80/tcp": [{ HostIp: "127.0.0.1", HostPort: expect.stringMatching(/^\d+$/) as string }],
    "81/tcp": null,
  });
  networking.disconnect(record);
  expect(record.ports).toEqual({});
  expect(record.networks).toMatchObject({ bridge: { IPAddress: "", EndpointID: "" }, inside: { IPAddress: "" } });
  expect(networks.endpointsFor(record.id)).toEqual([]);
});

test.each(["host", "none", "inside"])("a container in the network %s publishes no ports", async (network) => {
  const { networking } = await start();
  const record = recordOf("web", [network]);
  networking.connect(record);
  await networking.publish(record, refuse);
  expect(record.ports).toEqual({});
});

test("a container without a host name is called by its ID", async () => {
  const { networking } = await start();
  const record = { ...recordOf("web", ["bridge"]), config: {} };
  expect(networking.connect(record)).toMatch(/\n172\.17\.0\.2\t776562000000\n$/);
});
