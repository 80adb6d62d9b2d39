import fc from "fast-check";
import { expect, test } from "vitest";
import { EngineError } from "../../../lib/engine/engine-error.js";
import { formatName, keyOf, parseName, parseTarget, repositoryOf } from "../../../lib/engine/store/image-reference.js";

const digest = `sha256:${"1".repeat(64)}`;

test.each([
  ["busybox", "docker.io", "library/busybox", "busybox", "busybox:latest"],
  ["docker.io/library/busybox:1", "docker.io", "library/busybox", "busybox", "busybox:1"],
  ["index.docker.io/busybox", "docker.io", "library/busybox", "busybox", "busybox:latest"],
  ["docker.io/busybox", "docker.io", "library/busybox", "busybox", "busybox:latest"],
  ["team/tool:2", "docker.io", "team/tool", "team/tool", "team/tool:2"],
  ["library/a/b", "docker.io", "library/a/b", "library/a/b", "library/a/b:latest"],
  ["localhost/a", "localhost", "a", "localhost/a", "localhost/a:latest"],
  ["localhost:5000/a:b", "localhost:5000", "a", "localhost:5000/a", "localhost:5000/a:b"],
  ["a.b/c/d", "a.b", "c/d", "a.b/c/d", "a.b/c/d:latest"],
  [`busybox@${digest}`, "docker.io", "library/busybox", "busybox", `busybox@${digest}`],
  [`busybox:1@${digest}`, "docker.io", "library/busybox", "busybox", `busybox@${digest}`],
  ["sha256:0000", "docker.io", "library/sha256", "sha256", "sha256:0000"],
])("%s", (name, registry, path, repository, key) => {
  const parsed = parseName(name);
  expect(parsed).toMatchObject({ registry, path, repository });
  expect(keyOf(parsed)).toBe(key);
  expect(repositoryOf(key)).toBe(repository);
});

// recorded from Docker 28
test.each([
  ["UPPER", "invalid reference format: repository name (library/UPPER) must be lowercase"],
  ["a@sha256:12", "invalid reference format"],
  ["", "invalid reference format"],
  ["-a", "invalid reference format"],
  ["a:", "invalid reference format"],
  ["a".repeat(300), "repository name must not be more than 255 characters"],
  ["1".repeat(64), `invalid repository name (${"1".repeat(64)}), cannot specify 64-byte hexadecimal strings`],
])("%j is refused", (name, message) => {
  expect(() => parseName(name)).toThrow(new EngineError(400, message));
});

test("the target of a tag has a repository and a tag", () => {
  expect(keyOf(parseTarget("a", ""))).toBe("a:latest");
  expect(keyOf(parseTarget("a:x", ""))).toBe("a:x");
  expect(keyOf(parseTarget("a:x", "y"))).toBe("a:y");
  expect(() => parseTarget(`a@${digest}`, "x")).toThrow("cannot import digest reference");
  expect(() => parseTarget("a", "b:c")).toThrow("invalid tag format");
});

test("a formatted name is parsed as the same name", () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const host = fc.constantFrom("", "localhost/", "h.example:5000/", "docker.io/");
  fc.assert(
    fc.property(
      host,
      fc.array(component, { minLength: 1, maxLength: 3 }),
      fc.stringMatching(/^\w[\w.-]{0,9}$/),
      (registry, path, tag) => {
        fc.pre(registry !== "" || path[0] !== "localhost");
        const name = parseName(`${registry}${path.join("/")}:${tag}`);
        expect(parseName(formatName(name))).toEqual(name);
      },
    ),
  );
});
