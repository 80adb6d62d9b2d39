import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { containerConfig, hostConfig } from "../../../lib/core/members/containers.js";
import { configReference, endpointSettings, ipam } from "../../../lib/core/members/networks.js";
import { serviceSpec } from "../../../lib/core/members/services.js";
import {
  hasMember,
  mapOf,
  memberPaths,
  type MemberProblem,
  memberProblems,
  type Shape,
  value,
} from "../../../lib/core/members/shape.js";
import { clusterVolumeSpec, configSpec, nodeSpec, secretSpec, swarmSpec } from "../../../lib/core/members/swarm.js";
import { top } from "../../support/installed-package.js";

const shape = {
  One: value,
  Many: ["value"],
  Inner: { Deep: [{ Last: value }] },
  Map: mapOf({ Held: value }),
  "a.b": value,
} as const;

describe("memberProblems", () => {
  const pathsOf = (given: unknown) => [...memberProblems(given, shape, "o")].map(({ kind, path }) => `${kind} ${path}`);

  it.each<[unknown, string[]]>([
    [{ One: 1, Many: ["a"], Inner: { Deep: [{ Last: 1 }] }, Map: { any: { Held: 1 } } }, []],
    [{ one: 1, Two: undefined }, ["unknown o.one"]],
    [{ Inner: { Deep: [{}, { last: 1 }], deep: 1 } }, ["unknown o.Inner.Deep[1].last", "unknown o.Inner.deep"]],
    [{ Map: { constructor: { held: 1 }, "*": { Held: 1 } } }, ["unknown o.Map.constructor.held"]],
    [{ constructor: 1, "*": 1 }, ["unknown o.constructor", "unknown o.*"]],
    [{ Many: "a b", Inner: { Deep: "x" } }, ["string o.Many", "string o.Inner.Deep"]],
    [{ Inner: null, Map: null, Many: null }, []],
    [{ Inner: "x", Map: [1], Many: 5, One: { any: 1 } }, []], // the engine reports them
  ])("of %j are %j", (given, problems) => {
    expect(pathsOf(given)).toEqual(problems);
  });

  it("stop at a value that contains itself", () => {
    const circular: Record<string, unknown> = { One: 1 };
    circular.Inner = circular;
    expect(pathsOf(circular)).toEqual(["unknown o.Inner.One", "unknown o.Inner.Inner"]);
  });
});

describe("memberPaths", () => {
  it("lists the members that hasMember knows", () => {
    const paths = [...memberPaths(shape, "")];
    expect(paths).toEqual(["One", "Many", "Inner", "Inner.Deep", "Inner.Deep[].Last", "Map", "Map.*", "Map.*.Held", "a.b"]);
    for (const path of paths) expect(hasMember(shape, path), path).toBe(true);
    for (const path of ["", "one", "One.x", "Inner.Last", "Inner.Deep.Last", "Inner.Deep[].last", "OneMore", "a"])
      expect(hasMember(shape, path), path).toBe(false);
    for (const path of ["Map.x", "Map.x.y.Held"]) expect(hasMember(shape, path), path).toBe(true); // keys may have dots
  });
});

/** Parts of answers that requests accept, by operation. */
const reused: readonly (readonly [operation: string, part: string, shape: Shape])[] = [
  ["ContainerInspect", "Config", containerConfig],
  ["ContainerInspect", "HostConfig", hostConfig],
  ["ContainerInspect", "NetworkSettings.Networks", mapOf(endpointSettings)],
  ["ImageInspect", "Config", containerConfig],
  ["NetworkInspect", "IPAM", ipam],
  ["NetworkInspect", "ConfigFrom", configReference],
  ["ServiceInspect", "Spec", serviceSpec],
  ["TaskInspect", "Spec", serviceSpec.TaskTemplate],
  ["NodeInspect", "Spec", nodeSpec],
  ["SecretInspect", "Spec", secretSpec],
  ["ConfigInspect", "Spec", configSpec],
  ["SwarmInspect", "Spec", swarmSpec],
  ["VolumeInspect", "ClusterVolume.Spec", clusterVolumeSpec],
];

const folder = join(top, "spec/fixtures/answers");

describe("the settings in an inspection", () => {
  it.each(readdirSync(folder))("have only known members: %s", (file) => {
    const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    const problems: MemberProblem[] = [];
    for (const { operation, answer } of lines.map((line) => JSON.parse(line) as { operation: string; answer: unknown })) {
      for (const [, part, members] of reused.filter(([name]) => name === operation)) {
        const found = part
          .split(".")
          .reduce<unknown>((outer, name) => (outer as Record<string, unknown> | undefined)?.[name], answer);
        problems.push(...memberProblems(found, members, `${operation}.${part}`));
      }
    }
    expect(problems).toEqual([]);
  });
});
