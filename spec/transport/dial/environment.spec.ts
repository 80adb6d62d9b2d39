import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "../../../lib/client.js";
import { ConfigurationError, InvalidEndpointError } from "../../../lib/errors/usage-errors.js";
import { defaultSocket, environmentEndpoint } from "../../../lib/transport/dial/environment.js";
import { readTlsFolder, type TlsOptions } from "../../../lib/transport/dial/tls.js";
import type { Environment } from "../../../lib/wire/environment.js";
import { temporaryFolder } from "../../support/servers.js";

let home: string;
let config: string;

beforeEach(async () => {
  home = await temporaryFolder();
  config = join(home, ".docker");
  mkdirSync(config);
});

function write(path: string, content: string | object): void {
  mkdirSync(join(config, path, ".."), { recursive: true });
  writeFileSync(join(config, path), typeof content === "string" ? content : JSON.stringify(content));
}

const idOf = (name: string) => createHash("sha256").update(name).digest("hex");

/** Creates a context as `docker context create` does. */
function context(name: string, docker: object | undefined, material: Record<string, string> = {}): void {
  write(`contexts/meta/${idOf(name)}/meta.json`, { Name: name, Metadata: {}, Endpoints: docker === undefined ? {} : { docker } });
  for (const [file, content] of Object.entries(material)) write(`contexts/tls/${idOf(name)}/docker/${file}`, content);
}

const find = (env: Environment, name?: string) => environmentEndpoint({ HOME: home, ...env }, name);
const pem = (tls: TlsOptions | undefined) => tls && [tls.ca, tls.cert, tls.key].map((part) => part?.toString());

function refused(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
}

describe("environmentEndpoint", () => {
  describe("prefers, in this order,", () => {
    const explicit = { context: "named" };
    const host = { DOCKER_HOST: "tcp://host:1" };
    const variable = { DOCKER_CONTEXT: "variable" };

    beforeEach(() => {
      context("named", { Host: "tcp://named:1" });
      context("variable", { Host: "tcp://variable:1" });
      context("current", { Host: "tcp://current:1" });
    });

    it.each([
      [
        "an explicit context, over DOCKER_HOST, DOCKER_CONTEXT and currentContext",
        { ...host, ...variable },
        explicit.context,
        true,
        "tcp://named:1",
      ],
      ["DOCKER_HOST, over DOCKER_CONTEXT and currentContext", { ...host, ...variable }, undefined, true, "tcp://host:1"],
      ["DOCKER_CONTEXT, over currentContext", variable, undefined, true, "tcp://variable:1"],
      ["currentContext", {}, undefined, true, "tcp://current:1"],
      [
        "DOCKER_HOST, when the context is default, as the docker command does",
        { ...host, ...variable },
        "default",
        true,
        "tcp://host:1",
      ],
      [
        "DOCKER_HOST, over a DOCKER_CONTEXT that does not exist",
        { ...host, DOCKER_CONTEXT: "nothing" },
        undefined,
        false,
        "tcp://host:1",
      ],
      [
        "currentContext, when the variables are empty",
        { DOCKER_HOST: "", DOCKER_CONTEXT: "" },
        undefined,
        true,
        "tcp://current:1",
      ],
      ["currentContext, when DOCKER_HOST is blank", { DOCKER_HOST: "  " }, undefined, true, "tcp://current:1"],
    ])("%s", (_what, env, name, hasCurrent, endpoint) => {
      if (hasCurrent) write("config.json", { currentContext: "current" });
      expect(find(env, name).endpoint).toBe(endpoint);
    });

    it.each([
      ["DOCKER_CONTEXT is default", { DOCKER_CONTEXT: "default" }, { currentContext: "current" }],
      ["currentContext is default", {}, { currentContext: "default" }],
      ["currentContext is empty", {}, { currentContext: "" }],
      ["config.json has no context", {}, { auths: {} }],
      ["there is no config.json", {}, undefined],
    ])("the default socket, when %s", (_when, env, content) => {
      if (content) write("config.json", content);
      expect(find(env)).toEqual({ endpoint: defaultSocket({ HOME: home }), apiVersion: undefined });
    });
  });

  it("reads the directory in DOCKER_CONFIG", () => {
    const elsewhere = join(home, "elsewhere");
    config = elsewhere;
    context("there", { Host: "tcp://there:1" });
    write("config.json", { currentContext: "there" });
    expect(find({ DOCKER_CONFIG: elsewhere }).endpoint).toBe("tcp://there:1");
  });

  it.each([
    ["tcp://host:2375", "tcp://host:2375"],
    [" tcp://host:2375\n", "tcp://host:2375"],
    ["host:2375", "tcp://host:2375"],
    [":2375", "tcp://:2375"],
    ["tcp://", "tcp://localhost"],
    ["unix://", "unix:///var/run/docker.sock"],
    ["ssh://me@host", "ssh://me@host"],
    ["http://host/prefix", "http://host/prefix"],
  ])("reads DOCKER_HOST=%j as the docker command does", (host, endpoint) => {
    expect(find({ DOCKER_HOST: host }).endpoint).toBe(endpoint);
  });

  it("pins DOCKER_API_VERSION for every source of the endpoint", () => {
    context("named", { Host: "tcp://named:1" });
    expect(find({ DOCKER_API_VERSION: "1.41", DOCKER_HOST: "tcp://h:1" }).apiVersion).toBe("1.41");
    expect(find({ DOCKER_API_VERSION: "1.41" }, "named").apiVersion).toBe("1.41");
    expect(find({ DOCKER_API_VERSION: "" }).apiVersion).toBeUndefined();
  });

  describe("with TLS settings", () => {
    const material = { "ca.pem": "the ca", "cert.pem": "the cert", "key.pem": "the key" };
    const host = { DOCKER_HOST: "tcp://host:2376" };
    const fill = (folder: string, files: Record<string, string> = material) => {
      for (const [file, content] of Object.entries(files)) write(join(folder, file), content);
      return join(config, folder);
    };

    it.each([
      ["DOCKER_TLS_VERIFY and DOCKER_CERT_PATH", { DOCKER_TLS_VERIFY: "1" }, true, true],
      ["DOCKER_TLS_VERIFY=0, which counts as set", { DOCKER_TLS_VERIFY: "0" }, true, true],
      ["DOCKER_TLS", { DOCKER_TLS: "1" }, true, false],
      ["DOCKER_TLS and DOCKER_TLS_VERIFY", { DOCKER_TLS: "1", DOCKER_TLS_VERIFY: "1" }, true, true],
      ["only DOCKER_CERT_PATH", {}, false, undefined],
      ["an empty DOCKER_TLS_VERIFY", { DOCKER_TLS_VERIFY: "", DOCKER_TLS: "" }, false, undefined],
    ])("accepts %s as the docker command does", (_what, env, secure, verify) => {
      const { tls } = find({ ...host, DOCKER_CERT_PATH: fill("certs"), ...env });
      expect(pem(tls)).toEqual(secure ? ["the ca", "the cert", "the key"] : undefined);
      expect(tls?.verify).toBe(verify);
    });

    it("uses the certificates next to config.json if DOCKER_CERT_PATH is not set", () => {
      fill(".");
      expect(pem(find({ ...host, DOCKER_TLS_VERIFY: "1" }).tls)).toEqual(["the ca", "the cert", "the key"]);
    });

    it("uses the certificates for https:// without DOCKER_TLS_VERIFY", () => {
      const certs = fill("certs");
      expect(pem(find({ DOCKER_HOST: "HTTPS://host", DOCKER_CERT_PATH: certs }).tls)).toEqual(["the ca", "the cert", "the key"]);
      expect(find({ DOCKER_HOST: "https://host" }).tls).toBeUndefined();
    });

    it.each(["unix:///run/docker.sock", "ssh://host"])("ignores the TLS settings for %s", (endpoint) => {
      expect(find({ DOCKER_HOST: endpoint, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" })).toEqual({
        endpoint,
        apiVersion: undefined,
      });
    });

    it("uses port 2376 of localhost without DOCKER_HOST, as the docker command does", () => {
      const certs = fill("certs");
      expect(find({ DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certs })).toMatchObject({
        endpoint: "tcp://localhost:2376",
        tls: { verify: true },
      });
    });

    it.each([
      ["no folder", {}, /no ca\.pem, cert\.pem or key\.pem/],
      ["a certificate without a key", { "ca.pem": "ca", "cert.pem": "SESAME" }, /has a cert\.pem but no key\.pem/],
      ["a key without a certificate", { "ca.pem": "ca", "key.pem": "SESAME" }, /has a key\.pem but no cert\.pem/],
      ["an empty CA", { "ca.pem": "", "cert.pem": "SESAME", "key.pem": "SESAME" }, /broken\/ca\.pem is empty/],
      ["an empty key", { "ca.pem": "ca", "cert.pem": "SESAME", "key.pem": "" }, /broken\/key\.pem is empty/],
    ])("rejects %s", (_what, files, message) => {
      const error = refused(() => find({ ...host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: fill("broken", files) }));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toMatch(message);
      expect(inspect(error, { depth: null })).not.toContain("SESAME");
    });

    it("rejects unreadable certificates", () => {
      mkdirSync(join(config, "folders", "ca.pem"), { recursive: true });
      expect(refused(() => readTlsFolder(join(config, "folders"))).message).toMatch(/cannot read .*ca\.pem/);
    });

    it("requires ca.pem for DOCKER_TLS_VERIFY", () => {
      const folder = fill("no-ca", { "cert.pem": "cert", "key.pem": "key" });
      const env = { DOCKER_HOST: "tcp://h:2376", DOCKER_CERT_PATH: folder };
      expect(refused(() => find({ ...env, DOCKER_TLS_VERIFY: "1" })).message).toBe(
        `DOCKER_TLS_VERIFY requires ca.pem, but ${folder} has none`,
      );
      expect(find({ ...env, DOCKER_TLS: "1" }).tls).toMatchObject({ verify: false });
    });

    it("accepts a CA without a client certificate", () => {
      expect(pem(readTlsFolder(fill("alone", { "ca.pem": "ca" })))).toEqual(["ca", undefined, undefined]);
    });
  });

  describe("with a context", () => {
    it("uses its certificates", () => {
      context("secure", { Host: "tcp://h:2376", SkipTLSVerify: false }, { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" });
      const { endpoint, tls } = find({}, "secure");
      expect(endpoint).toBe("tcp://h:2376");
      expect(pem(tls)).toEqual(["ca", "cert", "key"]);
      expect(tls?.verify).toBe(true);
    });

    it("skips verification if the context requests it", () => {
      context("lax", { Host: "tcp://h:2376", SkipTLSVerify: true }, { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" });
      context("bare", { Host: "tcp://h:2376", SkipTLSVerify: true });
      expect(find({}, "lax").tls).toMatchObject({ verify: false });
      expect(find({}, "bare").tls).toEqual({ verify: false });
    });

    it("uses no TLS when the context has no TLS material", () => {
      context("plain", { Host: "ssh://me@host", SkipTLSVerify: false });
      context("empty", { Host: "tcp://h:1" });
      mkdirSync(join(config, "contexts", "tls", idOf("empty"), "docker"), { recursive: true });
      expect(find({}, "plain")).toEqual({ endpoint: "ssh://me@host", tls: undefined, apiVersion: undefined });
      expect(find({}, "empty").tls).toBeUndefined();
    });

    it("rejects a TLS folder that cannot be read", () => {
      context("unreadable", { Host: "tcp://h:2376" });
      write(`contexts/tls/${idOf("unreadable")}`, "not a folder");
      const error = refused(() => find({}, "unreadable"));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toMatch(/^cannot read the TLS folder .*docker$/);
    });

    it("accepts names that look like paths", () => {
      context("../../etc", { Host: "tcp://h:1" });
      expect(find({}, "../../etc").endpoint).toBe("tcp://h:1");
    });

    it.each([
      ["is missing", () => undefined, /docker context "broken" does not exist/],
      ["has no docker endpoint", () => context("broken", undefined), /has no docker endpoint/],
      ["has an empty docker endpoint", () => context("broken", { Host: "" }), /has no docker endpoint/],
      ["has an invalid docker endpoint", () => context("broken", { Host: 5 }), /has no docker endpoint/],
      ["is not JSON", () => write(`contexts/meta/${idOf("broken")}/meta.json`, '{"Password":"SESAME"'), /is not JSON/],
      ["is not an object", () => write(`contexts/meta/${idOf("broken")}/meta.json`, "null"), /has no docker endpoint/],
      [
        "is a folder",
        () => mkdirSync(join(config, `contexts/meta/${idOf("broken")}/meta.json`), { recursive: true }),
        /cannot read/,
      ],
      [
        "lacks some of its certificates",
        () => context("broken", { Host: "tcp://h:1" }, { "cert.pem": "SESAME" }),
        /has a cert\.pem but no key\.pem/,
      ],
    ])("rejects a context that %s, without quoting it", (_what, make, message) => {
      make();
      for (const act of [() => find({}, "broken"), () => find({ DOCKER_CONTEXT: "broken" })]) {
        const error = refused(act);
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error.message).toMatch(message);
        expect(inspect(error, { depth: null })).not.toContain("SESAME");
      }
    });
  });

  it("finds the settings in USERPROFILE on Windows, and uses the default pipe without settings", () => {
    const env = { USERPROFILE: home, HOME: "/nowhere" };
    expect(environmentEndpoint(env, undefined, "win32").endpoint).toBe("npipe:////./pipe/docker_engine");
    context("current", { Host: "tcp://current:1" });
    write("config.json", { currentContext: "current" });
    expect(environmentEndpoint(env, undefined, "win32").endpoint).toBe("tcp://current:1");
    expect(environmentEndpoint({ ...env, DOCKER_HOST: "unix://" }, undefined, "win32").endpoint).toBe(
      "unix:///var/run/docker.sock",
    );
  });

  it.each([
    ["is not JSON", '{"auths":{"r":{"auth":"SESAME"}}'],
    ["is empty", ""],
  ])("rejects a config.json that %s, without quoting it", (_what, content) => {
    write("config.json", content);
    const error = refused(() => find({}));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toBe(`${join(config, "config.json")} is not JSON`);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("SESAME");
    expect(find({ DOCKER_HOST: "tcp://h:1" }).endpoint).toBe("tcp://h:1");
  });
});

describe("defaultSocket", () => {
  const env = { HOME: "/home/me", XDG_RUNTIME_DIR: "/run/user/7" };
  const found = (existing: string[], own: Environment = env) => defaultSocket(own, (path) => existing.includes(path));

  it("returns the first existing socket of Docker, rootless Docker, Docker Desktop and Podman", () => {
    const order = [
      "/var/run/docker.sock",
      "/run/user/7/docker.sock",
      "/home/me/.docker/run/docker.sock",
      "/home/me/.docker/desktop/docker.sock",
      "/run/user/7/podman/podman.sock",
      "/run/podman/podman.sock",
    ];
    for (let i = 0; i < order.length; i++) expect(found(order.slice(i).reverse())).toBe(`unix://${order[i]!}`);
  });

  it("returns Docker's standard socket when no socket exists", () => {
    expect(found([])).toBe("unix:///var/run/docker.sock");
  });

  it("is always Docker's named pipe on Windows", () => {
    const exists = vi.fn(() => true);
    expect(defaultSocket(env, exists, "win32")).toBe("npipe:////./pipe/docker_engine");
    expect(exists).not.toHaveBeenCalled();
  });

  it("works without XDG_RUNTIME_DIR", () => {
    expect(found(["/docker.sock", "docker.sock", "/run/podman/podman.sock"], { HOME: "/home/me" })).toBe(
      "unix:///run/podman/podman.sock",
    );
  });
});

describe("Client.fromEnv", () => {
  it("prefers explicit options over everything else", () => {
    const env = { HOME: home, DOCKER_HOST: "tcp://host:2376", DOCKER_API_VERSION: "1.30" };
    const client = Client.fromEnv({ endpoint: "tcp://explicit:1", apiVersion: "1.41" }, env);
    expect([client.endpoint, client.apiVersion]).toEqual(["http://explicit:1", "1.41"]);
    expect(Client.fromEnv({ endpoint: "tcp://explicit:1" }, env).apiVersion).toBe("1.30");
  });

  it("applies the variables for TLS to an explicit endpoint, as docker --host does", () => {
    for (const [file, content] of [
      ["ca.pem", "ca"],
      ["cert.pem", "cert"],
      ["key.pem", "key"],
    ] as const)
      write(join("certs", file), content);
    const env = { HOME: home, DOCKER_HOST: "tcp://host:1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: join(config, "certs") };
    expect(Client.fromEnv({ endpoint: "tcp://explicit" }, env).endpoint).toBe("https://explicit:2376");
    expect(Client.fromEnv({ endpoint: "tcp://explicit" }, { ...env, DOCKER_TLS_VERIFY: "" }).endpoint).toBe(
      "http://explicit:2375",
    );
    expect(Client.fromEnv({ endpoint: "unix:///x.sock" }, env).endpoint).toBe("unix:///x.sock");
    const broken = { ...env, DOCKER_CERT_PATH: "/nowhere" };
    expect(() => Client.fromEnv({ endpoint: "tcp://explicit" }, broken)).toThrow("/nowhere has no ca.pem, cert.pem or key.pem");
    expect(Client.fromEnv({ endpoint: "tcp://explicit", tls: { ca: "own" } }, broken).endpoint).toBe("https://explicit:2376");
  });

  it("treats undefined as unset", () => {
    const env = { HOME: home, DOCKER_HOST: "tcp://host:1", DOCKER_API_VERSION: "1.30" };
    const client = Client.fromEnv(
      {
        endpoint: undefined,
        apiVersion: undefined,
        tls: undefined,
        context: undefined,
        env: undefined,
      },
      env,
    );
    expect([client.endpoint, client.apiVersion]).toEqual(["http://host:1", "1.30"]);
  });

  it("uses an explicit context and its certificates", () => {
    context("secure", { Host: "tcp://h:2376" }, { "ca.pem": "ca" });
    expect(Client.fromEnv({ context: "secure" }, { HOME: home, DOCKER_HOST: "tcp://host:1" }).endpoint).toBe("https://h:2376");
  });

  it("rejects invalid settings in the environment", () => {
    expect(() => Client.fromEnv({}, { HOME: home, DOCKER_HOST: "htp://x" })).toThrow(InvalidEndpointError);
    expect(() => Client.fromEnv({}, { HOME: home, DOCKER_CONTEXT: "nothing" })).toThrow(ConfigurationError);
  });
});
