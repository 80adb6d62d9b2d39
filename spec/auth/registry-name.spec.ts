import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findKey, keyOf, registryMeantBy, registryOf, registryOfKey } from "../../lib/auth/registry-name.js";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const label = fc.stringMatching(/^[a-z\d](?:[a-z\d-]{0,8}[a-z\d])?$/);
const port = fc.integer({ min: 1, max: 65535 }).map((number) => `:${number}`);
const hosts = fc.oneof(
  fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => `${labels.join(".")}.example`),
  fc.constant("localhost"),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  label.map((name) => `${name}X`),
);
const registries = fc.oneof(
  hosts,
  fc.tuple(hosts, port).map((parts) => parts.join("")),
  fc.tuple(label, port).map((parts) => parts.join("")),
);
const paths = fc
  .array(fc.stringMatching(/^[a-z\d]+(?:[._-][a-z\d]+)?$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
const suffixes = fc.oneof(
  fc.constantFrom("", `@${digest}`, `:1.2@${digest}`),
  fc.stringMatching(/^\w[\w.-]{0,20}$/).map((tag) => `:${tag}`),
);

describe("registryOf", () => {
  it.each([
    ["busybox", "docker.io"],
    ["busybox:latest", "docker.io"],
    ["postgres:16", "docker.io"],
    [`busybox@${digest}`, "docker.io"],
    [`busybox:1.36@${digest}`, "docker.io"],
    [digest, "docker.io"],
    ["quay.io", "docker.io"],
    ["localhost", "docker.io"],
    ["library/busybox", "docker.io"],
    ["org/app:1.2", "docker.io"],
    ["docker.io/busybox", "docker.io"],
    ["index.docker.io/library/busybox", "docker.io"],
    ["registry-1.docker.io/library/busybox", "docker.io"],
    ["Docker.IO/library/busybox", "docker.io"],
    ["quay.io/org/app", "quay.io"],
    ["quay.io/app:1", "quay.io"],
    [`quay.io/org/app@${digest}`, "quay.io"],
    ["localhost/app", "localhost"],
    ["localhost:5000/app", "localhost:5000"],
    ["registry:5000/app", "registry:5000"],
    ["127.0.0.1:5000/org/app:2", "127.0.0.1:5000"],
    ["[::1]:5000/app", "[::1]:5000"],
    [`[2001:db8::1]/app@${digest}`, "[2001:db8::1]"],
    ["MyHost/app", "MyHost"],
    ["Registry.Example.COM:443/app", "Registry.Example.COM:443"],
    ["localhosts/app", "docker.io"],
    ["https://index.docker.io/v1/", "docker.io"],
    ["https://registry-1.docker.io", "docker.io"],
    ["https://quay.io", "quay.io"],
    ["HTTP://quay.io:8080/v2/", "quay.io:8080"],
    ["http://registry", "registry"],
    ["https://[::1]:5000/v1/", "[::1]:5000"],
    ["https://user:secret@quay.io/v1/?a=b#c", "quay.io"],
    ["https://quay.io?service=x", "quay.io"],
  ])("maps %s to %s", (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });

  it.each(["", "https://", "https:///v1/", "https://user:secret@/v1/"])("rejects %j", (reference) => {
    expect(() => registryOf(reference)).toThrow(InvalidOptionError);
    expect(() => registryOf(reference)).not.toThrow(/secret/);
  });

  it("returns the host of every reference with a host", () => {
    fc.assert(
      fc.property(registries, paths, suffixes, (registry, path, suffix) => {
        expect(registryOf(`${registry}/${path}${suffix}`)).toBe(registry);
      }),
    );
  });

  it("returns Docker Hub for names without a host", () => {
    const names = fc.tuple(label, fc.option(paths, { nil: undefined })).filter(([first]) => first !== "localhost");
    fc.assert(
      fc.property(names, suffixes, ([first, path], suffix) => {
        expect(registryOf(`${first}${path === undefined ? "" : `/${path}`}${suffix}`)).toBe("docker.io");
      }),
    );
  });

  it("returns the same host for a login address", () => {
    fc.assert(
      fc.property(
        registries,
        fc.constantFrom("", "/", "/v1/", "/v2"),
        fc.constantFrom("http", "https"),
        (registry, path, scheme) => {
          expect(registryOf(`${scheme}://${registry}${path}`)).toBe(registry);
          expect(registryOfKey(`${scheme}://${registry}${path}`)).toBe(registry);
          expect(registryOfKey(`${registry}${path}`)).toBe(registry);
        },
      ),
    );
  });
});

describe("registryMeantBy", () => {
  it.each([
    ["busybox", "docker.io"],
    ["busybox:latest", "docker.io"],
    ["node:20-alpine", "docker.io"],
    ["my.image:latest", "docker.io"],
    [`busybox@${digest}`, "docker.io"],
    ["org/app", "docker.io"],
    ["index.docker.io", "docker.io"],
    ["quay.io", "quay.io"],
    ["quay.io/org/app:1", "quay.io"],
    ["https://quay.io/v1/", "quay.io"],
    ["registry:5000", "registry:5000"],
    ["localhost", "localhost"],
    ["MyHost", "MyHost"],
    ["::1", "::1"],
  ])("maps %s to %s", (text, registry) => {
    expect(registryMeantBy(text)).toBe(registry);
  });

  it("returns results of registryOf unchanged", () => {
    fc.assert(
      fc.property(registries, paths, (registry, path) => {
        expect(registryMeantBy(registryOf(`${registry}/${path}`))).toBe(registry);
      }),
    );
  });

  it("rejects an empty string", () => {
    expect(() => registryMeantBy("")).toThrow(InvalidOptionError);
  });
});

describe("keys of config.json", () => {
  it("include Docker Hub's key", () => {
    expect(keyOf("docker.io")).toBe("https://index.docker.io/v1/");
    expect(keyOf("quay.io")).toBe("quay.io");
    expect(registryOfKey("https://index.docker.io/v1/")).toBe("docker.io");
  });

  it.each(["https://index.docker.io/v1/access-token", "https://index.docker.io/v1/refresh-token", "", "https://"])(
    "do not accept %j as a registry",
    (key) => {
      expect(registryOfKey(key)).toBeUndefined();
    },
  );

  it.each([
    [["https://quay.io/v1/", "quay.io"], "quay.io", "quay.io"],
    [["http://other.example", "https://quay.io/v1/"], "quay.io", "https://quay.io/v1/"],
    [["quay.io/org/app"], "quay.io", "quay.io/org/app"],
    [["Quay.IO"], "quay.io", "Quay.IO"],
    [["docker.io", "https://index.docker.io/v1/"], "docker.io", "https://index.docker.io/v1/"],
    [["https://index.docker.io/v1/access-token", "registry-1.docker.io"], "docker.io", "registry-1.docker.io"],
    [["quay.io:443"], "quay.io", undefined],
    [["my.quay.io", "quay.io.example"], "quay.io", undefined],
    [[], "quay.io", undefined],
  ])("in %j match %s: %s", (keys, registry, found) => {
    expect(findKey(keys, registry)).toBe(found);
  });
});
