import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { CreateServiceOptions } from "../../../lib/api/services/create.js";
import { serviceSpecVersions } from "../../../lib/api/services/spec-versions.js";
import { BadRequestError, ForbiddenError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchNetworkError } from "../../../lib/errors/network-errors.js";
import { SwarmObjectAlreadyExistsError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { ServiceSpec } from "../../../lib/types/service.js";
import { decodeHeader } from "../../support/auth-header.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const created = { status: 201, body: { ID: "s1" } };
const withImage = (Image: string): ServiceSpec => ({ Name: "web", TaskTemplate: { ContainerSpec: { Image } } });

/** A spec with every setting of a service. */
const whole: ServiceSpec = {
  Name: "web",
  Labels: { app: "shop" },
  TaskTemplate: {
    ContainerSpec: {
      Image: "nginx:1",
      Labels: { tier: "front" },
      Command: ["nginx"],
      Args: ["-g", "daemon off;"],
      Hostname: "web-{{.Task.Slot}}",
      Env: ["A=1"],
      Dir: "/srv",
      User: "www",
      Groups: ["staff"],
      Privileges: {
        CredentialSpec: { Config: "c1" },
        SELinuxContext: { Disable: false, User: "u", Role: "r", Type: "t", Level: "l" },
        Seccomp: { Mode: "custom", Profile: "e30=" },
        AppArmor: { Mode: "disabled" },
        NoNewPrivileges: true,
      },
      TTY: false,
      OpenStdin: false,
      ReadOnly: true,
      Mounts: [{ Type: "volume", Source: "data", Target: "/data" }],
      StopSignal: "SIGQUIT",
      StopGracePeriod: 1e9,
      Healthcheck: { Test: ["CMD", "true"] },
      Hosts: ["10.0.0.1 db"],
      DNSConfig: { Nameservers: ["10.0.0.2"], Search: ["example"], Options: ["ndots:2"] },
      Secrets: [{ File: { Name: "key", UID: "0", GID: "0", Mode: 0o400 }, SecretID: "s", SecretName: "key" }],
      Configs: [
        { File: { Name: "/etc/app", UID: "0", GID: "0", Mode: 0o444 }, ConfigID: "c", ConfigName: "app" },
        { Runtime: {}, ConfigID: "c1", ConfigName: "account" },
      ],
      Isolation: "default",
      Init: true,
      Sysctls: { "net.core.somaxconn": "1024" },
      CapabilityAdd: ["CAP_NET_ADMIN"],
      CapabilityDrop: ["CAP_CHOWN"],
      Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
      OomScoreAdj: 10,
    },
    Resources: {
      Limits: { NanoCPUs: 1e9, MemoryBytes: 1024, Pids: 0 },
      Reservations: {
        NanoCPUs: 0,
        MemoryBytes: 512,
        GenericResources: [
          { DiscreteResourceSpec: { Kind: "SSD", Value: 3 } },
          { NamedResourceSpec: { Kind: "GPU", Value: "g1" } },
        ],
      },
    },
    RestartPolicy: { Condition: "on-failure", Delay: 1, MaxAttempts: 0, Window: 2 },
    Placement: {
      Constraints: ["node.role==manager"],
      Preferences: [{ Spread: { SpreadDescriptor: "node.labels.rack" } }],
      MaxReplicas: 2,
      Platforms: [{ Architecture: "x86_64", OS: "linux" }],
    },
    ForceUpdate: 0,
    Runtime: "container",
    Networks: [{ Target: "front", Aliases: ["w"], DriverOpts: { a: "b" } }],
    LogDriver: { Name: "json-file", Options: { "max-size": "1m" } },
  },
  Mode: { Replicated: { Replicas: 0 } },
  UpdateConfig: { Parallelism: 0, Delay: 1, FailureAction: "rollback", Monitor: 2, MaxFailureRatio: 0.5, Order: "start-first" },
  RollbackConfig: { Parallelism: 1, Delay: 0, FailureAction: "pause", Monitor: 2, MaxFailureRatio: 0, Order: "stop-first" },
  EndpointSpec: {
    Mode: "dnsrr",
    Ports: [{ Name: "http", Protocol: "tcp", TargetPort: 80, PublishedPort: 8080, PublishMode: "host" }],
  },
};

describe("Client.createService", () => {
  it("sends the spec unchanged as the body", async () => {
    const { client, lines, requests } = await recordingDaemon(created);
    expect(await client.createService({ spec: whole })).toEqual({ ID: "s1" });
    expect(lines()).toEqual(["POST /v1.51/services/create"]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual(whole);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it.each<[Omit<CreateServiceOptions, "spec">, string, unknown]>([
    [{}, "registry:5000/app:1", { username: "u", password: "p", serveraddress: "registry:5000" }],
    [{}, "elsewhere:5000/app:1", undefined],
    [{}, "nginx", undefined],
    [{ auth: false }, "registry:5000/app", undefined],
    [
      { auth: { username: "a", password: "b" } },
      "app",
      { username: "a", password: "b", serveraddress: "https://index.docker.io/v1/" },
    ],
    [{}, "", undefined],
  ])("sends credentials for %j and image %s: %j", async (options, image, expected) => {
    const { client, requests } = await recordingDaemon(created, { auth: { "registry:5000": { username: "u", password: "p" } } });
    await client.createService({ spec: withImage(image), ...options });
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it("hides the credentials from interceptors and errors", async () => {
    const { client } = await recordingDaemon({ status: 500, body: { message: "no" } });
    let seen = "";
    client.axios.interceptors.request.use((config) => {
      seen += inspect(config, { depth: 9 });
      return config;
    });
    const auth = { username: "me", password: "sesame" };
    const error: unknown = await client.createService({ spec: withImage("app"), auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerError);
    for (const text of [seen, inspect(error, { depth: 9 })]) expect(text).not.toMatch(/sesame|X-Registry-Auth/i);
  });

  it.each(Object.entries(serviceSpecVersions).filter(([part]) => !part.includes("[]")))(
    "rejects %s before API %s",
    async (part, since) => {
      const [, minor = ""] = since.split(".");
      const { client, requests } = await recordingDaemon(created, { apiVersion: `1.${Number(minor) - 1}` });
      const spec = part.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), ["x"]);
      const refused = client.createService({ spec: spec as ServiceSpec });
      await expect(refused).rejects.toThrow(UnsupportedVersionError);
      expect(requests).toEqual([]);
    },
  );

  it("rejects a missing spec before anything is sent", async () => {
    const { client, requests } = await recordingDaemon(created);
    await expect(client.createService({} as CreateServiceOptions)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [
      409,
      "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service web already exists",
      SwarmObjectAlreadyExistsError,
      { kind: "service", objectName: "web" },
    ],
    [400, "rpc error: code = InvalidArgument desc = secret not found: key", BadRequestError, {}],
    [403, "The network x cannot be used with services.", ForbiddenError, {}],
    [500, "network front not found", NoSuchNetworkError, { id: "front" }],
    [404, "network front not found", NoSuchNetworkError, { id: "front" }],
    [500, 'runtime type "plugin" only supported in experimental', ServerError, {}],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError, {}],
  ])("maps %i %s to its error class", async (status, message, expected, more) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error: unknown = await client.createService({ spec: withImage("nginx") }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ ...more, status, operation: "createService" });
  });
});
