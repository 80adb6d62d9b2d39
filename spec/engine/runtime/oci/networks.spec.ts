import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { BOX, ociClient, runBox, startBox } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 120_000 });

const serving = ["sh", "-c", "mkdir /w; echo page >/w/index.html; exec httpd -f -p 80 -h /w"];

/** A shell command that fetches a page as soon as it is served. */
const fetching = (url: string): string => `until wget -qO- ${url} 2>/dev/null; do sleep 0.1; done`;

test("containers of a network reach each other by address, name and alias", async (context) => {
  const client = await ociClient(context);
  await client.createNetwork({ name: "reach" });
  const { Id: id } = await client.createContainer({
    name: "reached",
    config: { Image: BOX, Cmd: serving },
    hostConfig: { NetworkMode: "reach" },
  });
  await client.startContainer({ id });
  const { NetworkSettings } = await client.inspectContainer({ id });
  const address = NetworkSettings.Networks?.reach?.IPAddress ?? "";
  for (const host of [address, id.slice(0, 12), "reached"]) {
    expect(await runBox(client, ["sh", "-c", fetching(`http://${host}/`)], { NetworkMode: "reach" })).toMatchObject({
      stdout: "page\n",
    });
  }
  const unknown = await runBox(client, ["nslookup", "unknown"], { NetworkMode: "reach" });
  expect(unknown.stdout).toContain("NXDOMAIN");
  await client.removeContainer({ id, force: true });
  await client.removeNetwork({ id: "reach" });
});

test("a container that runs is connected to a network, and disconnected", async (context) => {
  const client = await ociClient(context);
  await client.createNetwork({ name: "late" });
  const server = await startBox(client, serving, { NetworkMode: "late" });
  const id = await startBox(client, ["sleep", "1000"]);
  const interfaces = async (): Promise<string> =>
    (await client.execute({ container: id, cmd: ["sh", "-c", "cd /sys/class/net; echo *"] })).stdout.toString();
  expect(await interfaces()).toBe("eth0 lo\n");
  await client.connectNetwork({ id: "late", container: id });
  expect(await interfaces()).toBe("eth0 eth1 lo\n");
  const { stdout } = await client.execute({ container: id, cmd: ["sh", "-c", fetching(`http://${server.slice(0, 12)}/`)] });
  expect(stdout.toString()).toBe("page\n");
  await client.disconnectNetwork({ id: "late", container: id });
  expect(await interfaces()).toBe("eth0 lo\n");
  for (const each of [id, server]) await client.removeContainer({ id: each, force: true });
  await client.removeNetwork({ id: "late" });
});

test("published ports lead to the container, by IPv4 and by IPv6", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, serving, { PortBindings: { "80/tcp": [{}] } });
  await client.execute({ container: id, cmd: ["sh", "-c", fetching("http://127.0.0.1/")] });
  const bindings = (await client.inspectContainer({ id })).NetworkSettings.Ports?.["80/tcp"] ?? [];
  expect(bindings.map(({ HostIp }) => HostIp)).toContain("0.0.0.0");
  for (const { HostIp = "", HostPort = "" } of bindings) {
    const host = HostIp === "::" ? "[::1]" : "127.0.0.1";
    expect(await (await fetch(`http://${host}:${HostPort}/`)).text()).toBe("page\n");
  }
  await client.removeContainer({ id, force: true });
});

test("a published UDP port leads to the container, and back to the client", async (context) => {
  const client = await ociClient(context);
  // the small programs of the image know no UDP: the Node.js of this machine does, with its libraries
  const folders = ["/usr", "/lib", "/lib64", dirname(process.execPath)].filter((folder) => existsSync(folder));
  const echo = `const socket = require("node:dgram").createSocket("udp4");
    socket.on("message", (data, { port, address }) => socket.send(data, port, address)).bind(53);`;
  const id = await startBox(client, [process.execPath, "-e", echo], {
    Binds: [...new Set(folders)].map((folder) => `${folder}:${folder}:ro`),
    PortBindings: { "53/udp": [{ HostIp: "127.0.0.1" }] },
  });
  const [binding] = (await client.inspectContainer({ id })).NetworkSettings.Ports?.["53/udp"] ?? [];
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  const answers: string[] = [];
  socket.on("message", (data) => answers.push(data.toString()));
  // the program may not listen yet
  await vi.waitFor(
    () => {
      socket.send("hello", Number(binding?.HostPort), "127.0.0.1");
      expect(answers).toContain("hello");
    },
    { timeout: 60_000, interval: 100 },
  );
  await client.removeContainer({ id, force: true });
});

test("containers share the network of the host, of another container, or have none", async (context) => {
  const client = await ociClient(context);
  const interfaces = ["sh", "-c", "cd /sys/class/net; echo *"];
  expect((await runBox(client, interfaces, { NetworkMode: "none" })).stdout).toBe("lo\n");
  const id = await startBox(client, serving);
  const shared = await runBox(client, ["sh", "-c", fetching("http://127.0.0.1/")], { NetworkMode: `container:${id}` });
  expect(shared.stdout).toBe("page\n");
  await client.removeContainer({ id, force: true });
  const namespace = ["readlink", "/proc/self/ns/net"];
  const ofHost = (await runBox(client, namespace, { NetworkMode: "host" })).stdout;
  expect((await runBox(client, namespace, { NetworkMode: "host" })).stdout).toBe(ofHost);
  expect((await runBox(client, namespace)).stdout).not.toBe(ofHost);
});
