import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { describeOperations, type Encoding, type OperationDescription, type OptionDescription } from "../../lib/index.js";

/** API versions that bound something; without `since` it is there since 1.24 or earlier. */
interface Bounds {
  since?: string;
  removed?: string;
}

interface Parameter extends Bounds {
  in: "query" | "header";
  name: string;
  encoding: Encoding;
  /** The version since which engines read it, where the documents say another one. */
  engineSince?: string;
  /** The filters that it takes. */
  filters?: Record<string, Bounds>;
}

/** What Docker's documents say of an operation. */
interface Fact extends Bounds {
  operationId: string;
  tag: string;
  method: string;
  path: string;
  parameters: Parameter[];
  /** The members of its JSON body, and the parts of it that not every version has. */
  body?: { members: string[]; versions: Record<string, Bounds> };
}

/** Kinds of operations that have no methods yet. */
const toCome = new Set([
  ...["Config", "Distribution", "Network", "Node", "Plugin", "Secret", "Service", "Session", "Swarm", "Task", "Volume"],
]);

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
  "logs.since: timestamp, not integer": "engines read fractions of a second too",
  "logs.until: timestamp, not integer": "engines read fractions of a second too",
  "streamEvents.since: timestamp, not text": "the text is a time",
  "streamEvents.until: timestamp, not text": "the text is a time",
  "uploadToContainer.noOverwriteDirNonDir: boolean, not text": "the text is yes or no",
  "uploadToContainer.copyUIDGID: boolean, not text": "the text is yes or no",
  "buildImage.pull: boolean, not text": "the text is yes or no",
  "statContainerPath.path: since 1.24, not 1.25": "the documents of 1.24 forgot it",
  "exportImages.names: since 1.24, not 1.25": "the documents of 1.24 forgot it",
  "pruneContainers.filters: no filter label!": "read beside label, and not documented",
  "pruneImages.filters: no filter label!": "read beside label, and not documented",
  "ContainerCreate: HostConfig.Init since 1.25, not 1.37": "read since 1.25, documented later",
  "ContainerCreate: HostConfig.Mounts[].Consistency since 1.28, not 1.29": "read since 1.28, documented later",
  "ContainerCreate: HostConfig.KernelMemory since 1.24, not 1.36": "read since before 1.24, documented later",
  "ContainerCreate: HostConfig.NanoCPUs since 1.24, not 1.27": "the documents of 1.27 misspell NanoCpus",
  "ContainerUpdate: KernelMemory since 1.24, not 1.36": "read since before 1.24, documented later",
  "ContainerUpdate: NanoCPUs since 1.24, not 1.27": "the documents of 1.27 misspell NanoCpus",
  "ContainerUpdate: Init since 1.24, not 1.37": "no engine reads it in an update",
  "ContainerUpdate: NanoCpus since 1.28": "read in an update since 1.28; the documents know it from creation",
  "ContainerUpdate: PidsLimit since 1.40": "read in an update since 1.40; the documents know it from creation",
  "SystemAuth: no member identitytoken in the body": "read, and not documented there",
  "SystemAuth: no member registrytoken in the body": "read, and not documented there",
};

/** The place of an operation: parameters of a path have other names in the documents. */
const placeOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path.replace(/\{\w+\}/g, "{}")}`;
const versionOf = (since: string | undefined): string => since ?? "1.24";

type Option = OptionDescription & { method: string };

function* parameterProblems(fact: Fact, parameter: Parameter, options: Option[]): Generator<string> {
  const { operationId } = fact;
  const places: string[] = parameter.in === "query" ? ["query"] : ["header", "credentials"];
  const mine = options.filter((option) => option.key === parameter.name && places.includes(option.in));
  if (mine.length === 0) yield `${operationId}: no option for ${parameter.in} ${parameter.name}`;
  for (const option of mine) {
    const name = `${option.method}.${option.option}`;
    if (option.encoding !== parameter.encoding) yield `${name}: ${option.encoding}, not ${parameter.encoding}`;
    // what came with its operation needs no version of its own
    const since = versionOf(parameter.engineSince ?? parameter.since);
    if (versionOf(option.since ?? fact.since) !== since) yield `${name}: since ${versionOf(option.since)}, not ${since}`;
    if (option.removed !== parameter.removed)
      yield `${name}: removed in ${String(option.removed)}, not ${String(parameter.removed)}`;
    if (!parameter.filters) continue;
    for (const [filter, bounds] of Object.entries(parameter.filters)) {
      const known = versionOf(option.parts?.[filter] ?? option.since ?? fact.since);
      if (known !== versionOf(bounds.since)) yield `${name}: filter ${filter} since ${known}, not ${versionOf(bounds.since)}`;
    }
    const more = Object.keys(option.parts ?? {}).filter((filter) => !(filter in (parameter.filters ?? {})));
    for (const filter of more) yield `${name}: no filter ${filter}`;
  }
}

function* bodyProblems({ operationId, body }: Fact, options: Option[]): Generator<string> {
  const mine = options.filter((option) => option.in === "body");
  if (!body) {
    for (const { key } of mine) yield `${operationId}: no body for ${key}`;
    return;
  }
  const parts: Record<string, string | undefined> = {};
  for (const option of mine) {
    if (option.key !== "" && option.since !== undefined) parts[option.key] = option.since;
    Object.assign(parts, option.parts);
  }
  for (const [part, { since }] of Object.entries(body.versions)) {
    const known = versionOf(parts[part]);
    if (known !== versionOf(since)) yield `${operationId}: ${part} since ${known}, not ${versionOf(since)}`;
  }
  for (const [part, since] of Object.entries(parts)) {
    // the documents of 1.24 do not describe bodies, so that they tell nothing of 1.25
    if (!(part in body.versions) && since !== "1.25") yield `${operationId}: ${part} since ${String(since)}`;
  }
  const named = mine.map(({ key }) => key).filter((key) => key !== "");
  for (const key of named) if (!body.members.includes(key)) yield `${operationId}: no member ${key} in the body`;
  if (named.length < mine.length) return;
  for (const member of body.members) if (!named.includes(member)) yield `${operationId}: no option for member ${member}`;
}

function* problems(facts: Fact[], own: OperationDescription[]): Generator<string> {
  for (const fact of facts) {
    const methods = own.filter((operation) => placeOf(operation) === placeOf(fact));
    if (methods.length === 0) continue;
    const options = methods.flatMap((method) => method.options.map((option) => ({ ...option, method: method.name })));
    for (const { name, since } of methods) {
      if (versionOf(since) !== versionOf(fact.since)) yield `${name}: since ${versionOf(since)}, not ${versionOf(fact.since)}`;
    }
    for (const parameter of fact.parameters) yield* parameterProblems(fact, parameter, options);
    for (const { in: place, key, method, option } of options) {
      if (place !== "query" && place !== "header" && place !== "credentials") continue;
      if (!fact.parameters.some(({ name }) => name === key)) yield `${method}.${option}: no parameter ${key}`;
    }
    yield* bodyProblems(fact, options);
  }
}

describe("describeOperations", () => {
  const own = describeOperations();
  let facts: Fact[] = [];

  beforeAll(async () => {
    facts = JSON.parse(await readFile(new URL("../fixtures/api-operations.json", import.meta.url), "utf8"));
  });

  it("knows every operation of the kinds that are there", () => {
    const places = new Set(own.map(placeOf));
    const missing = facts.filter((fact) => !toCome.has(fact.tag) && !places.has(placeOf(fact)));
    expect(missing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it("knows none that engines do not", () => {
    const places = new Set(facts.map(placeOf));
    expect(own.filter((operation) => !places.has(placeOf(operation))).map(placeOf)).toEqual([]);
  });

  it("covers every parameter, filter and member of a body, as engines read it and since when", () => {
    const found = [...new Set(problems(facts, own))];
    expect(found.filter((problem) => !(problem in explained))).toEqual([]);
    expect(Object.keys(explained).filter((problem) => !found.includes(problem))).toEqual([]);
  });
});
