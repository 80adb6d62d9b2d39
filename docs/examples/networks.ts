/** Creates a network, connects two containers by name and address, and disconnects one of them. */
import { Client, ContainerNotConnectedError, NetworkAlreadyExistsError, NetworkInUseError } from "ts-dockerclient";

const client = Client.fromEnv();
const name = `example-${process.pid}`;
const prefix = `172.28.${process.pid % 256}`;
const labels = { example: "networks" };

const { Id: id } = await client.createNetwork({
  name,
  ipam: { Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] },
  labels,
});
const { Id: server } = await client.createContainer({
  config: { Image: "busybox", Cmd: ["sh", "-c", "echo welcome > /tmp/index.html; httpd -f -h /tmp"], Labels: labels },
});
try {
  await client.startContainer({ id: server });

  const address = `${prefix}.10`;
  const endpointConfig = { IPAMConfig: { IPv4Address: address }, Aliases: ["web"] };
  await client.connectNetwork({ id, container: server, endpointConfig });

  const { stdout } = await client.output({
    image: "busybox",
    command: ["wget", "-q", "-O", "-", `http://${address}/`],
    hostConfig: { NetworkMode: name },
  });
  console.log(`it says ${stdout.toString().trim()}`);

  const { Containers, IPAM } = await client.inspectNetwork({ id });
  console.log(`${Object.keys(Containers ?? {}).length} container in ${IPAM.Config?.[0]?.Subnet ?? "no range"}`);
  for (const network of await client.listNetworks({ filters: { label: "example=networks" } })) {
    console.log(`listed: ${network.Name}, driver ${network.Driver}, ${network.Scope}`);
  }

  await client.createNetwork({ name }).catch((error: unknown) => {
    if (!(error instanceof NetworkAlreadyExistsError)) throw error;
    console.log(`${error.name}: ${error.networkName === name ? "the name is taken" : "?"}`);
  });
  await client.removeNetwork({ id: name }).catch((error: unknown) => {
    if (!(error instanceof NetworkInUseError)) throw error;
    console.log(`${error.name}: the server is connected to it`);
  });

  await client.disconnectNetwork({ id, container: server });
  await client.disconnectNetwork({ id, container: server }).catch((error: unknown) => {
    if (!(error instanceof ContainerNotConnectedError)) throw error;
    console.log(`${error.name}: it is already disconnected`);
  });
} finally {
  await client.removeContainer({ id: server, force: true });
  await client.removeNetwork({ id });
  await client.close();
}
