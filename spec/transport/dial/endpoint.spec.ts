import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidEndpointError } from "../../../lib/errors/usage-errors.js";
import { DEFAULT_ENDPOINT, defaultEndpoint, parseEndpoint } from "../../../lib/transport/dial/endpoint.js";

const refused = (text: string) => {
  try {
    parseEndpoint(text);
  } catch (error) {
    return error;
  }
  throw new Error(`${text} was taken for an endpoint`);
};

it.each(["$(id)", "`id`", "a;b", "a|b", "a&b", "a'b", 'a"b', "a<b", "a>b", "a(b", "a{b", "a b", "a\nb", "a\0b", "a\\"])(
  "parseEndpoint rejects %j as the host or user of an ssh endpoint",
  (text) => {
    for (const endpoint of [`ssh://${text}`, `ssh://${text}@host`]) {
      expect(() => parseEndpoint(endpoint)).toThrow(InvalidEndpointError);
    }
  },
);

it("parseEndpoint accepts a user of a Windows domain in an ssh endpoint", () => {
  expect(parseEndpoint("ssh://DOMAIN\\me@host.example")).toMatchObject({ user: "DOMAIN\\me", host: "host.example" });
});

it("parseEndpoint truncates a long endpoint and escapes its control characters in the message", () => {
  const error = (() => {
    try {
      return parseEndpoint(`x\u001b[2J${"y".repeat(1e6)}`);
    } catch (thrown) {
      return thrown as Error;
    }
  })();
  expect((error as Error).message).toMatch(/^invalid endpoint "x\\u001b\[2Jy+…": it must start with/);
  expect((error as Error).message.length).toBeLessThan(400);
});

describe("parseEndpoint", () => {
  it.each([
    "htp://localhost:3243",
    "http://localhost:a",
    "localhost:8080",
    "",
    "localhost",
    "http://localhost:8080:8383",
    "http://localhost:65536",
    "https://localhost:-20",
  ])("rejects go-dockerclient's fixture %j", (text) => {
    expect(refused(text)).toBeInstanceOf(InvalidEndpointError);
  });

  it.each([
    ["http://localhost:0", /port must be between 1 and 65535/],
    ["http://localhost:", /port must be between 1 and 65535/],
    ["http://localhost:+80", /port must be between 1 and 65535/],
    ["http://localhost:8 0", /port must be between 1 and 65535/],
    ["http://", /host is missing/],
    ["tcp://", /host is missing/],
    ["ssh://", /host is missing/],
    ["ssh://user@", /host is missing/],
    ["http://::1:2375", /port must be/],
    ["http://[::1", /brackets/],
    ["http://[::g]:1", /brackets/],
    ["http://ho st", /host and port/],
    ["http://host?x=1", /host and port/],
    ["http://host#fragment", /host and port/],
    ["http://host\\path", /host and port/],
    ["tcp://host:2375\r\nX-Evil: 1", /port must be|host and port/],
    ["http://host/a b", /path/],
    ["http://host/a?x=1", /path/],
    ["http://host/a#b", /path/],
    ["http://host/é", /path/],
    ["ssh://ho st", /host and port/],
    ["unix://", /path is missing/],
    ["unix:///", /path is missing/],
    ["npipe://name", /named pipe must look like/],
    ["ssh://user:password@host", /passwords in ssh addresses/],
    ["ssh://-oProxyCommand=id", /start with a dash/],
    ["ssh://-oProxyCommand=id@host", /start with a dash/],
    ["ssh://user@-oProxyCommand=id", /start with a dash/],
    ["http://user:password@host", /credentials in the address/],
  ])("rejects %j", (text, message) => {
    const error = refused(text);
    expect(error).toBeInstanceOf(InvalidEndpointError);
    expect((error as Error).message).toMatch(message);
  });

  it.each([
    "http://user:sesame@host",
    "http://user:se@same@host",
    "http://user:se/same@host",
    "http://user:sesame@host:99999",
    "ftp://user:sesame@host",
    "user:sesame@host",
    "ssh://user:sesame@host",
  ])("keeps the password in %s out of the message", (text) => {
    expect((refused(text) as Error).message).not.toMatch(/sesame|same/);
  });

  it.each([
    ["unix:///var/run/docker.sock", { kind: "unix", path: "/var/run/docker.sock", text: "unix:///var/run/docker.sock" }],
    ["unix:///with space/docker.sock", { kind: "unix", path: "/with space/docker.sock" }],
    ["unix://relative/docker.sock", { kind: "unix", path: "relative/docker.sock" }],
    ["UNIX:///run/x.sock", { kind: "unix", path: "/run/x.sock" }],
    [
      "npipe:////./pipe/docker_engine",
      { kind: "npipe", path: "\\\\.\\pipe\\docker_engine", text: "npipe:////./pipe/docker_engine" },
    ],
    ["npipe:////server/pipe/x", { kind: "npipe", path: "\\\\server\\pipe\\x" }],
    ["http://localhost:4243/////", { kind: "tcp", host: "localhost", port: 4243, basePath: "", text: "http://localhost:4243" }],
    ["tcp://localhost:4243", { kind: "tcp", host: "localhost", port: 4243, text: "http://localhost:4243" }],
    ["tcp://localhost", { kind: "tcp", port: 2375 }],
    ["tcp://:2375", { kind: "tcp", host: "localhost", port: 2375 }],
    ["http://localhost", { kind: "tcp", port: 80 }],
    ["http://localhost:65535", { kind: "tcp", port: 65535 }],
    ["http://localhost:1", { kind: "tcp", port: 1 }],
    ["https://localhost", { kind: "tls", port: 443, text: "https://localhost:443" }],
    ["http://proxy/docker/prod/", { kind: "tcp", basePath: "/docker/prod", text: "http://proxy:80/docker/prod" }],
    ["http://proxy/a%20b", { kind: "tcp", basePath: "/a%20b" }],
    ["tcp://[::1]:2375", { kind: "tcp", host: "::1", port: 2375, text: "http://[::1]:2375" }],
    ["tcp://[fe80::1%eth0]", { kind: "tcp", host: "fe80::1%eth0", port: 2375 }],
    ["ssh://host", { kind: "ssh", host: "host", port: undefined, user: undefined, socket: undefined, text: "ssh://host" }],
    ["ssh://me@host:2222/", { kind: "ssh", host: "host", port: 2222, user: "me", socket: undefined, text: "ssh://me@host:2222" }],
    ["ssh://host/run/user/1000/docker.sock", { kind: "ssh", socket: "/run/user/1000/docker.sock" }],
    ["ssh://me@[::1]:22", { kind: "ssh", host: "::1", port: 22, text: "ssh://me@[::1]:22" }],
    ["ssh://@host", { kind: "ssh", user: undefined }],
  ])("reads %s", (text, expected) => {
    expect(parseEndpoint(text)).toMatchObject(expected);
  });

  it.each([
    ["tcp://host", 2376],
    ["http://host", 80],
    ["tcp://host:5000", 5000],
  ])("reads %s as TLS on port %i when there are TLS settings", (text, port) => {
    expect(parseEndpoint(text, true)).toMatchObject({ kind: "tls", port });
  });

  it("never uses TLS for sockets", () => {
    expect(parseEndpoint("unix:///run/docker.sock", true)).toMatchObject({ kind: "unix" });
  });

  it.each([
    ["linux", { kind: "unix", path: "/var/run/docker.sock" }],
    ["darwin", { kind: "unix", path: "/var/run/docker.sock" }],
    ["win32", { kind: "npipe", path: "\\\\.\\pipe\\docker_engine" }],
  ] as const)("reads the default endpoint of %s", (platform, endpoint) => {
    expect(parseEndpoint(defaultEndpoint(platform))).toMatchObject(endpoint);
  });

  it("exports the default endpoint of this platform", () => {
    expect(DEFAULT_ENDPOINT).toBe(defaultEndpoint(process.platform));
  });

  it("either parses a string or rejects it with a ConfigurationError", () => {
    const schemes = fc.constantFrom("unix", "npipe", "tcp", "http", "https", "ssh", "htp", "");
    fc.assert(
      fc.property(schemes, fc.string({ unit: "binary" }), fc.boolean(), (scheme, rest, tls) => {
        try {
          parseEndpoint(`${scheme}://${rest}`, tls);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEndpointError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("parses a displayed endpoint as the same endpoint", () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
    const path = fc.webPath();
    const endpoint = fc
      .tuple(fc.constantFrom("tcp", "http", "https", "ssh"), host, port, path)
      .map(([scheme, name, number, rest]) => `${scheme}://${name}${number === undefined ? "" : `:${number}`}${rest}`);
    fc.assert(
      fc.property(endpoint, fc.boolean(), (text, tls) => {
        const once = parseEndpoint(text, tls);
        expect(parseEndpoint(once.text, once.kind === "tls")).toEqual(once);
        expect(once).toHaveProperty("host", /\/\/\[?([^\]/]*?)\]?(:\d+)?(\/|$)/.exec(text)?.[1]);
      }),
    );
  });

  it("never shows a password", () => {
    const secret = fc.string({ minLength: 6, unit: "grapheme-ascii" }).map((rest) => `Q${rest}Q`);
    fc.assert(
      fc.property(fc.constantFrom("tcp://", "http://", "ssh://", "ftp://", ""), secret, fc.domain(), (scheme, password, host) => {
        expect((refused(`${scheme}user:${password}@${host}`) as Error).message).not.toContain(password);
      }),
    );
  });
});
