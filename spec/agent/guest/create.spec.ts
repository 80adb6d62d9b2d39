import { describe, expect, test } from "vitest";
import { containerFor, type GuestDefaults } from "../../../lib/agent/guest/create.js";
import type { Guest } from "../../../lib/agent/schemas/guest.js";

const none: GuestDefaults = { stdin: false, publishAll: false, requireNic: false, devices: [] };
const MB = 1024 * 1024;

describe("the container of a guest", () => {
  test("has the guest's ID as its name and host name, and what the guest leaves out is the engine's choice", () => {
    expect(containerFor({ id: "web", image: "busybox" }, none, undefined)).toEqual({
      name: "web",
      config: { Image: "busybox", Hostname: "web", OpenStdin: false, Labels: { "ts-dockerclient.agent.guest": "web" } },
      hostConfig: { PublishAllPorts: false },
    });
  });

  test("has every setting of the guest", () => {
    const guest: Guest = {
      id: "web",
      image: "busybox",
      type: "container",
      memory: 10,
      cpu: 2,
      vnc: 5_900,
      metadata: { team: "shop" },
      nics: [{ network: "front", mac: "02-42-0a-d3-05-09", address: "10.0.0.9" }, { network: "back", address: "fd00::9" }, {}],
      disks: [
        { device: "/srv", source: "/host", readOnly: true },
        { device: "/data", volume: "data" },
        { device: "/tmp", size: 3 },
        { device: "/run" },
      ],
      container: {
        command: ["httpd"],
        entrypoint: ["sh", "-c"],
        env: { A: "1", B: "" },
        user: "1000:1000",
        workingDirectory: "/srv",
        hostname: "other",
        tty: true,
        stdin: true,
        init: true,
        readOnly: true,
        restart: "always",
        ports: [
          { guest: 80, host: 8080, address: "127.0.0.1" },
          { guest: 80, host: 8081 },
          { guest: 53, protocol: "udp" },
        ],
        publishAll: true,
        stopTimeout: 3,
        privileged: false,
        devices: [{ host: "/dev/null" }, { host: "/dev/zero", guest: "/dev/empty", permissions: "r" }],
        capabilitiesAdded: ["NET_ADMIN"],
        capabilitiesDropped: ["ALL"],
        securityOptions: ["no-new-privileges"],
        runtime: "runc",
        cgroupParent: "/guests",
        pidMode: "host",
        ipcMode: "private",
      },
    };
    const { name, config, hostConfig, networkingConfig } = containerFor(guest, { ...none, devices: ["/dev/zfs"] }, "digest");
    expect(name).toBe("web");
    expect(config).toEqual({
      Image: "busybox",
      Hostname: "other",
      OpenStdin: true,
      Labels: {
        "ts-dockerclient.agent.guest": "web",
        "ts-dockerclient.agent.key": "digest",
        "ts-dockerclient.agent.metadata.team": "shop",
        "ts-dockerclient.agent.stored": JSON.stringify({ type: "container", vnc: 5_900, nics: guest.nics, disks: guest.disks }),
      },
      Cmd: ["httpd"],
      Entrypoint: ["sh", "-c"],
      Env: ["A=1", "B="],
      User: "1000:1000",
      WorkingDir: "/srv",
      Tty: true,
      StopTimeout: 3,
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
    });
    expect(hostConfig).toEqual({
      Memory: 10 * MB,
      NanoCpus: 2e9,
      PublishAllPorts: true,
      NetworkMode: "front",
      Mounts: [
        { Type: "bind", Source: "/host", Target: "/srv", ReadOnly: true },
        { Type: "volume", Source: "data", Target: "/data", ReadOnly: false },
        { Type: "tmpfs", Target: "/tmp", ReadOnly: false, TmpfsOptions: { SizeBytes: 3 * MB } },
        { Type: "tmpfs", Target: "/run", ReadOnly: false },
      ],
      Devices: [
        { PathOnHost: "/dev/zfs", PathInContainer: "/dev/zfs", CgroupPermissions: "rwm" },
        { PathOnHost: "/dev/null", PathInContainer: "/dev/null", CgroupPermissions: "rwm" },
        { PathOnHost: "/dev/zero", PathInContainer: "/dev/empty", CgroupPermissions: "r" },
      ],
      PortBindings: {
        "80/tcp": [
          { HostIp: "127.0.0.1", HostPort: "8080" },
          { HostIp: "", HostPort: "8081" },
        ],
        "53/udp": [{ HostIp: "", HostPort: "" }],
      },
      RestartPolicy: { Name: "always" },
      Privileged: false,
      CapAdd: ["NET_ADMIN"],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Runtime: "runc",
      CgroupParent: "/guests",
      PidMode: "host",
      IpcMode: "private",
      ReadonlyRootfs: true,
      Init: true,
    });
    expect(networkingConfig).toEqual({
      EndpointsConfig: {
        front: { MacAddress: "02:42:0a:d3:05:09", IPAMConfig: { IPv4Address: "10.0.0.9" } },
        back: { IPAMConfig: { IPv6Address: "fd00::9" } },
        bridge: {},
      },
    });
  });

  test("has the agent's settings where the guest has none", () => {
    const settings = { stdin: true, publishAll: true, requireNic: true, devices: [] };
    const guest: Guest = { id: "web", image: "busybox", nics: [{}] };
    const { config, hostConfig } = containerFor(guest, settings, undefined);
    expect([config.OpenStdin, hostConfig?.PublishAllPorts]).toEqual([true, true]);
    expect(containerFor({ ...guest, container: { stdin: false, publishAll: false } }, settings, undefined)).toMatchObject({
      config: { OpenStdin: false },
      hostConfig: { PublishAllPorts: false },
    });
  });

  test.each<[Partial<Guest>, string, string]>([
    [{ id: "a/b" }, 'the guest ID "a/b" is no container name', "guest.id"],
    [{ image: "" }, "missing image", "guest.image"],
    [{}, "must specify at least one nic", "guest.nics"],
    [
      { nics: [{}], container: { networkMode: "none" } },
      "a guest has nics or a networkMode, not both",
      "guest.container.networkMode",
    ],
    [{ nics: [{}, { network: "bridge" }] }, "nic 1 joins the network bridge a second time", "guest.nics.1.network"],
    [{ nics: [{ address: "10.0.0" }] }, 'nic 0: "10.0.0" is not an IP address', "guest.nics.0.address"],
    [
      {
        nics: [
          { network: "a", mac: "02:42:0a:d3:05:09" },
          { network: "b", mac: "02-42-0A-D3-05-09" },
        ],
      },
      "nic 1 has the MAC address of nic 0",
      "guest.nics.1.mac",
    ],
    [
      { nics: [{}], disks: [{ device: "/a", image: "x" }] },
      "disk 0 names an image, which containers do not support",
      "guest.disks.0.image",
    ],
    [{ nics: [{}], disks: [{}] }, "disk 0 needs a device: the absolute path in the guest", "guest.disks.0.device"],
    [
      { nics: [{}], disks: [{ device: "/a", volume: "v", source: "/s" }] },
      "disk 0 has a volume and a source",
      "guest.disks.0.source",
    ],
  ])("cannot be that of %j", (part, message, path) => {
    const guest = { id: "web", image: "busybox", ...part };
    expect(() => containerFor(guest, { ...none, requireNic: true }, undefined)).toThrow(
      expect.objectContaining({ kind: "invalidParams", message, data: { path } }) as Error,
    );
  });
});
