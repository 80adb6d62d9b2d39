import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atLeast } from "../../lib/wire/api-version.js";
import { describeOperations, type OperationDescription } from "../../lib/index.js";
import { type OperationFact, operationFacts, placeOf } from "../support/api-operations.js";
import { everyFieldAt, operationSchemas, parseType, schemaAt, typeAt, type TypeFact, versions } from "../support/api-schemas.js";
import { answerTypes } from "../support/answer-types.js";
import { WireTypes, wireProgram } from "../support/wire-types.js";

/** Wire types of what operations of some version, or all, do not lead to. */
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

/** Fields of the documents that are no members of wire types, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  "ErrorResponse.message": "`serverMessage` of an `ApiError`",
  "Config.Volumes.additionalProperties": "a slip of early documents: the value of a map",
  "ContainerConfig.Volumes.additionalProperties": "a slip of early documents: the value of a map",
  "HostConfig.PortBindings.$value.HostIp": "a slip of early documents: the value is a list of these",
  "HostConfig.PortBindings.$value.HostPort": "a slip of early documents: the value is a list of these",
  "ClusterVolumeSpec.AccessMode.AccessibilityRequirements": "too deep by one: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.Availability": "too deep by one: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.CapacityRange": "too deep by one: a member of `ClusterVolumeSpec`",
  "ClusterVolumeSpec.AccessMode.Secrets": "too deep by one: a member of `ClusterVolumeSpec`",
  "IdResponse.ID": "sent for secrets and configs alone",
  ...Object.fromEntries(
    ["Descriptor.MediaType", "Descriptor.Size", "Descriptor.Digest", "Descriptor.URLs"].map((name) => [
      `DistributionInspect.response.${name}`,
      "documents to 1.39 spell the keys of OCI with capitals",
    ]),
  ),
  ...Object.fromEntries(
    ["Architecture", "OS", "OSVersion", "OSFeatures", "Variant", "Features"].map((name) => [
      `DistributionInspect.response.Platforms.$item.${name}`,
      "documents to 1.39 spell the keys of OCI with capitals",
    ]),
  ),
  "PluginInterfaceType.Prefix": "sent as one text, such as `docker.volumedriver/1.0`",
  "PluginInterfaceType.Capability": "sent as one text, such as `docker.volumedriver/1.0`",
  "PluginInterfaceType.Version": "sent as one text, such as `docker.volumedriver/1.0`",
};

/** Why a member of a wire type has an unknown value. */
const unknowns: Readonly<Record<string, string>> = {
  "AttestationStatement.Statement": "a document of the kind that `PredicateType` names, of which there are many",
  "OCIRegistryErrorItem.detail": "the registry's own, which its specification leaves open",
  "Runtime.options": "settings of a shim, which are the shim's own",
  "Volume.Status": "what a volume driver tells, in its own form",
};

/** Comments of members that no document knows say one of these. */
const reasons = new RegExp(
  [
    "Never documented",
    "Undocumented",
    "The API's schema lacks it",
    "Missing from the API schema",
    "(?:Below|before) API 1\\.[12]\\d",
    "Engines of API 1\\.24 and later send none",
    "Not sent in API 1\\.24 and later",
    "(?:Gone from|Removed in) API 1\\.2\\d",
    "as engines send it",
  ].join("|"),
);

/** Members that documents have elsewhere: too deep by one. */
const misplaced = new Set(
  ["AccessibilityRequirements", "Availability", "CapacityRange", "Secrets"].map((name) => `ClusterVolumeSpec.${name}`),
);

/** Where the wire types differ from the documents, and why. */
const explained: readonly (readonly [why: string, problem: RegExp])[] = [
  // versions: documents tell of many things later than engines send them
  [
    "sent before 1.25; SystemInfo had few members in documents until 1.32",
    /^SystemInfo\.(BridgeNfIp6?tables|CPUSet|CPUShares|CgroupDriver|Cluster(Advertise|Store)|DefaultRuntime|KernelMemory|LiveRestoreEnabled|LoggingDriver|Runtimes|SecurityOptions|Swarm): (its comment says since ever|not optional)/,
  ],
  ["sent since 1.25", /^SystemInfo\.(ContainerdCommit|InitBinary|InitCommit|Isolation|RuncCommit): its comment says since 1\.25/],
  ["sent before 1.25", /^NetworkSettings\.\w+: its comment says since ever, not 1\.32/],
  ["sent before 1.25", /^(PluginsInfo\.Authorization|Node\.(Manager)?Status): (its comment says since ever|not optional)/],
  ["sent before 1.25", /^(ContainerState\.Health|ContainerInspect\.Platform): its comment says since ever/],
  ["sent before 1.25", /^ExecInspect\.(CanRemove|DetachKeys): its comment says since ever/],
  ["sent before 1.25", /^(ProgressDetail\.(current|total)|ProgressMessage\.aux): its comment says since ever/],
  ["sent by engines of 1.24 where the document was not", /^EndpointResource\.Name: (its comment|not optional)/],
  ["the documents of 1.25 call it VolumesDeleted", /^NetworksPruneResponse\.NetworksDeleted: (its comment|not optional)/],
  ["sent since 1.27", /^ContainerCPUStats\.online_cpus: its comment says since 1\.27, not 1\.48/],
  ["sent since 1.30", /^EventMessage\.scope: its comment says since 1\.30, not 1\.40/],
  ["read since 1.28", /^Mount\.Consistency: its comment says since 1\.28, not 1\.29/],
  ["sent and read since 1.30", /^Network\.Config(From|Only): its comment says since 1\.30, not 1\.41/],
  ["read since 1.30", /^CreateNetworkOptions\.(configFrom|configOnly|scope): its comment says since 1\.30, not 1\.41/],
  ["sent since 1.28", /^NetworkInspect\.Services: its comment says since 1\.28, not 1\.52/],
  ["sent before 1.25", /^(Network\.Peers|PluginConfig\.DockerVersion): its comment says since ever/],
  ["read since 1.25", /^Resources\.Init: its comment says since 1\.25, not 1\.37/],
  ["read since before 1.25", /^Resources\.KernelMemory: its comment says since ever, not 1\.36/],
  ["a misspelling in the documents of 1.27", /^Resources\.NanoCPUs: its comment says since ever, not 1\.27/],
  ["a misspelling in the documents of 1.27", /^ResourceObject\.NanoCpus: its comment says since ever, not 1\.27/],
  ["documents still list what engines no longer send", /^ImageConfig\.\w+: its comment says gone from 1\.50, not (none|1\.52)/],
  // null: documents allow it where engines leave the member out
  [
    "left out, never null",
    /^Container(CPU|Memory|Network|Pids|Storage)Stats\.\w+: never null in \w+, though documented|^ContainerMemoryStats\.stats\.\*: never null/,
  ],
  ["left out, never null", /^ContainerStatsResponse\.(id|name|networks): never null in \w+, though documented/],
  ["left out, never null", /^ContainerSummary\.Size(Rw|RootFs): never null in \w+, though documented/],
  ["always there, never null", /^ContainerInspectResponse\.(Created|LogPath): never null in \w+, though documented/],
  // kinds: slips of early documents
  ["engines take one text, and send a list", /^(Container)?Config\.(Cmd|Entrypoint): string\[\], not also form 2/],
  ["a list; the documents to 1.37 call it a text", /^ContainerInspect\.response\.ExecIDs: string\[\], not string/],
  ["a list or nothing; early engines have both forms", /^NetworkConfig\.PortMapping: .*, not string/],
  ["a map; the documents to 1.31 call it a list", /^NetworkConfig\.Ports: PortMap, not list/],
  ["a list of containers; the documents to 1.39 have a list of lists", /^SystemDataUsage\.response\.Containers\[\]: /],
  [
    "documents of early versions call a member a map, and a map a list",
    /^IPAM\.(Config\[\]: IPAMConfig, not map|Options: .*, not list)/,
  ],
  ["a text in base64; early documents call it a list", /^(Config|Secret)Spec\.Data: string, not list/],
  ["bytes as the caller has them, sent in base64", /^(Config|Secret)Spec\.Data: Bytes, not (list|string)/],
  // members: slips of documents
  ["the value of a map", /^(Container)?Config\.Volumes\.additionalProperties: missing/],
  ["the value is a list of these", /^HostConfig\.PortBindings\.\$value\.Host(Ip|Port): missing/],
  [
    "documents have it too deep by one",
    /^ClusterVolumeSpec\.AccessMode\.(AccessibilityRequirements|Availability|CapacityRange|Secrets): missing/,
  ],
  [
    "documents to 1.39 spell the keys of OCI with capitals",
    /^DistributionInspect\.response\.(Descriptor|Platforms\.\$item)\.\w+: missing/,
  ],
  ["documents spell it Id", /^I[Dd]Response\.Id: missing in (Config|Secret)CreateResponse/],
  ["sent for secrets and configs alone", /^IdResponse\.ID: missing in IDResponse/],
  ["the documents of 1.25 to 1.27 refer to another object", /^ImageDeleteResponse\.\w+: missing in ServiceUpdateResponse/],
  ["documents refer to the network of the engine", /^Network\.\w+: missing in SwarmNetwork/],
  ["early documents refer to another object", /^(ServiceSpec\.\w+: missing in SecretSpec|SwarmSpec\.\w+: missing in TLSInfo)/],
  ["the answer is empty", /^Plugin\.\w+: missing in void/],
  ["one text, such as `docker.volumedriver/1.0`", /^PluginInterfaceType\.\w+: missing in string/],
  [
    "not among limits; the documents to 1.40 have one object for both",
    /^ResourceObject\.GenericResources: missing in TaskLimits/,
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
  // a text or a stream, which is no JSON
  if (shape.kind === "string" || shape.kind === "object") return;
  const name = answerTypes[operationId];
  for (const type of name === undefined ? wire.answersOf(method.name) : [wire.named(name)]) {
    wire.shape(shape, type, version, operationId);
  }
}

/** Whether the document of a version has the operation; that of 1.24 describes no bodies. */
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

  it("have every field of every version", () => {
    const missing = versions.flatMap((version) => {
      const covered = wire.covered.get(version) ?? new Set();
      return everyFieldAt(version).filter((field) => !(field in elsewhere) && !covered.has(field));
    });
    expect([...new Set(missing)].sort()).toEqual([]);
  });

  it("agree with the facts: kinds, values, null, and the versions that brought and dropped a field", () => {
    const unexplained = [...wire.problems].filter((problem) => !explained.some(([, pattern]) => pattern.test(problem)));
    expect(unexplained.sort()).toEqual([]);
    const idle = explained.filter(([, pattern]) => ![...wire.problems].some((problem) => pattern.test(problem)));
    expect(idle).toEqual([]);
  });

  it("say of what no document knows where it comes from", () => {
    const silent = wire.strangers().filter(({ comment }) => !reasons.test(comment));
    expect(silent.map(({ name }) => name).filter((name) => !misplaced.has(name))).toEqual([]);
  });

  it("leave nothing open but what is open on the wire", () => {
    expect(wire.unknowns()).toEqual(Object.keys(unknowns).sort());
  });
});

/** Where filters differ from the documents, and why. */
const furtherFilters: Readonly<Record<string, string>> = {
  "listPlugins lacks enable": "the documents misspell enabled",
  "listPlugins takes enabled": "what engines read",
  "listServices takes runtime": "read, and not documented",
  "listTasks takes _up-to-date": "read, and not documented",
  "listTasks takes runtime": "read, and not documented",
  "pruneContainers takes label!": "read, and not documented",
  "pruneImages takes label!": "read, and not documented",
  "pruneNetworks takes label!": "read, and not documented",
  "pruneVolumes takes label!": "read, and not documented",
};

describe("the filters", () => {
  it("have the names that engines know, and no others", () => {
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
      "another kind",
      "volume",
      "RefCount: number",
      "RefCount: string",
      "Volume",
      "Volume.UsageData.RefCount: string, not integer",
    ],
    ["open values", "volume", "Scope: VolumeScope", "Scope: string", "Volume", 'Volume.Scope: no value "local", "global"'],
    ["a missing value", "volume", 'Global: "global"', 'Global: "swarm"', "Volume", 'Volume.Scope: no value "global"'],
    [
      "no null",
      "container-results",
      "changed or ignored. */\n  Warnings: string[] | null",
      "changed or ignored. */\n  Warnings: string[]",
      "ContainerUpdateResponse",
      "ContainerUpdateResponse.Warnings: never null in ContainerUpdateResponse, though sent",
    ],
    [
      "what is always there though it came later",
      "volume",
      "ClusterVolume?: ",
      "ClusterVolume: ",
      "Volume",
      "Volume.ClusterVolume: not optional, but since 1.42",
    ],
    [
      "a comment without a version",
      "volume",
      "is a cluster volume. Added in API 1.42.",
      "is a cluster volume.",
      "Volume",
      "Volume.ClusterVolume: its comment says since ever, not 1.42",
    ],
    [
      "a comment without an end",
      "system-info-parts",
      "engine expects. Removed in API 1.49.",
      "engine expects.",
      "Commit",
      "Commit.Expected: its comment says gone from none, not 1.49",
    ],
  ])("sees %s", (_what, file, from, to, schema, problem) => {
    const change = (path: string, text: string) => (path.endsWith(`lib/types/${file}.ts`) ? text.replace(from, to) : text);
    const other = new WireTypes(wireProgram(change, program));
    for (const version of versions) {
      if (schemaAt(schema, version)) other.shape(parseType(schema), other.named(schema), version, schema);
    }
    other.checkVersions();
    expect([...other.problems]).toContain(problem);
  });
});
