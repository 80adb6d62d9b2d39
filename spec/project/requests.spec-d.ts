import { describe, it } from "vitest";
import type { Client } from "../../lib/client.js";

// requests.spec.ts compiles this file with exactOptionalPropertyTypes as well

declare const client: Client;

describe("the body of a request", () => {
  it("may have undefined members", () => {
    void client.createContainer({
      name: undefined,
      config: { Image: "a", Env: undefined, Healthcheck: { Test: undefined }, Labels: undefined },
      hostConfig: {
        Memory: undefined,
        RestartPolicy: { Name: undefined },
        Mounts: [{ Type: "bind", Target: "/a", Source: undefined }],
      },
      networkingConfig: { EndpointsConfig: { a: { IPAMConfig: { IPv4Address: undefined } } } },
    });
    void client.updateContainer({ id: "a", update: { Memory: undefined } });
    void client.createNetwork({ name: "a", ipam: { Config: [{ Subnet: undefined }] } });
    void client.createService({ spec: { Name: undefined, TaskTemplate: { ContainerSpec: { Image: "a", Args: undefined } } } });
    void client.initSwarm({ spec: { Labels: undefined } });
  });

  it("may be a constant", () => {
    const container = {
      config: { Image: "a", Cmd: ["sleep", "1"], Env: ["A=b"], Healthcheck: { Test: ["NONE"] } },
      hostConfig: {
        Binds: ["/a:/b"],
        PortBindings: { "80/tcp": [{ HostPort: "80" }] },
        Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
        DeviceRequests: [{ Count: -1, Capabilities: [["gpu"]] }],
      },
    } as const;
    void client.createContainer(container);
    void client.runContainer({ image: "a", ...container });
    const network = { name: "a", ipam: { Config: [{ Subnet: "10.0.0.0/24" }] } } as const;
    void client.createNetwork(network);
    const spec = {
      Name: "a",
      TaskTemplate: { ContainerSpec: { Image: "a", Args: ["b"], Mounts: [{ Type: "tmpfs", Target: "/t" }] } },
    } as const;
    void client.createService({ spec });
    void client.updateService({ id: "a", version: 1, spec });
  });

  it("may be declared before the call, where TypeScript widens its strings", () => {
    const hostConfig = {
      RestartPolicy: { Name: "always" },
      CgroupnsMode: "private",
      Mounts: [{ Type: "bind", Source: "/a", Target: "/b", BindOptions: { Propagation: "rprivate" } }],
    };
    void client.createContainer({ config: { Image: "a" }, hostConfig });
    void client.updateContainer({ id: "a", update: { RestartPolicy: hostConfig.RestartPolicy } });
    const spec = {
      TaskTemplate: { ContainerSpec: { Image: "a" }, RestartPolicy: { Condition: "any" } },
      UpdateConfig: { Parallelism: 1, FailureAction: "pause", Order: "start-first" },
      EndpointSpec: { Mode: "vip", Ports: [{ Protocol: "tcp", TargetPort: 80, PublishMode: "host" }] },
    };
    void client.createService({ spec });
    const node = { Availability: "drain", Role: "worker" };
    void client.updateNode({ id: "a", version: 1, spec: node });
    void client.updateNode({ id: "a", spec: (current) => ({ ...current, ...node }) });
  });

  it("has the types of its members", () => {
    // @ts-expect-error a number in place of a name
    void client.updateContainer({ id: "a", update: { RestartPolicy: { Name: 1 } } });
    // @ts-expect-error a number in place of a string
    void client.createContainer({ config: { Image: 1 } });
    // @ts-expect-error a string in place of a list
    void client.createContainer({ config: { Image: "a" }, hostConfig: { Binds: "/a:/b" } });
    // @ts-expect-error an unknown member
    void client.createContainer({ config: { Image: "a" }, hostConfig: { Memroy: 1 } });
  });
});

describe("an inspection", () => {
  it("fits the requests that create and update the object", async () => {
    const { Config, HostConfig, NetworkSettings } = await client.inspectContainer({ id: "a" });
    void client.createContainer({
      config: Config,
      hostConfig: HostConfig,
      networkingConfig: { EndpointsConfig: NetworkSettings.Networks },
    });
    void client.runContainer({ image: "a", config: Config, hostConfig: HostConfig });
    void client.updateContainer({ id: "a", update: HostConfig });
    void client.commitContainer({ container: "a", run: Config });
    for (const [id, endpointConfig] of Object.entries(NetworkSettings.Networks ?? {})) {
      void client.connectNetwork({ id, container: "a", endpointConfig });
    }
    const { Name, Driver, Scope, IPAM, ConfigFrom, Options, Labels } = await client.inspectNetwork({ id: "a" });
    void client.createNetwork({
      name: Name,
      driver: Driver,
      scope: Scope,
      ipam: IPAM,
      configFrom: ConfigFrom,
      options: Options,
      labels: Labels,
    });
    const volume = await client.inspectVolume({ name: "a" });
    void client.createVolume({
      name: volume.Name,
      driver: volume.Driver,
      driverOpts: volume.Options,
      labels: volume.Labels,
      clusterVolumeSpec: volume.ClusterVolume?.Spec,
    });
    const service = await client.inspectService({ id: "a" });
    void client.createService({ spec: service.Spec });
    void client.updateService({ id: "a", version: service.Version.Index, spec: service.Spec });
    const node = await client.inspectNode({ id: "a" });
    void client.updateNode({ id: "a", version: node.Version.Index, spec: node.Spec });
    const secret = await client.inspectSecret({ id: "a" });
    void client.updateSecret({ id: "a", version: secret.Version.Index, spec: secret.Spec });
    const config = await client.inspectConfig({ id: "a" });
    void client.updateConfig({ id: "a", version: config.Version.Index, spec: config.Spec });
    const swarm = await client.inspectSwarm();
    void client.updateSwarm({ version: swarm.Version.Index, spec: swarm.Spec });
    void client.initSwarm({ spec: swarm.Spec });
  });
});
