import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { describeOperations, type OptionDescription } from "../../lib/index.js";
import { operationFacts, placeOf, problems } from "../support/api-operations.js";

/** Where this package and the documents differ, and why. */
const explained: Readonly<Record<string, string>> = {
  "ContainerList: no option for query since": "a filter since API 1.25",
  "ContainerList: no option for query before": "a filter since API 1.25",
  "ContainerLogs: no option for header Accept": "engines answer in the only form there is without it",
  "SystemEvents: no option for header Accept": "JSON texts are read in each of the forms that an engine chooses",
  "ImageBuild: no option for header Content-type": "set by the method itself",
  "ImageCreate: no option for header X-Meta-*": "registries have no use for them any more",
  "ImagePush: no option for header X-Meta-*": "registries have no use for them any more",
  "ImageSearch: no option for header X-Meta-*": "registries have no use for them any more",
  "installPlugins: since 1.25, not 1.24": "asks for the privileges first, which API 1.24 cannot",
  "GetPluginPrivileges: no option for query name": "no engine reads it: it was remote from the start",
  "getPluginPrivileges.remote: since 1.24, not 1.27": "read since the operation is there",
  "GetPluginPrivileges: no option for header X-Meta-*": "registries have no use for them any more",
  "PluginPush: no option for header X-Meta-*": "registries have no use for them any more",
  "enablePlugin.timeout: since 1.24, not 1.25": "engines insist on it, whatever the version",
  "logs.since: timestamp, not integer": "engines read fractions of a second too",
  "logs.until: timestamp, not integer": "engines read fractions of a second too",
  "streamEvents.since: timestamp, not text": "the text is a time",
  "streamEvents.until: timestamp, not text": "the text is a time",
  "uploadToContainer.noOverwriteDirNonDir: boolean, not text": "the text is yes or no",
  "uploadToContainer.copyUIDGID: boolean, not text": "the text is yes or no",
  "buildImage.pull: boolean, not text": "the text is yes or no",
  "searchImages.filters: filter is-automated gone from 1.45": "engines still take it, and find nothing",
  "statContainerPath.path: since 1.24, not 1.25": "the documents of 1.24 forgot it",
  "exportImages.names: since 1.24, not 1.25": "the documents of 1.24 forgot it",
  "pruneContainers.filters: no filter label!": "read beside label, and not documented",
  "pruneImages.filters: no filter label!": "read beside label, and not documented",
  "ContainerCreate: HostConfig.Init since 1.25, not 1.37": "read since 1.25, documented later",
  "ContainerCreate: HostConfig.Mounts[].Consistency since 1.28, not 1.29": "read since 1.28, documented later",
  "ContainerCreate: HostConfig.KernelMemory since 1.24, not 1.36": "read since before 1.24, documented later",
  "ContainerCreate: HostConfig.NanoCPUs since 1.24, not 1.27": "the documents of 1.27 misspell NanoCpus",
  "ContainerUpdate: KernelMemory since 1.24, not 1.36": "read since before 1.24, documented later",
  "ContainerCreate: MacAddress gone from undefined, not 1.52": "moved to the endpoint, where engines read it since 1.44",
  "ContainerCreate: HostConfig.DiskQuota gone from undefined, not 1.40": "no engine of API 1.24 and later reads it",
  "ContainerCreate: HostConfig.NanoCPUs gone from undefined, not 1.28": "the documents of 1.27 misspell NanoCpus",
  "ContainerUpdate: DiskQuota gone from undefined, not 1.40": "no engine of API 1.24 and later reads it",
  "ContainerUpdate: NanoCPUs gone from undefined, not 1.28": "the documents of 1.27 misspell NanoCpus",
  "SystemAuth: email gone from undefined, not 1.52": "no engine of API 1.24 and later reads it",
  "ImageCommit: MacAddress gone from undefined, not 1.52": "no image has one: engines of API 1.24 and later drop it",
  "ContainerUpdate: NanoCPUs since 1.24, not 1.27": "the documents of 1.27 misspell NanoCpus",
  "ContainerUpdate: Init since 1.24, not 1.37": "no engine reads it in an update",
  "ContainerUpdate: NanoCpus since 1.28": "read in an update since 1.28; the documents know it from creation",
  "ContainerUpdate: PidsLimit since 1.40": "read in an update since 1.40; the documents know it from creation",
  "pruneNetworks.filters: no filter label!": "read beside label, and not documented",
  "pruneVolumes.filters: no filter label!": "read beside label, and not documented",
  "NetworkCreate: IPAM.Config[].Subnet since 1.24, not 1.41": "read since before 1.24, documented later",
  "NetworkCreate: IPAM.Config[].IPRange since 1.24, not 1.41": "read since before 1.24, documented later",
  "NetworkCreate: IPAM.Config[].Gateway since 1.24, not 1.41": "read since before 1.24, documented later",
  "NetworkCreate: IPAM.Config[].AuxiliaryAddresses since 1.24, not 1.41": "read since before 1.24, documented later",
  "NetworkCreate: Scope since 1.30, not 1.41": "read since 1.30, documented later",
  "NetworkCreate: ConfigOnly since 1.30, not 1.41": "read since 1.30, documented later",
  "NetworkCreate: ConfigFrom since 1.30, not 1.41": "read since 1.30, documented later",
  "NetworkCreate: ConfigFrom.Network since 1.30, not 1.41": "read since 1.30, documented later",
  "NetworkConnect: EndpointConfig.DNSNames since 1.24, not 1.44": "no engine reads it: engines make these names themselves",
  "session.id: no parameter X-Docker-Expose-Session-Uuid": "read, and not documented",
  "session.name: no parameter X-Docker-Expose-Session-Name": "read, and not documented",
  "session.sharedKey: no parameter X-Docker-Expose-Session-Sharedkey": "read, and not documented",
  "session.methods: no parameter X-Docker-Expose-Session-Grpc-Method": "read, and not documented",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck since 1.27": "the documents misspell it HealthCheck",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck.StartInterval since 1.44": "the documents misspell it HealthCheck",
  "ServiceCreate: TaskTemplate.ContainerSpec.Healthcheck.StartPeriod since 1.29": "the documents misspell it HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck since 1.27": "the documents misspell it HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck.StartInterval since 1.44": "the documents misspell it HealthCheck",
  "ServiceUpdate: TaskTemplate.ContainerSpec.Healthcheck.StartPeriod since 1.29": "the documents misspell it HealthCheck",
  "serviceLogs.since: timestamp, not integer": "engines read fractions of a second too",
  "taskLogs.since: timestamp, not integer": "engines read fractions of a second too",
  "listTasks.filters: no filter _up-to-date": "read beside the others, and not documented",
  "SwarmInit: no member AutoLockManagers in the body": "read, and not documented",
  "SwarmInit: no member Availability in the body": "read, and not documented",
  "SwarmInit: Availability since 1.28": "read, and not documented",
  "SwarmJoin: no member Availability in the body": "read, and not documented",
  "SwarmJoin: Availability since 1.28": "read, and not documented",
  "SystemAuth: no member identitytoken in the body": "read, and not documented there",
  "SystemAuth: no member registrytoken in the body": "read, and not documented there",
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
      `operations: ${covered.filter((fact) => documented.includes(fact)).length} of ${documented.length} documented ones, ` +
        `${covered.filter(({ inSpec }) => inSpec === false).length} of ${facts.length - documented.length} others; ` +
        `parameters: ${among.length} of ${parameters.length}, ${missing.length} of them left out with a reason; ` +
        `${Object.keys(explained).length} differences explained`,
    );
  });

  it("is compared with every operation that there is", () => {
    const documented = facts.filter(({ inSpec }) => inSpec !== false);
    expect(documented.length).toBe(108);
    expect(facts.length - documented.length).toBe(5);
  });

  it("knows every operation", () => {
    const missing = facts.filter((fact) => !places.has(placeOf(fact)));
    expect(missing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it("knows none that engines do not", () => {
    const known = new Set(facts.map(placeOf));
    expect(own.filter((operation) => !known.has(placeOf(operation))).map(placeOf)).toEqual([]);
  });

  it("covers every parameter, filter and member of a body, as engines read it and since when", () => {
    const found = [...new Set(problems(facts, own))];
    expect(found.filter((problem) => !(problem in explained))).toEqual([]);
    expect(Object.keys(explained).filter((problem) => !found.includes(problem))).toEqual([]);
  });
});

describe("operations with filters", () => {
  it("are shown by filters.spec-d.ts to take no others", async () => {
    const text = await readFile(new URL("filters.spec-d.ts", import.meta.url), "utf8");
    const names = describeOperations().flatMap(({ name, options }) =>
      options.some(({ encoding }) => encoding === "json-filters") ? [name] : [],
    );
    expect(names.length).toBeGreaterThanOrEqual(17);
    const shown = names.filter((name) => text.includes(`expect-error there is no such filter\n    void client.${name}(`));
    expect(shown).toEqual(names);
  });
});

describe("the comparison", () => {
  const facts = operationFacts();

  /** What is found when one option of a method is another than it is, or is none. */
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
    ["a forgotten parameter", "killContainer", "signal", undefined, "ContainerKill: no option for query signal"],
    ["a forgotten header", "pushImage", "auth", undefined, "ImagePush: no option for header X-Registry-Auth"],
    ["a forgotten member of a body", "createExec", "user", undefined, "ContainerExec: no option for member User"],
    ["another wire key", "killContainer", "signal", { key: "sginal" }, "killContainer.signal: no parameter sginal"],
    ["another encoding", "buildImage", "labels", { encoding: "json-array" }, "buildImage.labels: json-array, not json-map"],
    ["another version", "listImages", "manifests", { since: "1.48" }, "listImages.manifests: since 1.48, not 1.47"],
    ["no version", "stats", "oneShot", { since: undefined }, "stats.oneShot: since 1.24, not 1.41"],
    ["no end", "listImages", "filter", { removed: undefined }, "listImages.filter: removed in undefined, not 1.25"],
    ["a filter's version", "listImages", "filters", { parts: {} }, "listImages.filters: filter until since 1.24, not 1.44"],
    ["a part's version", "createExec", "workingDir", { since: undefined }, "ContainerExec: WorkingDir since 1.24, not 1.35"],
  ])("sees %s", (_what, method, option, changed, problem) => {
    expect(found(method, option, changed)).toContain(problem);
  });
});
