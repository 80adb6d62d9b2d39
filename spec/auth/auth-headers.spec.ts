import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuthConfiguration } from "../../lib/auth/auth-configuration.js";
import { encodeRegistryAuth, encodeRegistryConfig, withServerAddress } from "../../lib/auth/auth-headers.js";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";

function decode(header: string): unknown {
  return JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
}

const authConfigurations: fc.Arbitrary<AuthConfiguration> = fc.record(
  Object.fromEntries(
    ["username", "password", "email", "serveraddress", "identitytoken", "registrytoken", "auth"].map((member) => [
      member,
      fc.string({ unit: "binary" }),
    ]),
  ),
  { requiredKeys: [] },
);

describe("encodeRegistryAuth", () => {
  it("encodes the same header as the docker CLI", () => {
    const auth = { username: "me", password: "p:w", serveraddress: "https://index.docker.io/v1/" };
    expect(encodeRegistryAuth(auth)).toBe(
      "eyJ1c2VybmFtZSI6Im1lIiwicGFzc3dvcmQiOiJwOnciLCJzZXJ2ZXJhZGRyZXNzIjoiaHR0cHM6Ly9pbmRleC5kb2NrZXIuaW8vdjEvIn0=",
    );
  });

  it("encodes anonymous access", () => {
    expect(encodeRegistryAuth({})).toBe("e30=");
  });

  it("returns padded base64url that decodes to the same string", () => {
    fc.assert(
      fc.property(authConfigurations, (auth) => {
        const header = encodeRegistryAuth(auth);
        expect(header).toMatch(/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/);
        expect(decode(header)).toEqual(auth);
      }),
    );
  });

  it("uses the characters of the base64url alphabet", () => {
    expect(encodeRegistryAuth({ password: "~~~???>>>" })).toBe("eyJwYXNzd29yZCI6In5-fj8_Pz4-PiJ9");
  });

  it("omits unknown and unset members", () => {
    const auth = { username: "me", password: undefined, extra: "x", helper: { secret: "y" } };
    expect(decode(encodeRegistryAuth(auth))).toEqual({ username: "me" });
  });

  it.each([
    [null, 'option "auth" is not an object'],
    ["me", 'option "auth" is not an object'],
    [[], 'option "auth" is not an object'],
    [{ password: 123456 }, 'option "auth" has a "password" that is not a string'],
  ])("rejects %j", (auth, message) => {
    const act = (): string => encodeRegistryAuth(auth as AuthConfiguration); // possible in JavaScript
    expect(act).toThrow(InvalidOptionError);
    expect(act).toThrow(message);
  });
});

describe("encodeRegistryConfig", () => {
  it("encodes credentials by registry, each with its address", () => {
    const configurations = { "quay.io": { username: "q" }, "localhost:5000": { serveraddress: "http://localhost:5000" } };
    expect(decode(encodeRegistryConfig(configurations))).toEqual({
      "quay.io": { username: "q", serveraddress: "quay.io" },
      "localhost:5000": { serveraddress: "http://localhost:5000" },
    });
    expect(configurations["quay.io"]).toEqual({ username: "q" });
  });

  it.each(["docker.io", "index.docker.io", "registry-1.docker.io", "https://index.docker.io/v1/", "Docker.IO"])(
    "normalizes the key %s to Docker Hub's key",
    (name) => {
      expect(decode(encodeRegistryConfig({ [name]: { username: "hub" } }))).toEqual({
        "https://index.docker.io/v1/": { username: "hub", serveraddress: "https://index.docker.io/v1/" },
      });
    },
  );

  it("prefers the simplest of a registry's keys", () => {
    const configurations = {
      "https://quay.io/v1/": { username: "second" },
      "quay.io": { username: "first" },
      "docker.io": { username: "second" },
      "https://index.docker.io/v1/": { username: "first" },
    };
    expect(decode(encodeRegistryConfig(configurations))).toMatchObject({
      "quay.io": { username: "first" },
      "https://index.docker.io/v1/": { username: "first" },
    });
    expect(Object.keys(decode(encodeRegistryConfig(configurations)) as object)).toHaveLength(2);
  });

  it("omits the OAuth tokens that docker login stores with the credentials of Docker Hub", () => {
    const configurations = { "https://index.docker.io/v1/refresh-token": { password: "r" }, "": { password: "e" } };
    expect(decode(encodeRegistryConfig(configurations))).toEqual({});
  });

  it("keeps a registry named like a property of Object.prototype", () => {
    const configurations = Object.fromEntries([["__proto__", { username: "p" }]]);
    expect(Object.keys(decode(encodeRegistryConfig(configurations)) as object)).toEqual(["__proto__"]);
  });

  it("rejects credentials that are not an object", () => {
    const configurations = { "quay.io": null } as unknown as Record<string, AuthConfiguration>; // possible in JavaScript
    expect(() => encodeRegistryConfig(configurations)).toThrow(InvalidOptionError);
  });
});

describe("withServerAddress", () => {
  it.each([
    [{ username: "u" }, "quay.io", "quay.io"],
    [{ username: "u", serveraddress: "https://quay.io" }, "quay.io", "https://quay.io"],
    [{ username: "u", serveraddress: "" }, "quay.io", "quay.io"],
    [{ username: "u", serveraddress: "docker.io" }, "docker.io", "https://index.docker.io/v1/"],
  ])("adds the server address to %j for %s", (auth, registry, serveraddress) => {
    const before = { ...auth };
    expect(withServerAddress(auth, registry)).toEqual({ ...auth, serveraddress });
    expect(auth).toEqual(before);
  });
});
