import { expect, test } from "vitest";
import { checkStart } from "../../../lib/engine/containers/check-start.js";
import { BOX, started, startEngine } from "../../support/embedded-engine.js";

test.each([
  [{ Dns: ["zz"] }, 'bad nameserver address zz: ParseAddr("zz"): unable to parse IP'],
  [{ DeviceCgroupRules: ["bad"] }, "invalid device cgroup rule format: 'bad'"],
  [
    { Devices: [{ PathOnHost: "/dev/nosuch", PathInContainer: "/dev/x", CgroupPermissions: "rwm" }] },
    'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
  ],
  [{ DeviceRequests: [{ Driver: "nvidia", Count: 1 }] }, 'could not select device driver "nvidia" with capabilities: []'],
])("the settings %j fail the start", async (settings, message) => {
  await expect(checkStart(settings)).rejects.toMatchObject({ status: 500, message });
});

test("settings without faults do not", async () => {
  await checkStart({ Dns: ["1.1.1.1", "::1"], DeviceCgroupRules: ["c 1:3 rwm", "a *:* r"], Devices: [] });
});

test("a start that fails is not the end of a run that clients wait for", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ name: "waited", config: { Image: BOX, Cmd: ["nonesuch"] } });
  const ends: unknown[] = [];
  const waited = client.waitContainer({ id, condition: "next-exit" }).then((end) => ends.push(end.statusCode));
  const requests = client.waitContainer({ id, condition: "not-running" });
  await requests;
  await expect(client.startContainer({ id })).rejects.toThrow("executable file not found");
  await client.inspectContainer({ id });
  expect(ends).toEqual([]);
  await client.removeContainer({ id });
  await waited;
  expect(ends).toEqual([127]);
});

test("networks are looked for when a container starts", async () => {
  const { client } = await startEngine();
  const creating = (NetworkMode: string, config: object = {}) =>
    client.createContainer({ config: { Image: BOX, Cmd: ["sleep", "1000"], ...config }, hostConfig: { NetworkMode } });
  const { Id: id } = await creating("later");
  await expect(client.startContainer({ id })).rejects.toMatchObject({
    status: 404,
    reason: "failed to set up container networking: network later not found",
  });
  await client.createNetwork({ name: "later" });
  await client.startContainer({ id });
  const { Id: alone } = await creating("container:nosuch");
  await expect(client.startContainer({ id: alone })).rejects.toThrow(
    "joining network namespace of container: No such container: nosuch",
  );
  const { Id: other } = await client.createContainer({ name: "other", config: { Image: BOX } });
  const { Id: joined } = await creating("container:other");
  expect((await client.inspectContainer({ id: joined })).HostConfig.NetworkMode).toBe(`container:${other}`);
  await expect(client.startContainer({ id: joined })).rejects.toThrow(
    "cannot join network namespace of a non running container: container other is created",
  );
  await expect(creating("container:other", { Hostname: "x" })).rejects.toThrow("hostname and the network mode");
  await expect(creating("container:other", { ExposedPorts: { "80/tcp": {} } })).rejects.toThrow("port exposing");
});

test("requests without settings, and for other platforms and containers, are refused", async () => {
  const { client } = await startEngine();
  const creating = (hostConfig: object, platform?: string) =>
    client.createContainer({ config: { Image: BOX }, hostConfig, platform });
  await expect(creating({ IpcMode: "container:nosuch" })).rejects.toMatchObject({ reason: "No such container: nosuch" });
  await expect(creating({ VolumesFrom: ["nosuch"] })).rejects.toMatchObject({ reason: "No such container: nosuch" });
  await expect(creating({}, "linux/s390x")).rejects.toThrow(
    "was found but its platform (linux/amd64) does not match the specified platform (linux/s390x)",
  );
  await expect(client.createContainer({ config: {} })).rejects.toThrow("config cannot be empty in order to create a container");
  await expect(client.createContainer({ config: { Image: BOX, StopSignal: "NOSUCH" } })).rejects.toThrow(
    "invalid signal: NOSUCH",
  );
  const { Warnings } = await creating({ NetworkMode: "host", PortBindings: { "80/tcp": [{ HostPort: "1" }] } });
  expect(Warnings).toEqual(["Published ports are discarded when using host network mode"]);
  await started(client, ["true"]);
});
