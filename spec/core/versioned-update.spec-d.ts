import { describe, expectTypeOf, it } from "vitest";
import type { ListConfigsFilters } from "../../lib/api/configs/list.js";
import type { ListNodesFilters } from "../../lib/api/nodes/list.js";
import type { UpdateNodeOptions } from "../../lib/api/nodes/update.js";
import type { ListSecretsFilters } from "../../lib/api/secrets/list.js";
import type { UpdateSwarmOptions } from "../../lib/api/swarm/update.js";
import type { SpecUpdate } from "../../lib/core/versioned-update.js";
import type { NodeSpec } from "../../lib/types/node.js";

interface Spec {
  Name: string;
}

describe("the settings of an update", () => {
  it("are new settings with a version or a function of the current settings", () => {
    expectTypeOf<{ version: number; spec: Spec }>().toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ spec: (current: Spec) => Spec }>().toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ spec: (current: Spec) => Promise<Spec> }>().toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ spec: Spec }>().not.toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ version: number }>().not.toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ version: number; spec: (current: Spec) => Spec }>().not.toExtend<SpecUpdate<Spec>>();
    expectTypeOf<{ spec: (current: Spec) => void }>().not.toExtend<SpecUpdate<Spec>>();
  });

  it("are optional only in an update of the swarm itself", () => {
    expectTypeOf<{ rotateWorkerToken: true }>().toExtend<UpdateSwarmOptions>();
    expectTypeOf<{ id: string }>().not.toExtend<UpdateNodeOptions>();
    expectTypeOf<{ id: string; spec: (current: NodeSpec) => NodeSpec }>().toExtend<UpdateNodeOptions>();
  });
});

describe("filters of swarm objects", () => {
  it("are the filters that engines support", () => {
    expectTypeOf<keyof ListNodesFilters>().toEqualTypeOf<"id" | "label" | "membership" | "name" | "node.label" | "role">();
    expectTypeOf<keyof ListSecretsFilters>().toEqualTypeOf<"id" | "label" | "name" | "names">();
    expectTypeOf<keyof ListConfigsFilters>().toEqualTypeOf<"id" | "label" | "name" | "names">();
  });
});
