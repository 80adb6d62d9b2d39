import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DockerConfig, parseDockerConfig } from "../../lib/auth/docker-config.js";
import { ConfigurationError } from "../../lib/errors/usage-errors.js";
import { base64 } from "../support/home.js";

function refusal(text: string, options?: { source?: string; legacy?: boolean }): ConfigurationError {
  try {
    parseDockerConfig(text, options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("parseDockerConfig", () => {
  it("parses the configuration that docker login writes", () => {
    const text = `{
      "auths": {
        "https://index.docker.io/v1/": { "auth": "${base64("me:pass:word")}", "email": "me@example.com" },
        "quay.io": { "auth": "${base64("00000000:")}", "identitytoken": "it" },
        "token.example": { "registrytoken": "rt" },
        "plain.example": { "username": "u", "password": "p", "serveraddress": "elsewhere.example" },
        "kept.example": {}
      },
      "HttpHeaders": { "User-Agent": "docker" },
      "credsStore": "osxkeychain",
      "credHelpers": { "gcr.io": "gcloud", "file.example": "" },
      "currentContext": "default"
    }`;
    expect(parseDockerConfig(text)).toEqual({
      auths: {
        "https://index.docker.io/v1/": { username: "me", password: "pass:word", email: "me@example.com" },
        "quay.io": { username: "00000000", password: "", identitytoken: "it" },
        "token.example": { registrytoken: "rt" },
        "plain.example": { username: "u", password: "p" },
        "kept.example": {},
      },
      credsStore: "osxkeychain",
      credHelpers: { "gcr.io": "gcloud", "file.example": "" },
    } satisfies DockerConfig);
  });

  it("parses a .dockercfg, which holds only credentials", () => {
    const text = JSON.stringify({ "https://index.docker.io/v1/": { auth: base64("me:pw"), email: "me@example.com" } });
    expect(parseDockerConfig(text, { legacy: true })).toEqual({
      auths: { "https://index.docker.io/v1/": { username: "me", password: "pw", email: "me@example.com" } },
      credHelpers: {},
    });
  });

  it.each(["", " \n", "{}", '{"auths":null,"credHelpers":null,"credsStore":null}', '{"HttpHeaders":{"auth":"x"}}'])(
    "finds no credentials in %j",
    (text) => {
      expect(parseDockerConfig(text)).toEqual({ auths: {}, credHelpers: {} });
    },
  );

  it("treats a null entry as empty", () => {
    expect(parseDockerConfig('{"auths":{"quay.io":null}}').auths).toEqual({ "quay.io": {} });
  });

  it("prefers auth to username and password, as the docker CLI does", () => {
    const auths = { "quay.io": { username: "old", password: "old", auth: base64("new:secret") } };
    expect(parseDockerConfig(JSON.stringify({ auths })).auths).toEqual({ "quay.io": { username: "new", password: "secret" } });
  });

  it("keeps a registry named like a property of Object.prototype", () => {
    const config = parseDockerConfig('{"auths":{"__proto__":{"username":"p"}},"credHelpers":{"__proto__":"x"}}');
    expect(Object.keys(config.auths)).toEqual(["__proto__"]);
    expect(Object.keys(config.credHelpers)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(config.auths)).toBe(Object.prototype);
  });

  it("splits users and passwords, even if a password contains colons, and trims trailing NULs", () => {
    const users = fc.string({ unit: "grapheme", minLength: 1 }).filter((user) => !user.includes(":"));
    const passwords = fc.string({ unit: "grapheme" }).filter((password) => !password.endsWith("\0"));
    fc.assert(
      fc.property(users, passwords, fc.nat({ max: 3 }), fc.boolean(), (username, password, padding, wrapped) => {
        const login = base64(`${username}:${password}${"\0".repeat(padding)}`);
        const auth = wrapped ? login.replace(/(.{8})/g, "$1\r\n") : login;
        expect(parseDockerConfig(JSON.stringify({ auths: { r: { auth } } })).auths).toEqual({ r: { username, password } });
      }),
    );
  });

  it.each([
    ["{", {}, "docker's configuration is not JSON"],
    ["[]", {}, "docker's configuration is not a JSON object"],
    ["7", { source: "/x/config.json" }, "/x/config.json is not a JSON object"],
    ['{"auths":[]}', {}, `docker's configuration has "auths" that is not an object`],
    ['{"auths":{"a":{},"b":"x"}}', {}, `docker's configuration is malformed: entry 2 of "auths" is not an object`],
    ['{"auths":{"b":{"password":5}}}', {}, `entry 1 of "auths" has a "password" that is not a string`],
    ['{"credsStore":5}', {}, 'has a "credsStore" that is not a string'],
    ['{"credHelpers":"x"}', {}, 'has "credHelpers" that are not an object'],
    ['{"credHelpers":{"a":5}}', {}, 'entry 1 of "credHelpers" is not a string'],
    ['{"a":"x"}', { legacy: true, source: "/x/.dockercfg" }, "/x/.dockercfg is malformed: entry 1 of it is not an object"],
  ])("rejects %s", (text, options, message) => {
    expect(refusal(text, options).message).toContain(message);
  });

  it.each(["s3cret", "s3cret=", "s3cr-_==", base64("s3cret"), base64(":s3cret"), "====", "s3c\u00e9"])(
    "rejects the auth %j without quoting it",
    (auth) => {
      const error = refusal(JSON.stringify({ auths: { "https://u:s3cret@quay.io": { auth } } }));
      expect(error.message).toContain('"auth" that is not a base64-encoded');
      expect(inspect(error, { showHidden: true, depth: 10 }) + JSON.stringify(error)).not.toContain("s3c");
    },
  );

  it("throws a ConfigurationError that quotes no content, for any truncation or change", () => {
    const whole = JSON.stringify({
      auths: { "S3CRET.example": { auth: base64("me:S3CRET"), password: "S3CRET" } },
      credsStore: "S3CRET",
    });
    const malformed = Array.from(whole).flatMap((character, at) => [
      whole.slice(0, at),
      `${whole.slice(0, at)}\0${whole.slice(at + 1)}`,
      `${whole.slice(0, at)}${character}${whole.slice(at)}`,
    ]);
    const refused = malformed.filter((text) => {
      try {
        parseDockerConfig(text);
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(inspect(error, { showHidden: true, depth: 10 })).not.toMatch(
          new RegExp(`S3CRET|${base64("me:S3CRET").slice(0, 6)}`),
        );
        return true;
      }
    });
    expect(refused.length).toBeGreaterThan(whole.length);
  });

  it("returns credentials or throws a ConfigurationError for any JSON", () => {
    const shapes = fc.oneof(
      fc.json(),
      fc
        .record({ auths: fc.jsonValue(), credsStore: fc.jsonValue(), credHelpers: fc.jsonValue() }, { requiredKeys: [] })
        .map((v) => JSON.stringify(v)),
    );
    fc.assert(
      fc.property(shapes, fc.boolean(), (text, legacy) => {
        try {
          const config = parseDockerConfig(text, { legacy });
          for (const auth of Object.values(config.auths))
            expect(Object.values(auth).every((v) => typeof v === "string")).toBe(true);
          for (const name of Object.values(config.credHelpers)) expect(typeof name).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
      }),
    );
  });
});
