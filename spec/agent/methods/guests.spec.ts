import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Client } from "../../../lib/client.js";
import { held } from "../../support/held.js";
import { temporaryFolder } from "../../support/servers.js";
import { type AgentBed, call1, call2, earlier, guestId, IMAGE, post, startAgent } from "../support/agent-bed.js";

const sleeper = { image: IMAGE, container: { command: ["sleep", "100"], stopTimeout: 1 } };

/** Creates a network with a subnet that is removed after the test. */
async function network({ client }: AgentBed, subnet?: string): Promise<string> {
  const name = `aproto-${randomBytes(5).toString("hex")}`;
  await client.createNetwork({ name, ...(subnet !== undefined && { ipam: { Config: [{ Subnet: subnet }] } }) });
  onTestFinished(async () => {
    await client.removeNetwork({ id: name });
  });
  return name;
}

/** A client of an engine that is asked for nothing but a ping. */
function silent(): Client {
  return { endpoint: "unix:///nowhere.sock", ping: () => Promise.resolve({}) } as unknown as Client;
}

/** Expects that a creation fails and leaves no container. */
async function expectRefusal(bed: AgentBed, guest: { id: string; [member: string]: unknown }, expected: object): Promise<void> {
  await expect(call2(bed, "CreateContainer", { guest })).rejects.toMatchObject(expected);
  await expect(bed.client.inspectContainer({ id: guest.id })).rejects.toThrow(/no such container/i);
}

describe("the life of a guest", () => {
  test("goes from creation to deletion in JSON-RPC 1.0, whose answers repeat the request", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const guest = { id, ...sleeper, memory: 10, cpu: 1, vnc: 5, nics: [], disks: [], metadata: { a: "b" } };
    const steps = [
      ["CreateContainer", "stopped"],
      ["StartContainer", "running"],
      ["StartContainer", "running"],
      ["PauseContainer", "paused"],
      ["UnpauseContainer", "running"],
      ["RestartContainer", "running"],
      ["RebootContainer", "running"],
      ["StopContainer", "stopped"],
      ["StopContainer", "stopped"],
      ["DeleteContainer", "deleted"],
    ] as const;
    for (const [method, state] of steps)
      expect(await call1(bed, method, { guest, action: "x", timeout: 1 }), method).toEqual({
        guest: { ...guest, state },
        action: "",
      });
    await expect(call1(bed, "StartContainer", { guest })).rejects.toThrow(id);
  });

  test("is described by the engine in JSON-RPC 2.0, with a remark on what was so before", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    const metadata = { owner: "somebody", "with.dot": "" };
    const created = await call2(bed, "CreateContainer", { guest: { id, ...sleeper, memory: 10, cpu: 1, vnc: 5, metadata } });
    expect(created).toMatchObject({
      guest: { id, type: "container", image: IMAGE, state: "stopped", memory: 10, cpu: 1, vnc: 5, metadata },
    });
    const { Config, HostConfig } = await bed.client.inspectContainer({ id });
    expect(Config).toMatchObject({ Hostname: id, OpenStdin: false });
    expect(Config.Labels).toMatchObject({
      "ts-dockerclient.agent.guest": id,
      "ts-dockerclient.agent.metadata.owner": "somebody",
      "ts-dockerclient.agent.metadata.with.dot": "",
    });
    expect(HostConfig).toMatchObject({ Memory: 10 * 1024 * 1024, NanoCpus: 1e9 });
    expect(await call2(bed, "StartContainer", { guest: { id } })).not.toHaveProperty("message");
    expect(await call2(bed, "StartContainer", { guest: { id } })).toMatchObject({ message: "the guest was running before" });
    await expect(call2(bed, "DeleteContainer", { guest: { id } })).rejects.toMatchObject({
      code: -32009,
      data: { kind: "conflict", engineStatus: 409 },
    });
    expect(await call2(bed, "KillContainer", { guest: { id }, signal: "SIGKILL" })).toHaveProperty("guest.id", id);
    await call2(bed, "WaitContainer", { id, timeout: 10 });
    expect(await call2(bed, "StopContainer", { guest: { id } })).toMatchObject({ message: "the guest was stopped before" });
    expect(await call2(bed, "DeleteContainer", { guest: { id } })).toMatchObject({ guest: { id, state: "deleted" } });
  });

  test("fails where the state is not what the method gives", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    await call2(bed, "CreateContainer", { guest: { id, ...sleeper } });
    for (const method of ["PauseContainer", "UnpauseContainer"])
      await expect(call2(bed, method, { guest: { id } }), method).rejects.toMatchObject({
        data: { engineStatus: expect.any(Number) as number },
      });
    await call2(bed, "StartContainer", { guest: { id } });
    await call2(bed, "PauseContainer", { guest: { id } });
    await expect(call2(bed, "PauseContainer", { guest: { id } })).rejects.toMatchObject({ code: -32009 });
    // a start of what runs is no failure, but a paused guest does not run
    await expect(call2(bed, "StartContainer", { guest: { id } })).rejects.toThrow();
    await expect(call1(bed, "StartContainer", { guest: { id } })).rejects.toThrow();
  });

  test("fails in a start after which the guest has ended already", async () => {
    const bed = await startAgent();
    const { client } = bed;
    const start = client.startContainer.bind(client);
    // so late that the inspection finds the end, however fast the engine is
    client.startContainer = async (options, call) => {
      const started = await start(options, call);
      await client.waitContainer({ id: options.id });
      return started;
    };
    const id = guestId(bed);
    await call2(bed, "CreateContainer", { guest: { id, image: IMAGE, container: { command: ["true"] } } });
    await expect(call2(bed, "StartContainer", { guest: { id } })).rejects.toMatchObject({
      code: -32022,
      message: "unexpected container state",
      data: { kind: "unexpectedState", expected: "running", actual: "stopped", containerId: id },
    });
    await expect(call1(bed, "StartContainer", { guest: { id } })).rejects.toThrow(/^unexpected container state$/);
  });

  test.each([
    "CreateContainer",
    "DeleteContainer",
    "StartContainer",
    "StopContainer",
    "RestartContainer",
    "RebootContainer",
    "PauseContainer",
    "UnpauseContainer",
  ])("needs a guest with an ID in %s", async (method) => {
    const bed = await startAgent();
    for (const params of [{}, { guest: null }, { guest: {} }, { guest: { id: "" } }]) {
      await expect(call1(bed, method, params)).rejects.toThrow(/^missing guest with id$/);
      await expect(call2(bed, method, params)).rejects.toMatchObject({ code: -32602, message: "missing guest with id" });
    }
    if (method === "CreateContainer") return;
    await expect(call2(bed, method, { guest: { id: "aproto-none" } })).rejects.toMatchObject({
      code: -32004,
      data: { engineStatus: 404 },
    });
    await expect(call1(bed, method, { guest: { id: "aproto-none" } })).rejects.toThrow(/no such container: aproto-none/i);
  });
});

describe("a creation", () => {
  test("needs an image", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    for (const image of [undefined, ""]) {
      await expectRefusal(bed, { id, image }, { code: -32602, message: "missing image", data: { path: "guest.image" } });
      await expect(call1(bed, "CreateContainer", { guest: { id, image } })).rejects.toThrow(/^missing image$/);
    }
    await expectRefusal(bed, { id, image: "aproto-none" }, { code: -32004, data: { engineStatus: 404 } });
  });

  test("needs an interface where the agent is set so", async () => {
    const bed = await startAgent({ guests: { requireNic: true } });
    const id = guestId(bed);
    const error = { code: -32602, message: "must specify at least one nic" };
    await expectRefusal(bed, { id, ...sleeper }, error);
    await expectRefusal(bed, { id, ...sleeper, nics: [] }, error);
    await expect(call1(bed, "CreateContainer", { guest: { id, ...sleeper } })).rejects.toThrow(/^must specify at least one nic$/);
  });

  test("gives a guest two interfaces with their addresses", async () => {
    const bed = await startAgent();
    const [first, second] = [await network(bed, "10.211.7.0/24"), await network(bed, "10.211.8.0/24")];
    const id = guestId(bed);
    const nics = [
      { network: first, mac: "02:42:0a:d3:07:09", address: "10.211.7.9", model: "virtio", vlans: [3] },
      { network: second, address: "10.211.8.9" },
    ];
    await call2(bed, "CreateContainer", { guest: { id, ...sleeper, nics } });
    const { guest } = await call2(bed, "StartContainer", { guest: { id } });
    const byNetwork = new Map(guest.nics?.map((nic) => [nic.network, nic]));
    expect(byNetwork.get(first)).toMatchObject({ ...nics[0], netmask: "255.255.255.0", gateway: "10.211.7.1" });
    expect(byNetwork.get(second)).toMatchObject({ address: "10.211.8.9", netmask: "255.255.255.0" });
    await bed.client.removeContainer({ id, force: true });
  });

  test("joins two networks before API 1.44 as well, also if it was cut off between them", async () => {
    const bed = await startAgent();
    const client = earlier(bed, "1.41");
    const stateDirectory = await temporaryFolder();
    const joining = held();
    // like an agent that is killed there: neither the work nor its key has an outcome
    const hanging = Object.assign(earlier(bed, "1.41"), {
      connectNetwork: () => (joining.release(), new Promise<void>(() => undefined)),
    });
    const stuck = await startAgent({ stateDirectory, client: hanging });
    const [first, second] = [await network(bed, "10.211.5.0/24"), await network(bed, "10.211.6.0/24")];
    const id = guestId(bed);
    const mac = "02:42:0a:d3:05:09";
    const nics = [
      { network: first, mac, address: "10.211.5.9" },
      { network: second, address: "10.211.6.9" },
    ];
    await expectRefusal(
      stuck,
      { id, ...sleeper, nics: [{ network: first }, { network: second, mac }] },
      {
        message: "nic 1: before API 1.44, engines set the MAC address of the first interface only",
      },
    );
    const guest = { id, ...sleeper, nics };
    const key = { "idempotency-key": id };
    const request = { jsonrpc: "2.0", id: 1, method: "CreateContainer", params: { guest } };
    void post(stuck.url, request, key).catch(() => undefined); // its answer never comes
    await joining.promise;
    const copy = await temporaryFolder();
    cpSync(stateDirectory, copy, { recursive: true, filter: (path) => !path.endsWith(".lock") }); // an agent that is killed holds none
    const old = await startAgent({ stateDirectory: copy, client });
    expect(JSON.parse((await post(old.url, request, key)).text)).toHaveProperty("result.guest.id", id);
    await call2(old, "StartContainer", { guest: { id } });
    const { NetworkSettings } = await old.client.inspectContainer({ id });
    expect(NetworkSettings.Networks?.[first]).toMatchObject({ IPAddress: "10.211.5.9", MacAddress: mac });
    expect(NetworkSettings.Networks?.[second]).toMatchObject({ IPAddress: "10.211.6.9" });
    await bed.client.removeContainer({ id, force: true });
  });

  test.each(["02:42:0a:d3:07", "02:42:0a:d3:07:0g", "02:42:0a-d3-07-09", "01:00:5e:00:00:01", "00:00:00:00:00:00", "x", " "])(
    "names the interface with the MAC address %j, before the engine sees it",
    async (mac) => {
      const bed = await startAgent({ client: silent() });
      await expect(
        call2(bed, "CreateContainer", { guest: { id: "aproto-mac", ...sleeper, nics: [{ network: "none-such", mac }] } }),
      ).rejects.toMatchObject({
        code: -32602,
        message: `nic 0: ${JSON.stringify(mac)} is not a MAC address`,
        data: { path: "guest.nics.0.mac" },
      });
    },
  );

  test("names the interface that is wrong and leaves nothing", async () => {
    const bed = await startAgent();
    const name = await network(bed, "10.211.9.0/24");
    const id = guestId(bed);
    const guest = (...nics: object[]): { id: string; [member: string]: unknown } => ({ id, ...sleeper, nics });
    const mac = "02:42:0a:d3:09:09";
    await expectRefusal(bed, guest({ network: name }, { network: "aproto-none" }), {
      code: -32004,
      message: "nic 1: no such network: aproto-none",
      data: { kind: "notFound", engineStatus: 404, path: "guest.nics.1.network" },
    });
    await expectRefusal(bed, guest({ network: name, address: "10.211.10.9" }), {
      code: -32602,
      message: `nic 0: the address 10.211.10.9 is in no subnet of the network ${name}, which has 10.211.9.0/24`,
      data: { path: "guest.nics.0.address" },
    });
    await expectRefusal(bed, guest({ network: name, address: "10.211.9" }), {
      message: 'nic 0: "10.211.9" is not an IP address',
    });
    await expectRefusal(bed, guest({ network: name, mac }, { mac: mac.toUpperCase() }), {
      message: "nic 1 has the MAC address of nic 0",
    });
    await expectRefusal(bed, guest({ network: name }, { network: name }), { data: { path: "guest.nics.1.network" } });
    await expect(call1(bed, "CreateContainer", { guest: guest({ network: "aproto-none" }) })).rejects.toThrow(
      /^nic 0: no such network: aproto-none$/,
    );
  });

  test.each([
    ["privileged", { privileged: true }, "privileged"],
    ["a device", { devices: [{ host: "/dev/null" }] }, "devices"],
    ["a capability", { capabilitiesAdded: ["cap_sys_admin"] }, "capabilities"],
    ["a security option", { securityOptions: ["seccomp=unconfined"] }, "securityOptions"],
    ["a runtime", { runtime: "other" }, "runtimes"],
    ["a control group", { cgroupParent: "/x" }, "cgroupParents"],
    ["the host's network", { networkMode: "host" }, "hostNamespaces"],
    ["the host's processes", { pidMode: "HOST" }, "hostNamespaces"],
    ["another container's IPC", { ipcMode: "container:x" }, "hostNamespaces"],
  ])("with %s is refused by default, in either version", async (_, container, rule) => {
    const bed = await startAgent();
    const id = guestId(bed);
    const { code, data } = { code: -32031, data: { kind: "policy", rule } };
    await expectRefusal(bed, { id, image: IMAGE, container }, { code, data });
    const shouted = Object.fromEntries(Object.entries(container).map(([name, value]) => [name.toUpperCase(), value]));
    await expect(call1(bed, "CreateContainer", { GUEST: { Id: id, IMAGE, Container: shouted } })).rejects.toThrow(/not allowed/);
  });

  test("mounts no folder of the host by default", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    for (const disk of [{ source: "/etc" }, { source: "/var/run/docker.sock" }, { volume: "/etc" }])
      await expectRefusal(
        bed,
        { id, image: IMAGE, disks: [{ device: "/x", ...disk }] },
        { code: -32031, data: { rule: "bindRoots" } },
      );
  });

  test("has no room for members that a guest does not have, which 1.0 ignores", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    await expectRefusal(bed, { id, image: IMAGE, other: 1 }, { code: -32602 });
    expect(await call1(bed, "CreateContainer", { guest: { id, IMAGE, other: 1, nics: null } })).toHaveProperty(
      "guest.state",
      "stopped",
    );
  });
});
