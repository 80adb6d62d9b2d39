import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { describeOperations, type OptionDescription } from "../../lib/index.js";
import { operationFacts, placeOf, problems } from "../support/api-operations.js";

/** Differences between this package and the API reference, with the reason for each. */
const explained: Readonly<Record<string, string>> = {
  "ContainerList: no option for query since": "replaced by a filter in API 1.25",
  "ContainerList: no option for query before": "replaced by a filter in API 1.25",
  "ContainerLogs: no option for header Accept": "engines send their only format without it",
  "SystemEvents: no option for header Accept": "every JSON framing that an engine may choose is supported",
  "ImageBuild: no option for header Content-type": "set by the method",
  "ImageCreate: no option for header X-Meta-*": "registries no longer use these headers",
  "ImagePush: no option for header X-Meta-*": "registries no longer use these headers",
  "ImageSearch: no option for header X-Meta-*": "registries no longer use these headers",
  "installPlugins: since 1.25, not 1.24": "requests the privileges first, which API 1.24 does not support",
  "GetPluginPrivileges: no option for query name": "no engine reads it: the parameter has always been remote",
  "getPluginPrivileges.remote: since 1.24, not 1.27": "engines have read it since the operation was added",
  "GetPluginPrivileges: no option for header X-Meta-*": "registries no longer use these headers",
  "PluginPush: no option for header X-Meta-*": "registries no longer use these headers",
  "enablePlugin.timeout: since 1.24, not 1.25": "engines require it in every version",
  "logs.since: timestamp, not integer": "engines also accept fractions of a second",
  "logs.until: timestamp, not integer": "engines also accept fractions of a second",
  "streamEvents.since: timestamp, not text": "the string is a timestamp",
  "streamEvents.until: timestamp, not text": "the string is a timestamp",
  "importImage.tag: reference, not text": "the string is an image reference",
  "tagImage.tag: reference, not text": "the string is an image reference",
  "commitContainer.tag: reference, not text": "the string is an image reference",
  "getPluginPrivileges.remote: reference, not text": "the string is an image reference",
  "installPlugins.remote: reference, not text": "the string is an image reference",
  "installPlugins.name: reference, not text": "the string is an image reference",
  "upgradePlugin.remote: reference, not text": "the string is an image reference",
  "createPlugin.name: reference, not text": "the string is an image reference",
  "uploadToContainer.noOverwriteDirNonDir: boolean, not text": "the string is a boolean",
  "uploadToContainer.copyUIDGID: boolean, not text": "the string is a boolean",
  "buildImage.pull: boolean, not text": "the string is a boolean",
  "searchImages.filters: filter is-automated gone from 1.45": "engines still accept it, but find nothing",
  "statContainerPath.path: since 1.24, not 1.25": "missing from the API reference for 1.24",
  "exportImages.names: since 1.24, not 1.25": "missing from the API reference for 1.24",
  "pruneContainers.filters: no filter label!": "read in addition to label, but undocumented",
  "pruneImages.filters: no filter label!": "read in addition to label, but undocumented",
  "ContainerCreate: HostConfig.Init since 1.25, not 1.37": "read since 1.25, but documented later",
  "ContainerCreate: HostConfig.Mounts[].Consistency since 1.28, not 1.29": "read since 1.28, but documented later",
  "ContainerCreate: HostConfig.KernelMemory since 1.24, not 1.36": "read since before 1.24, but documented later",
  "ContainerCreate: HostConfig.NanoCPUs since 1.24, not 1.27": "the API reference for 1.27 misspells NanoCpus",
  "ContainerUpdate: KernelMemory since 1.24, not 1.36": "read since before 1.24, but documented later",
  "ContainerCreate: MacAddress gone from undefined, not 1.52": "moved to the endpoint, where engines have read it since 1.44",
  "ContainerCreate: HostConfig.DiskQuota gone from undefined, not 1.40": "no engine reads it in API 1.24 and later",
  "ContainerCreate: HostConfig.NanoCPUs gone from undefined, not 1.28": "the API reference for 1.27 misspells NanoCpus",
  "ContainerUpdate: DiskQuota gone from undefined, not 1.40": "no engine reads it in API 1.24 and later",
  "ContainerUpdate: NanoCPUs gone from undefined, not 1.28": "the API reference for 1.27 misspells NanoCpus",
  "SystemAuth: email gone from undefined, not 1.52": "no engine reads it in API 1.24 and later",
  "ImageCommit: MacAddress gone from undefined, not 1.52": "images have none: engines drop it in API 1.24 and later",
  "ContainerUpdate: NanoCPUs since 1.24, not 1.27": "the API reference for 1.27 misspells NanoCpus",
  "ContainerUpdate: Init since 1.24, not 1.37": "engines ignore it in updates",
  "ContainerUpdate: NanoCpus since 1.28": "read in updates since 1.28, but documented together with creation",
  "ContainerUpdate: PidsLimit since 1.40": "read in updates since 1.40, but documented together with creation",
  "pruneNetworks.filters: no filter label!": "read in addition to label, but undocumented",
  "pruneVolumes.filters: no filter label!": "read in addition to label, but undocumented",
  "NetworkCreate: IPAM.Config[].Subnet since 1.24, not 1.41": "read since before 1.24, but documented later",
  "NetworkCreate: IPAM.Config[].IPRange since 1.24, not 1.41": "read since before 1.24, but documented later",
  "NetworkCreate: IPAM.Config[].Gateway since 1.24, not 1.41": "read since before 1.24, but documented later",
  "NetworkCreate: IPAM.Config[].AuxiliaryAddresses since 1.24, not 1.41": "read since before 1.24, but documented later",
  "NetworkCreate: Scope since 1.30, not 1.41": "read since 1.30, but documented later",
  "NetworkCreate: ConfigOnly since 1.30, not 1.41": "read since 1.30, but documented later",
  "NetworkCreate: ConfigFrom since 1.30, not 1.41": "read since 1.30, but documented later",
  "NetworkCreate: ConfigFrom.Network since 1.30, not 1.41": "read since 1.30, but documented later",
  "NetworkConnect: EndpointConfig.DNSNames since 1.24, not 1.44": "no engine reads it: engines generate these names",
  "session.id: no parameter X-Docker-Expose-Session-Uuid": "read, but undocumented",
  "session.name: no parameter X-Docker-Expose-Session-Name": "read, but undocumented",
  "session.sharedKey: no parameter X-Docker-Expose-Session-Sharedkey": "read, but undocumented",
  "session.methods: no parameter X-Docker-Expose-Session-Grpc-Method": "read, but undocumented",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck since 1.27": "the API reference misspells it as HealthCheck",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck.StartInterval since 1.44":
    "the API reference misspells it as HealthCheck",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck.StartPeriod since 1.29": "the API reference misspells it as HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck since 1.27": "the API reference misspells it as HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck.StartInterval since 1.44":
    "the API reference misspells it as HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck.StartPeriod since 1.29": "the API reference misspells it as HealthCheck",
  "serviceLogs.since: timestamp, not integer": "engines also accept fractions of a second",
  "taskLogs.since: timestamp, not integer": "engines also accept fractions of a second",
  "listTasks.filters: no filter _up-to-date": "read in addition to the others, but undocumented",
  "SwarmInit: no member AutoLockManagers in the body": "read, but undocumented",
  "SwarmInit: no member Availability in the body": "read, but undocumented",
  "SwarmInit: Availability since 1.28": "read, but undocumented",
  "SwarmJoin: no member Availability in the body": "read, but undocumented",
  "SwarmJoin: Availability since 1.28": "read, but undocumented",
  "SystemAuth: no member identitytoken in the body": "read, but not documented there",
  "SystemAuth: no member registrytoken in the body": "read, but not documented there",
};

describe("describeOperations", () => {
  const own = describeOperations();
  const facts = operationFacts();
  const places = new Set(own.map(placeOf));

  afterAll(() => {
    const documented = facts.filter(({ inSpec, removed }) => inSpec !== false && removed === undefined);
    const covered = facts.filter((fact) => places.has(placeOf(fact)));
    const parameters = facts.flatMap((fact) => fact.parameters);
    const missing = [...problems(covered, own)].filter((problem) => problem.includes(": no option for "));
    const among = covered.flatMap((fact) => fact.parameters);
    console.log(
      `operations: ${covered.filter((fact) => documented.includes(fact)).length} of ${documented.length} documented operations, ` +
        `${covered.filter(({ inSpec }) => inSpec === false).length} of ${facts.length - documented.length} others; ` +
        `parameters: ${among.length} of ${parameters.length}, ${missing.length} of them omitted for a reason; ` +
        `${Object.keys(explained).length} differences explained`,
    );
  });

  it("covers every known operation", () => {
    const documented = facts.filter(({ inSpec }) => inSpec !== false);
    expect(documented.length).toBe(108);
    expect(facts.length - documented.length).toBe(5);
  });

  it("lists every operation", () => {
    const missing = facts.filter((fact) => !places.has(placeOf(fact)));
    expect(missing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it("lists no unknown operations", () => {
    const known = new Set(facts.map(placeOf));
    expect(own.filter((operation) => !known.has(placeOf(operation))).map(placeOf)).toEqual([]);
  });

  it("covers every parameter, filter and body member, with the encoding and the versions that engines use", () => {
    const found = [...new Set(problems(facts, own))];
    expect(found.filter((problem) => !(problem in explained))).toEqual([]);
    expect(Object.keys(explained).filter((problem) => !found.includes(problem))).toEqual([]);
  });
});

describe("operations with filters", () => {
  it("are all covered by filters.spec-d.ts, which rejects unknown filters", async () => {
    const text = await readFile(new URL("filters.spec-d.ts", import.meta.url), "utf8");
    const names = describeOperations().flatMap(({ name, options }) =>
      options.some(({ encoding }) => encoding === "json-filters") ? [name] : [],
    );
    expect(names.length).toBeGreaterThanOrEqual(17);
    const shown = names.filter((name) => text.includes(`expect-error unknown filter\n    void client.${name}(`));
    expect(shown).toEqual(names);
  });
});

describe("the comparison", () => {
  const facts = operationFacts();

  /** Returns the problems found after one option of a method is changed, or removed if `changed` is undefined. */
  function found(method: string, option: string, changed: Partial<OptionDescription> | undefined): string[] {
    const own = describeOperations().map((operation) => {
      if (operation.name !== method) return operation;
      const options = operation.options.flatMap((other) => {
        if (other.option !== option) return [other];
        return changed ? [{ ...other, ...changed }] : [];
      });
      return { ...operation, options };
    });
    return [...problems(facts, own)].filter((problem) => !(problem in explained));
  }

  it.each<[what: string, method: string, option: string, changed: Partial<OptionDescription> | undefined, problem: string]>([
    ["a missing parameter", "killContainer", "signal", undefined, "ContainerKill: no option for query signal"],
    ["a missing header", "pushImage", "auth", undefined, "ImagePush: no option for header X-Registry-Auth"],
    ["a missing body member", "createExec", "user", undefined, "ContainerExec: no option for member User"],
    ["a wrong wire key", "killContainer", "signal", { key: "sginal" }, "killContainer.signal: no parameter sginal"],
    ["a wrong encoding", "buildImage", "labels", { encoding: "json-array" }, "buildImage.labels: json-array, not json-map"],
    ["a wrong version", "listImages", "manifests", { since: "1.48" }, "listImages.manifests: since 1.48, not 1.47"],
    ["a missing version", "stats", "oneShot", { since: undefined }, "stats.oneShot: since 1.24, not 1.41"],
    [
      "a missing removal version",
      "listImages",
      "filter",
      { removed: undefined },
      "listImages.filter: removed in undefined, not 1.25",
    ],
    [
      "a missing version of a filter",
      "listImages",
      "filters",
      { parts: {} },
      "listImages.filters: filter until since 1.24, not 1.44",
    ],
    [
      "a missing version of a body member",
      "createExec",
      "workingDir",
      { since: undefined },
      "ContainerExec: WorkingDir since 1.24, not 1.35",
    ],
  ])("detects %s", (_what, method, option, changed, problem) => {
    expect(found(method, option, changed)).toContain(problem);
  });
});
