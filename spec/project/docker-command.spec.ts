import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CreateContainerOptions } from "../../lib/api/containers/create.js";
import type { Client } from "../../lib/client.js";
import { top } from "../support/installed-package.js";
import { recordingDaemon } from "../support/recording-daemon.js";

/** A command and its request, as `spec/fixtures/record-docker-command.js` writes them. */
interface Recording {
  /** The release of the docker command. */
  docker: string;
  command: string;
  /** API version. */
  version: string;
  /** Method and path of the request. */
  line: string;
  body: object;
  /** The output of the command if it sends nothing. */
  rejected?: string;
}

/** The members that the client moves or adds. */
interface Body {
  MacAddress?: string;
  ExposedPorts?: object;
  HostConfig?: { NetworkMode?: string; PortBindings?: object; Links?: string[] };
  NetworkingConfig?: { EndpointsConfig?: object };
  EndpointConfig?: object;
  Networks?: unknown[];
  TaskTemplate?: { Networks?: unknown[] };
}

type Call = (client: Client) => Promise<unknown>;

const MAC = "02:42:ac:11:00:02";
const ID = "0a1b2c3d".repeat(8);
const config = { Image: "app" };
const withMac = { ...config, MacAddress: MAC };
const inNetwork = (NetworkMode: string, ...networks: string[]) => ({
  hostConfig: { NetworkMode },
  networkingConfig: { EndpointsConfig: Object.fromEntries(networks.map((name) => [name, {}])) },
});
const macInNetwork = (network: string, NetworkMode = network) => ({
  hostConfig: { NetworkMode },
  networkingConfig: { EndpointsConfig: { [network]: { MacAddress: MAC } } },
});
const create =
  (options: Omit<CreateContainerOptions, "config">, own: CreateContainerOptions["config"] = config): Call =>
  (client) =>
    client.createContainer({ config: own, ...options });

const platforms = [create({ platform: "linux/arm64" }), create({ platform: { os: "linux", architecture: "arm64" } })];
const portSpecs = (...PortSpecs: string[]) => create({}, { ...config, PortSpecs, ExposedPorts: { "443/tcp": {} } });
const sharesNetwork = create({ hostConfig: { NetworkMode: "container:proxy" } }, withMac);

/** Client calls that are equivalent to a command: one for every place where a caller may set a value that the client moves. */
const calls: Readonly<Record<string, readonly Call[]>> = {
  "docker create app": [create({}), create(inNetwork("default"))],
  [`docker create --mac-address ${MAC} app`]: [
    create({}, withMac),
    create({ hostConfig: {} }, withMac),
    create(macInNetwork("default")),
  ],
  [`docker create --mac-address ${MAC} --network backend app`]: [
    create({ hostConfig: { NetworkMode: "backend" } }, withMac),
    create(inNetwork("backend", "backend"), withMac),
    create(macInNetwork("backend")),
    create(macInNetwork("backend"), withMac),
  ],
  [`docker create --network name=backend,mac-address=${MAC} app`]: [create(macInNetwork("backend"))],
  [`docker create --mac-address ${MAC} --network ${ID} app`]: [
    create({ hostConfig: { NetworkMode: ID } }, withMac),
    create(macInNetwork(ID)),
  ],
  [`docker create --mac-address ${MAC} --network backend --network other app`]: [
    create(inNetwork("backend", "backend", "other"), withMac),
  ],
  [`docker create --mac-address ${MAC} --network container:proxy app`]: [sharesNetwork],
  [`docker run --detach --network ${ID} --network-alias db app`]: [
    create({ hostConfig: { NetworkMode: ID }, networkingConfig: { EndpointsConfig: { [ID]: { Aliases: ["db"] } } } }),
  ],
  "docker create --network backend --network-alias db --ip 10.0.0.5 --link proxy:www app": [
    create({
      hostConfig: { NetworkMode: "backend", Links: ["proxy:www"] },
      networkingConfig: {
        EndpointsConfig: { backend: { Aliases: ["db"], IPAMConfig: { IPv4Address: "10.0.0.5" }, Links: ["proxy:www"] } },
      },
    }),
  ],
  "docker create --link proxy:www app": [create({ hostConfig: { Links: ["proxy:www"] } })],
  "docker create --publish 8080:80 --publish 53:53/udp --publish 9000 --expose 443 app": [
    create(
      { hostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }], "53/udp": [{ HostPort: "53" }], "9000/tcp": [{}] } } },
      { ...config, ExposedPorts: { "443/tcp": {} } },
    ),
    portSpecs("8080:80", "53:53/udp", ":9000"),
  ],
  "docker create --platform linux/arm64 app": platforms,
  [`docker network connect --alias db --ip 10.0.0.5 --link proxy:www ${ID} web`]: [
    (client) =>
      client.connectNetwork({
        id: ID,
        container: "web",
        endpointConfig: { Aliases: ["db"], IPAMConfig: { IPv4Address: "10.0.0.5" }, Links: ["proxy:www"] },
      }),
  ],
  "docker service create --detach --no-resolve-image --network name=backend,alias=db app": [
    (client) =>
      client.createService({
        spec: { TaskTemplate: { ContainerSpec: { Image: "app:latest" }, Networks: [{ Target: ID, Aliases: ["db"] }] } },
      }),
  ],
};

const folder = join(top, "spec/fixtures/docker-command");
const recordings = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ docker: file.replace(/\.jsonl$/, ""), ...JSON.parse(line) }) as Recording),
);

/** Calls that intentionally differ, in some versions or in all, with the reason for each. */
const differences: readonly { command: string; versions?: readonly string[]; calls: readonly Call[]; reason: string }[] = [
  {
    command: "docker create --platform linux/arm64 app",
    versions: ["1.40"],
    calls: platforms,
    reason: "the command drops the platform, and the container may get another one; the client rejects the call",
  },
  {
    command: `docker create --mac-address ${MAC} --network container:proxy app`,
    versions: ["1.44", "1.51"],
    calls: [sharesNetwork],
    reason: "the command names an endpoint in a network that does not exist; engines ignore the address in both places",
  },
  {
    command: "docker create --publish 8080:80 --publish 53:53/udp --publish 9000 --expose 443 app",
    calls: [portSpecs("8080:80", "53:53/udp", "9000")],
    reason: "publishPorts only exposes a port without a host port, so that nothing is published unasked: that is :9000",
  },
];
const differencesOf = ({ command, version }: Recording) =>
  differences.filter((row) => row.command === command && (row.versions?.includes(version) ?? true));

/** Removes values that mean the same as a missing one. */
function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, withoutUnset(member)] as const);
  return Object.fromEntries(entries.filter(([, member]) => !isUnset(member)));
}

const isUnset = (value: unknown) =>
  value === null || value === "" || value === 0 || (typeof value === "object" && Object.keys(value).length === 0);

/** The endpoints of a request. The endpoint of the network mode is implied. */
function endpointsOf({ NetworkingConfig, HostConfig }: Body): Record<string, unknown> {
  const endpoints = Object.entries(NetworkingConfig?.EndpointsConfig ?? {}).map(
    ([name, own]) => [name, withoutUnset(own)] as const,
  );
  return Object.fromEntries(endpoints.filter(([name, own]) => !isUnset(own) || name !== (HostConfig?.NetworkMode || "default")));
}

/** The values that the client moves between API versions or adds. */
function moved({ line, body }: { line: string; body: object }): object {
  const own: Body = body;
  const { NetworkMode, PortBindings, Links } = own.HostConfig ?? {};
  return {
    line,
    macAddress: own.MacAddress || undefined,
    exposedPorts: own.ExposedPorts ?? {},
    networkMode: NetworkMode || "default",
    links: Links ?? [],
    portBindings: Object.entries(PortBindings ?? {})
      .map(([port, bindings]) => [port, withoutUnset(bindings)])
      .sort(),
    endpoints: endpointsOf(own),
    endpoint: withoutUnset(own.EndpointConfig),
    networks: [own.Networks ?? [], own.TaskTemplate?.Networks ?? []],
  };
}

/** Makes a call and returns the request that it sends. */
async function sent(call: Call, apiVersion: string): Promise<object> {
  const { client, requests } = await recordingDaemon({ body: {} }, { apiVersion });
  await call(client);
  const [request] = requests;
  if (!request) throw new Error("the client sent nothing");
  return moved({ line: request.line, body: JSON.parse(request.body.toString()) as object });
}

describe("the requests of the docker command", () => {
  const answered = recordings.filter((recording) => recording.rejected === undefined);

  it("are recorded for every call", () => {
    expect([...new Set(answered.map(({ command }) => command))].sort()).toEqual(Object.keys(calls).sort());
  });

  it.each(answered)("are the client's requests too: $docker, API $version, $command", async (recording) => {
    const different = differencesOf(recording).flatMap((row) => row.calls);
    for (const call of calls[recording.command] ?? []) {
      if (!different.includes(call)) expect(await sent(call, recording.version)).toEqual(moved(recording));
    }
  });

  it.each(answered.filter((recording) => differencesOf(recording).length > 0))(
    "differ intentionally from the client's requests: $docker, API $version, $command",
    async (recording) => {
      for (const { calls: different, reason } of differencesOf(recording)) {
        for (const call of different) {
          const own = await sent(call, recording.version).catch((error: unknown) => error);
          expect(own, reason).not.toEqual(moved(recording));
        }
      }
    },
  );
});
