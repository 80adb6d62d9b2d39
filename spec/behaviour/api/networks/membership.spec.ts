import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../lib/errors/api-error.js";
import { NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import {
  ContainerAlreadyConnectedError,
  ContainerNotConnectedError,
  NoSuchNetworkError,
} from "../../../../lib/errors/network-errors.js";
import {
  client,
  container,
  IMAGE,
  needsApi,
  podmanVersion,
  runningContainer,
  uniqueName,
  useEngine,
} from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";
import { network, range } from "../../../support/networks.js";

useEngine();

/** The endpoint settings that a container reports for a network. */
const placeOf = async (id: string, name: string) => (await client.inspectContainer({ id })).NetworkSettings.Networks?.[name];

describe("connectNetwork and disconnectNetwork", () => {
  it("connect a running container with an address and an alias, and disconnect it", async () => {
    const prefix = range();
    const { id, name } = await network({ ipam: { Config: [{ Subnet: `${prefix}.0/24` }] } });
    const server = await runningContainer(["sh", "-c", "echo hello > /www/index.html; httpd -f -h /www"]);
    const address = `${prefix}.77`;
    const endpointConfig = { IPAMConfig: { IPv4Address: address }, Aliases: ["www"] };
    await client.connectNetwork({ id, container: server, endpointConfig });

    expect((await client.inspectNetwork({ id })).Containers?.[server]).toMatchObject({ IPv4Address: `${address}/24` });
    const place = await placeOf(server, name);
    expect(place).toMatchObject({ IPAddress: address });
    expect(place?.Aliases).toContain("www");
    const options = { image: IMAGE, hostConfig: { NetworkMode: name }, pull: "never" } as const;
    const { stdout } = await client.output({ ...options, command: ["wget", "-q", "-O", "-", `http://${address}/`] });
    expect(stdout.toString()).toBe("hello\n");

    await client.disconnectNetwork({ id, container: server });
    expect((await client.inspectNetwork({ id })).Containers).toEqual({});
    expect(await placeOf(server, name)).toBeUndefined();
  });

  it("connect a stopped container, and disconnect it", async () => {
    const { id, name } = await network();
    const sleeper = await container({ Cmd: ["sleep", "60"] });
    await client.connectNetwork({ id, container: sleeper });
    expect(await placeOf(sleeper, name)).toBeDefined();
    await client.startContainer({ id: sleeper });
    expect(Object.keys((await client.inspectNetwork({ id })).Containers ?? {})).toEqual([sleeper]);
    await client.disconnectNetwork({ id, container: sleeper, force: true });
    expect(await placeOf(sleeper, name)).toBeUndefined();
  });

  it("set a MAC address if the engine supports it", async (context) => {
    context.skip(podmanVersion === undefined, "Docker accepts a MAC address only for a new container, not in connectNetwork");
    const { id, name } = await network();
    const sleeper = await runningContainer(["sleep", "60"]);
    const MacAddress = "02:42:ac:1d:00:09";
    await client.connectNetwork({ id, container: sleeper, endpointConfig: { MacAddress } });
    expect(await placeOf(sleeper, name)).toMatchObject({ MacAddress });
  });

  it("pass options to the driver", async (context) => {
    notOnPodman(context, "does not report the driver settings of a container in a network");
    const { id, name } = await network();
    const sleeper = await runningContainer(["sleep", "60"]);
    const DriverOpts = { "com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.forwarding=1" };
    await client.connectNetwork({ id, container: sleeper, endpointConfig: { DriverOpts } });
    expect(await placeOf(sleeper, name)).toMatchObject({ DriverOpts });
  });

  it("set the gateway priority", async (context) => {
    needsApi(context, "1.48");
    const prefix = range();
    const { id, name } = await network({ ipam: { Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] } });
    const sleeper = await runningContainer(["sleep", "60"]);
    await client.connectNetwork({ id, container: sleeper, endpointConfig: { GwPriority: 9 } });
    expect(await placeOf(sleeper, name)).toMatchObject({ GwPriority: 9 });
    const { stdout } = await client.execute({ container: sleeper, cmd: ["ip", "route"] });
    expect(stdout.toString()).toContain(`default via ${prefix}.1`);
  });

  it("reject a repeated call", async () => {
    const { id } = await network();
    const sleeper = await runningContainer(["sleep", "60"]);
    const named = { networkId: id, containerId: sleeper };
    await client.connectNetwork({ id, container: sleeper });
    const again = await client.connectNetwork({ id, container: sleeper }).catch((e: unknown) => e);
    expect(again).toBeInstanceOf(ContainerAlreadyConnectedError);
    expect(again).toMatchObject({ ...named, operation: "connectNetwork" });
    await client.disconnectNetwork({ id, container: sleeper });
    const gone = await client.disconnectNetwork({ id, container: sleeper }).catch((e: unknown) => e);
    expect(gone).toBeInstanceOf(ContainerNotConnectedError);
    expect(gone).toMatchObject({ ...named, operation: "disconnectNetwork" });
  });

  it("reject a missing network or container", async () => {
    const { id } = await network();
    const sleeper = await runningContainer(["sleep", "60"]);
    const missing = uniqueName();
    for (const method of ["connectNetwork", "disconnectNetwork"] as const) {
      const noContainer = await client[method]({ id, container: missing }).catch((e: unknown) => e);
      expect(noContainer).toBeInstanceOf(NoSuchContainerError);
      expect(noContainer).toMatchObject({ id: missing, operation: method });
      const noNetwork = await client[method]({ id: missing, container: sleeper }).catch((e: unknown) => e);
      expect(noNetwork).toBeInstanceOf(NoSuchNetworkError);
      expect(noNetwork).toMatchObject({ id: missing, operation: method });
    }
    await expect(client.connectNetwork({ id: "host", container: sleeper })).rejects.toBeInstanceOf(ApiError);
  });
});
