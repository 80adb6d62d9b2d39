import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeOperations, type OperationDescription } from "../../lib/index.js";
import { atLeast } from "../../lib/wire/api-version.js";
import { answerTypes } from "../support/answer-types.js";
import { type OperationFact, operationFacts, placeOf } from "../support/api-operations.js";
import { everyFieldAt, operationSchemas, parseType, schemaAt, typeAt, type TypeFact, versions } from "../support/api-schemas.js";
import { wireProgram, WireTypes } from "../support/wire-types.js";

/** Wire types that cannot be reached from the operations of every version. */
const others: Readonly<Record<string, string>> = {
  Address: "Address",
  BuildCache: "BuildCache",
  BuildInfo: "ProgressMessage",
  "ClusterVolumeSpec.AccessMode.AccessibilityRequirements": "ClusterVolumeAccessibility",
  "ClusterVolumeSpec.AccessMode.CapacityRange": "ClusterVolumeCapacityRange",
  "ClusterVolumeSpec.AccessMode.Secrets.$item": "ClusterVolumeSecret",
  CreateImageInfo: "ProgressMessage",
  PushImageInfo: "ProgressMessage",
  NetworkTaskInfo: "NetworkTaskInfo",
  ServiceInfo: "ServiceInfo",
  ServiceUpdateResponse: "ServiceUpdateResponse",
};

/** Fields in the API reference that are not members of wire types, with the reason for each. */
const elsewhere: Readonly<Record<string, string>> = {
  "ErrorResponse.message": "`serverMessage` of an `ApiError`",
  "Config.Volumes.additionalProperties": "error in early versions of the API reference: the value of a map",
  "ContainerConfig.Volumes.additionalProperties": "error in early versions of the API reference: the value of a map",
  "HostConfig.PortBindings.$value.HostIp": "error in early versions of the API reference: the value is a list of these",
  "HostConfig.PortBindings.$value.HostPort": "error in early versions of the API reference: the value is a list of these",
  "ClusterVolumeSpec.AccessMode.AccessibilityRequirements": "nested one level too deep: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.Availability": "nested one level too deep: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.CapacityRange": "nested one level too deep: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.Secrets": "nested one level too deep: a member of `ClusterVolumeSpec`",
  "IdResponse.ID": "only sent for secrets and configs",
  ...Object.fromEntries(
    ["Descriptor.MediaType", "Descriptor.Size", "Descriptor.Digest", "Descriptor.URLs"].map((name) => [
      `DistributionInspect.response.${name}`,
      "the API reference before 1.40 capitalizes the OCI keys",
    ]),
  ),
  ...Object.fromEntries(
    ["Architecture", "OS", "OSVersion", "OSFeatures", "Variant", "Features"].map((name) => [
      `DistributionInspect.response.Platforms.$item.${name}`,
      "the API reference before 1.40 capitalizes the OCI keys",
    ]),
  ),
  "PluginInterfaceType.Prefix": "sent as a single string, such as `docker.volumedriver/1.0`",
  "PluginInterfaceType.Capability": "sent as a single string, such as `docker.volumedriver/1.0`",
  "PluginInterfaceType.Version": "sent as a single string, such as `docker.volumedriver/1.0`",
};

/** Members of wire types with unknown values, with the reason for each. */
const unknowns: Readonly<Record<string, string>> = {
  "AttestationStatement.Statement": "a document of the type named by `PredicateType`, of which there are many",
  "OCIRegistryErrorItem.detail": "registry-specific: the OCI specification leaves it open",
  "Runtime.options": "shim-specific options",
  "Volume.Status": "driver-specific status",
};

/** Notes: the comment of every undocumented member contains one of them. */
const reasons = new RegExp(
  [
    "Undocumented",
    "Missing from the API schema",
    "before API 1\\.[12]\\d",
    "Not sent in API 1\\.24 and later",
    "Removed in API 1\\.2\\d",
    "as engines send it",
  ].join("|"),
);

/** Members that the API reference nests one level too deep. */
const misplaced = new Set(
  ["AccessibilityRequirements", "Availability", "CapacityRange", "Secrets"].map((name) => `ClusterVolumeSpec.${name}`),
);

/** Differences between the wire types and the API reference, with the reason for each. */
const explained: readonly (readonly [why: string, problem: RegExp])[] = [
  // versions: many fields are documented later than engines send them
  [
    "sent before 1.25; the API reference lists few members of SystemInfo before 1.32",
    /^SystemInfo\.(BridgeNfIp6?tables|CPUSet|CPUShares|CgroupDriver|Cluster(Advertise|Store)|DefaultRuntime|KernelMemory|LiveRestoreEnabled|LoggingDriver|Runtimes|SecurityOptions|Swarm): (its comment says since ever|not optional)/,
  ],
  ["sent since 1.25", /^SystemInfo\.(ContainerdCommit|InitBinary|InitCommit|Isolation|RuncCommit): its comment says since 1\.25/],
  ["sent before 1.25", /^NetworkSettings\.\w+: its comment says since ever, not 1\.32/],
  ["sent before 1.25", /^(PluginsInfo\.Authorization|Node\.(Manager)?Status): (its comment says since ever|not optional)/],
  ["sent before 1.25", /^(ContainerState\.Health|ContainerInspect\.Platform): its comment says since ever/],
  ["sent before 1.25", /^ExecInspect\.(CanRemove|DetachKeys): its comment says since ever/],
  ["sent before 1.25", /^(ProgressDetail\.(current|total)|ProgressMessage\.aux): its comment says since ever/],
  ["sent since 1.24, whose bodies are not documented", /^EndpointResource\.Name: (its comment|not optional)/],
  ["the API reference for 1.25 calls it VolumesDeleted", /^NetworksPruneResponse\.NetworksDeleted: (its comment|not optional)/],
  ["sent since 1.27", /^ContainerCPUStats\.online_cpus: its comment says since 1\.27, not 1\.48/],
  ["sent since 1.30", /^EventMessage\.scope: its comment says since 1\.30, not 1\.40/],
  ["read since 1.28", /^Mount\.Consistency: its comment says since 1\.28, not 1\.29/],
  ["sent and read since 1.30", /^Network\.Config(From|Only): its comment says since 1\.30, not 1\.41/],
  ["read since 1.30", /^CreateNetworkOptions\.(configFrom|configOnly|scope): its comment says since 1\.30, not 1\.41/],
  ["sent since 1.28", /^NetworkInspect\.Services: its comment says since 1\.28, not 1\.52/],
  ["sent before 1.25", /^(Network\.Peers|PluginConfig\.DockerVersion): its comment says since ever/],
  ["read since 1.25", /^Resources\.Init: its comment says since 1\.25, not 1\.37/],
  ["read since before 1.25", /^Resources\.KernelMemory: its comment says since ever, not 1\.36/],
  ["misspelled in the API reference for 1.27", /^Resources\.NanoCPUs: its comment says since ever, not 1\.27/],
  ["misspelled in the API reference for 1.27", /^ResourceObject\.NanoCpus: its comment says since ever, not 1\.27/],
  ["still documented, but no longer sent", /^ImageConfig\.\w+: its comment says gone from 1\.50, not (none|1\.52)/],
  // null: documented where engines omit the member
  [
    "omitted, never null",
    /^Container(CPU|Memory|Network|Pids|Storage)Stats\.\w+: never null in \w+, though documented|^ContainerMemoryStats\.stats\.\*: never null/,
  ],
  ["omitted, never null", /^ContainerStatsResponse\.(id|name|networks): never null in \w+, though documented/],
  ["omitted, never null", /^ContainerSummary\.Size(Rw|RootFs): never null in \w+, though documented/],
  ["always present, never null", /^ContainerInspectResponse\.(Created|LogPath): never null in \w+, though documented/],
  // kinds: errors in early versions of the API reference
  ["engines accept a string, but send a list", /^(Container)?Config\.(Cmd|Entrypoint): (readonly )?string\[\], not also form 2/],
  ["a list; a string in the API reference before 1.38", /^ContainerInspect\.response\.ExecIDs: string\[\], not string/],
  ["a list or null; early engines have both forms", /^NetworkConfig\.PortMapping: .*, not string/],
  ["a map; a list in the API reference before 1.32", /^NetworkConfig\.Ports: PortMap, not list/],
  ["a list of containers; a list of lists in the API reference before 1.40", /^SystemDataUsage\.response\.Containers\[\]: /],
  [
    "early versions of the API reference call a member a map, and a map a list",
    /^IPAM\.(Config\[\]: (IPAMConfig|\{.*\} \| null \| undefined; \}), not map|Options: .*, not list)/,
  ],
  ["a base64 string; a list in early versions of the API reference", /^(Config|Secret)Spec\.Data: string, not list/],
  ["bytes in the options, sent as base64", /^(Config|Secret)Spec\.Data: Bytes, not (list|string)/],
  // members: errors in the API reference
  ["the value of a map", /^(Container)?Config\.Volumes\.additionalProperties: missing/],
  ["the value is a list of these", /^HostConfig\.PortBindings\.\$value\.Host(Ip|Port): missing/],
  [
    "nested one level too deep in the API reference",
    /^ClusterVolumeSpec\.AccessMode\.(AccessibilityRequirements|Availability|CapacityRange|Secrets): missing/,
  ],
  [
    "the API reference before 1.40 capitalizes the OCI keys",
    /^DistributionInspect\.response\.(Descriptor|Platforms\.\$item)\.\w+: missing/,
  ],
  ["spelled Id in the API reference", /^I[Dd]Response\.Id: missing in (Config|Secret)CreateResponse/],
  ["only sent for secrets and configs", /^IdResponse\.ID: missing in IDResponse/],
  ["the API reference for 1.25 to 1.27 refers to another object", /^ImageDeleteResponse\.\w+: missing in ServiceUpdateResponse/],
  ["the API reference refers to the engine's network object", /^Network\.\w+: missing in SwarmNetwork/],
  [
    "early versions of the API reference refer to another object",
    /^(ServiceSpec\.\w+: missing in SecretSpec|SwarmSpec\.\w+: missing in TLSInfo)/,
  ],
  ["the answer is empty", /^Plugin\.\w+: missing in void/],
  ["a single string, such as `docker.volumedriver/1.0`", /^PluginInterfaceType\.\w+: missing in string/],
  [
    "not a limit; the API reference before 1.41 has one object for limits and reservations",
    /^ResourceObject\.GenericResources: missing in (TaskLimits|\{.*Pids.*\})/,
  ],
];

const facts = operationFacts();
let program: ReturnType<typeof wireProgram>;
let wire: WireTypes;

function walkBody(request: TypeFact, method: OperationDescription, version: string): void {
  wire.request(parseType(typeAt(request, version)), method.name, method.options, version);
}

function walkAnswer(answer: TypeFact, method: OperationDescription, version: string, operationId: string): void {
  const shape = parseType(typeAt(answer, version));
  // a string or a stream, which is not JSON
  if (shape.kind === "string" || shape.kind === "object") return;
  const name = answerTypes[operationId];
  for (const type of name === undefined ? wire.answersOf(method.name) : [wire.named(name)]) {
    wire.shape(shape, type, version, operationId);
  }
}

/** Whether the API reference of a version has the operation; the one for 1.24 describes no bodies. */
const isIn = ({ since = "1.24", removed }: OperationFact, version: string): boolean =>
  atLeast(version, since) && (removed === undefined || !atLeast(version, removed));

beforeAll(() => {
  program = wireProgram();
  wire = new WireTypes(program);
  const own = describeOperations();
  for (const version of versions) {
    for (const fact of facts.filter((candidate) => isIn(candidate, version))) {
      const { request, answer } = operationSchemas[fact.operationId] ?? {};
      for (const method of own.filter((candidate) => placeOf(candidate) === placeOf(fact))) {
        if (request) walkBody(request, method, version);
        if (answer) walkAnswer(answer, method, version, fact.operationId);
      }
    }
    for (const [schema, name] of Object.entries(others)) {
      if (schemaAt(schema, version)) wire.shape(parseType(schema), wire.named(name), version, schema);
    }
  }
  wire.checkVersions();
}, 60_000);

describe("the wire types", () => {
  afterAll(() => {
    const figures = ["1.41", "1.55"].map((version) => {
      const all = everyFieldAt(version);
      const covered = wire.covered.get(version) ?? new Set();
      const other = all.filter((field) => field in elsewhere && !covered.has(field)).length;
      return `API ${version}: ${covered.size} of ${all.length} fields, ${other} elsewhere`;
    });
    console.log(
      `wire types: ${figures.join("; ")}; ` +
        `${wire.problems.size} differences explained by ${explained.length} reasons; ` +
        `unknown: ${Object.keys(unknowns).join(", ")}`,
    );
  });

  it("have every field of every API version", () => {
    const missing = versions.flatMap((version) => {
      const covered = wire.covered.get(version) ?? new Set();
      return everyFieldAt(version).filter((field) => !(field in elsewhere) && !covered.has(field));
    });
    expect([...new Set(missing)].sort()).toEqual([]);
  });

  it("match the API reference in types, values, null and versions", () => {
    const unexplained = [...wire.problems].filter((problem) => !explained.some(([, pattern]) => pattern.test(problem)));
    expect(unexplained.sort()).toEqual([]);
    const idle = explained.filter(([, pattern]) => ![...wire.problems].some((problem) => pattern.test(problem)));
    expect(idle).toEqual([]);
  });

  it("state the origin of undocumented members", () => {
    const silent = wire.strangers().filter(({ comment }) => !reasons.test(comment));
    expect(silent.map(({ name }) => name).filter((name) => !misplaced.has(name))).toEqual([]);
  });

  it("use unknown only for values that the API leaves open", () => {
    expect(wire.unknowns()).toEqual(Object.keys(unknowns).sort());
  });
});

/** Differences between the filters and the API reference, with the reason for each. */
const furtherFilters: Readonly<Record<string, string>> = {
  "listPlugins lacks enable": "misspelling of enabled in the API reference",
  "listPlugins takes enabled": "the name that engines read",
  "listServices takes runtime": "read, but undocumented",
  "listTasks takes _up-to-date": "read, but undocumented",
  "listTasks takes runtime": "read, but undocumented",
  "pruneContainers takes label!": "read, but undocumented",
  "pruneImages takes label!": "read, but undocumented",
  "pruneNetworks takes label!": "read, but undocumented",
  "pruneVolumes takes label!": "read, but undocumented",
};

describe("the filters", () => {
  it("have exactly the names that engines support", () => {
    const own = describeOperations();
    const differences: string[] = [];
    for (const fact of facts) {
      const known = fact.parameters.flatMap((parameter) => Object.keys(parameter.filters ?? {}));
      for (const { name } of own.filter((candidate) => known.length > 0 && placeOf(candidate) === placeOf(fact))) {
        const filters = wire.filtersOf(name) ?? ["any"];
        differences.push(...filters.filter((filter) => !known.includes(filter)).map((filter) => `${name} takes ${filter}`));
        differences.push(...known.filter((filter) => !filters.includes(filter)).map((filter) => `${name} lacks ${filter}`));
      }
    }
    expect(differences.sort()).toEqual(Object.keys(furtherFilters).sort());
  });
});

describe("the comparison", () => {
  it.each<[what: string, file: string, from: string, to: string, schema: string, problem: string]>([
    ["a missing member", "volume", "  Mountpoint: string;", "", "Volume", "Volume.Mountpoint: missing in Volume"],
    [
      "a wrong type",
      "volume",
      "RefCount: number",
      "RefCount: string",
      "Volume",
      "Volume.UsageData.RefCount: string, not integer",
    ],
    ["open values", "volume", "Scope: VolumeScope", "Scope: string", "Volume", 'Volume.Scope: no value "local", "global"'],
    ["a missing value", "volume", 'Global: "global"', 'Global: "swarm"', "Volume", 'Volume.Scope: no value "global"'],
    [
      "a missing null",
      "network-endpoint",
      "IPAMConfig?: EndpointIPAMConfig | null",
      "IPAMConfig?: EndpointIPAMConfig",
      "EndpointSettings",
      "EndpointSettings.IPAMConfig: never null in EndpointSettings, though sent",
    ],
    [
      "a required member that was added later",
      "volume",
      "ClusterVolume?: ",
      "ClusterVolume: ",
      "Volume",
      "Volume.ClusterVolume: not optional, but since 1.42",
    ],
    [
      "a comment without the version that added the member",
      "volume",
      "is a cluster volume. Added in API 1.42.",
      "is a cluster volume.",
      "Volume",
      "Volume.ClusterVolume: its comment says since ever, not 1.42",
    ],
    [
      "a comment without the version that removed the member",
      "system-info-parts",
      "engine expects. Removed in API 1.49.",
      "engine expects.",
      "Commit",
      "Commit.Expected: its comment says gone from none, not 1.49",
    ],
  ])("detects %s", (_what, file, from, to, schema, problem) => {
    const change = (path: string, text: string) => (path.endsWith(`lib/types/${file}.ts`) ? text.replace(from, to) : text);
    const other = new WireTypes(wireProgram(change, program));
    for (const version of versions) {
      if (schemaAt(schema, version)) other.shape(parseType(schema), other.named(schema), version, schema);
    }
    other.checkVersions();
    expect([...other.problems]).toContain(problem);
  });
});
