import { expect, test } from "vitest";
import { operations } from "../../../lib/engine/testing/operations.js";
import { compilePath } from "../../../lib/engine/testing/path-pattern.js";
import { compileFilter, operationOf } from "../../../lib/engine/testing/request-filter.js";
import { operationFacts } from "../../support/api-operations.js";

test("the operations are those of the API reference", () => {
  const facts = operationFacts().map(({ operationId, method, path }) => [operationId, `${method} ${path}`] as const);
  expect(operations).toEqual(Object.fromEntries(facts));
});

test("every operation is found by an example of its path", () => {
  for (const [name, place] of Object.entries(operations)) {
    const [method = "", path = ""] = place.split(" ");
    const request = { method, path: path.replace(/\{\w+\}/g, "thing") };
    expect(operationOf(request), place).toBe(name);
    expect(compileFilter({ operation: name as "ContainerList" })(request), place).toBe(true);
  }
  expect(operationOf({ method: "GET", path: "/images/registry.example:5000/a/b/json" })).toBe("ImageInspect");
  expect(operationOf({ method: "GET", path: "/nothing" })).toBeUndefined();
});

test.each([
  ["/containers/{id}/start", "/containers/web/start", { id: "web" }],
  ["/containers/{id}/start", "/containers/a/b/start", undefined],
  ["/images/{name}/json", "/images/a/b:1/json", { name: "a/b:1" }],
  ["/a.b", "/axb", undefined],
])("%s matches %s: %j", (pattern, path, expected) => {
  const found = compilePath(pattern).exec(path);
  expect(found && { ...found.groups }).toEqual(expected ?? null);
});
