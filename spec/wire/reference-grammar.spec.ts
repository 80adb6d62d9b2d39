import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestProblem, imageNameProblem, isImageId, referenceProblem, tagProblem } from "../../lib/wire/reference-grammar.js";

const hex = "0123456789abcdef".repeat(4);

describe("referenceProblem", () => {
  it.each([
    "busybox",
    "busybox:1.36",
    "a",
    "org/app",
    "library/a_b",
    "a__b/c---d/e.f",
    "localhost/app",
    "localhost:5000/app:v1",
    "Registry/app",
    "REGISTRY.example.com:443/org/app:1_2.3-x",
    "[2001:db8::1]:5000/app",
    "[::1]/app",
    `app@sha256:${hex}`,
    `registry:5000/org/app:1@sha256:${hex}`,
    `app@sha512:${hex}${hex}`,
    `app:${"t".repeat(128)}`,
    "a".repeat(255),
    hex.slice(0, 63),
  ])("accepts %s", (reference) => {
    expect(referenceProblem(reference)).toBeUndefined();
  });

  it.each([
    ["", "has no repository"],
    [":1", "has no repository"],
    [`@sha256:${hex}`, "has no repository"],
    ["busybox:", "has an empty tag"],
    ["busybox@", "has an empty digest"],
    ["busybox:1:2", 'has the character ":" in its tag "1:2"'],
    ["busybox:-x", 'has a tag that starts with "-"'],
    [`busybox:${"t".repeat(129)}`, "has a tag of 129 characters; 128 is the limit"],
    ["Busybox", 'has the upper-case letter "B" in its repository "Busybox"'],
    ["org/App", 'has the upper-case letter "A" in its repository "App"'],
    ["a//b", "has an empty path component"],
    ["/app", "has an empty path component"],
    ["app/", "has an empty path component"],
    ["a b", 'has the character " " in its repository "a b"'],
    ["a\u0000", 'has the character "\\u0000" in its repository "a\\u0000"'],
    ["app\n", 'has the character "\\n" in its repository "app\\n"'],
    ["app:1\r\n", 'has the character "\\r" in its tag "1\\r\\n"'],
    ["-app", 'has misplaced separators in its repository "-app"'],
    ["a..b", 'has misplaced separators in its repository "a..b"'],
    ["a___b", 'has misplaced separators in its repository "a___b"'],
    ["a_-b", 'has misplaced separators in its repository "a_-b"'],
    ["../secrets", 'has the invalid registry ".."'],
    ["org/../secrets", 'has misplaced separators in its repository ".."'],
    ["registry:/app", 'has the port "" in its registry "registry:"'],
    ["registry:port/app", 'has the port "port" in its registry "registry:port"'],
    ["registry:65536/app", 'has the port "65536" in its registry "registry:65536"'],
    ["registry:5000:1/app", 'has the port "5000:1" in its registry "registry:5000:1"'],
    ["-registry.io/app", 'has the invalid registry "-registry.io"'],
    ["[x]/app", 'has the invalid registry "[x]"'],
    ["http://registry/app", 'has the port "" in its registry "http:"'],
    [hex, "is an image ID, not a repository"],
    [`registry/${"a/".repeat(130)}a`, "has a repository of 270 characters; 255 is the limit"],
    ["app@sha256:12", "has a sha256 digest of 2 digits instead of 64"],
    [`app@sha256:${hex.toUpperCase()}`, `has a digest that is not lower-case hexadecimal: "sha256:${hex.toUpperCase()}"`],
    ["app@12", 'has a digest without a known algorithm such as "sha256:": "12"'],
    [`app@md5:${hex}`, `has a digest without a known algorithm such as "sha256:": "md5:${hex}"`],
    [`app@constructor:${hex}`, `has a digest without a known algorithm such as "sha256:": "constructor:${hex}"`],
    [`app@sha256:${hex}@sha256:${hex}`, "has a sha256 digest of 136 digits instead of 64"],
  ])("describes the problem with %j", (reference, problem) => {
    expect(referenceProblem(reference)).toBe(problem);
  });

  it("returns a short description in linear time for any string", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => (referenceProblem(text) ?? "").length < 400));
    for (const part of ["a-", "a.", "_", ":", "@", "/", "[", "A"]) {
      expect((referenceProblem(`${part.repeat(200_000)}!`) ?? "").length).toBeLessThan(400);
    }
  });
});

describe("imageNameProblem", () => {
  it.each([hex, hex.slice(0, 12), `sha256:${hex}`, "sha256:0af", "app:1"])("accepts %s", (name) => {
    expect(imageNameProblem(name)).toBeUndefined();
  });

  it("describes the problem with a name that is neither a reference nor an ID", () => {
    expect(imageNameProblem(hex.toUpperCase())).toContain("upper-case");
  });
});

describe("isImageId", () => {
  it.each([
    [hex, true],
    [`sha256:${hex}`, true],
    ["sha256:0af", true],
    [hex.slice(0, 12), true],
    ["busybox", false],
    ["sha256", false],
    ["sha256:latest", false],
    ["deadbeef", false],
    [`app@sha256:${hex}`, false],
  ])("returns whether %s is an ID: %s", (name, expected) => {
    expect(isImageId(name)).toBe(expected);
  });
});

it.each([
  ["1.2", undefined],
  ["", "has an empty tag"],
  ["a/b", 'has the character "/" in its tag "a/b"'],
])("tagProblem checks %j", (tag, problem) => {
  expect(tagProblem(tag)).toBe(problem);
});

it("digestProblem accepts a digest", () => {
  expect(digestProblem(`sha256:${hex}`)).toBeUndefined();
});
