import { readFileSync } from "node:fs";
import type { Encoding, OperationDescription, OptionDescription } from "../../lib/index.js";

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
export interface OperationFact extends Bounds {
  operationId: string;
  tag: string;
  method: string;
  path: string;
  /** False when the documents leave it out. */
  inSpec?: false;
  parameters: Parameter[];
  /** The members of its JSON body, and the parts of it that not every version has. */
  body?: { members: string[]; versions: Record<string, Bounds> };
  /** The statuses by which it is refused. */
  errors: number[];
}

/** Every operation that any version of the API has. */
export const operationFacts = (): OperationFact[] =>
  JSON.parse(readFileSync(new URL("../fixtures/api-operations.json", import.meta.url), "utf8")) as OperationFact[]; // made by its script

/** The place of an operation: parameters of a path have other names in the documents. */
export const placeOf = ({ method, path }: { method: string; path: string }): string =>
  `${method} ${path.replace(/\{\w+\}/g, "{}")}`;

const versionOf = (since: string | undefined): string => since ?? "1.24";

type Option = OptionDescription & { method: string };

function* parameterProblems(fact: OperationFact, parameter: Parameter, options: Option[]): Generator<string> {
  const { operationId } = fact;
  const places: string[] = parameter.in === "query" ? ["query"] : ["header", "credentials"];
  const mine = options.filter((option) => option.key === parameter.name && places.includes(option.in));
  if (mine.length === 0) yield `${operationId}: no option for ${parameter.in} ${parameter.name}`;
  for (const option of mine) {
    const name = `${option.method}.${option.option}`;
    if (option.encoding !== parameter.encoding) yield `${name}: ${option.encoding}, not ${parameter.encoding}`;
    // what came with its operation needs no version of its own
    const since = versionOf(parameter.engineSince ?? parameter.since ?? fact.since);
    if (versionOf(option.since ?? fact.since) !== since) yield `${name}: since ${versionOf(option.since)}, not ${since}`;
    if (option.removed !== parameter.removed)
      yield `${name}: removed in ${String(option.removed)}, not ${String(parameter.removed)}`;
    if (!parameter.filters) continue;
    for (const [filter, bounds] of Object.entries(parameter.filters)) {
      const known = versionOf(option.parts?.[filter] ?? option.since ?? fact.since);
      if (known !== versionOf(bounds.since)) yield `${name}: filter ${filter} since ${known}, not ${versionOf(bounds.since)}`;
      if (bounds.removed !== undefined) yield `${name}: filter ${filter} gone from ${bounds.removed}`;
    }
    const more = Object.keys(option.parts ?? {}).filter((filter) => !(filter in (parameter.filters ?? {})));
    for (const filter of more) yield `${name}: no filter ${filter}`;
  }
}

/** The version that brought a part of a body: what came with its operation, or with what it is in, needs none of its own. */
function versionOfPart(part: string, parts: Record<string, string | undefined>, fact: OperationFact): string {
  const steps = part.split(".");
  const within = steps.map((_, index) =>
    steps
      .slice(0, steps.length - index)
      .join(".")
      .replace(/\[\]$/, ""),
  );
  return versionOf(within.map((path) => parts[path]).find((since) => since !== undefined) ?? fact.since);
}

function* bodyProblems(fact: OperationFact, options: Option[]): Generator<string> {
  const { operationId, body } = fact;
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
    const known = versionOfPart(part, parts, fact);
    if (known !== versionOf(since)) yield `${operationId}: ${part} since ${known}, not ${versionOf(since)}`;
  }
  for (const [part, since] of Object.entries(parts)) {
    // the documents of 1.24 do not describe bodies, so that they tell nothing of 1.25
    if (!(part in body.versions) && since !== "1.25") yield `${operationId}: ${part} since ${String(since)}`;
  }
  const gone: Record<string, string | undefined> = {};
  for (const option of mine) {
    if (option.key !== "") gone[option.key] = option.removed;
    Object.assign(gone, option.removedParts);
  }
  for (const part of new Set([...Object.keys(body.versions), ...Object.keys(gone)])) {
    const wanted = body.versions[part]?.removed;
    if (gone[part] !== wanted) yield `${operationId}: ${part} gone from ${String(gone[part])}, not ${String(wanted)}`;
  }
  const named = mine.map(({ key }) => key).filter((key) => key !== "");
  for (const key of named) if (!body.members.includes(key)) yield `${operationId}: no member ${key} in the body`;
  if (named.length < mine.length) return;
  for (const member of body.members) if (!named.includes(member)) yield `${operationId}: no option for member ${member}`;
}

/** Where operations and options differ from what the documents say. */
export function* problems(facts: readonly OperationFact[], own: readonly OperationDescription[]): Generator<string> {
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
