import fc from "fast-check";
import { headerBlock } from "../hostile-tar.js";

/** Values that no member of a body and no option is made for. */
const hostile: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, "", "x", "0", "-1", "null", [], {}, [null], [[]], [{}], { "": null }],
  ...[
    "../../canary",
    "/../canary",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "__proto__",
    "constructor",
    "x".repeat(5_000),
    "é".repeat(300),
  ],
  ...[
    [1, "a", null],
    { a: 1 },
    { a: { b: null } },
    { a: [] },
    "80/tcp",
    "1-0/udp",
    "1h",
    "99999999999h",
    "a=b=c",
    ":",
    "a:b:c:d",
    "@",
  ],
];

const bodies: Readonly<Record<string, unknown>> = {
  "/containers/create": {
    Image: "box",
    Cmd: ["sh", "-c", "echo hello"],
    Entrypoint: ["sh"],
    Env: ["A=b"],
    Labels: { a: "b" },
    ExposedPorts: { "80/tcp": {} },
    Volumes: { "/v": {} },
    Healthcheck: { Test: ["CMD", "true"], Interval: 1_000_000_000, Retries: 1 },
    StopSignal: "TERM",
    StopTimeout: 1,
    User: "guest",
    WorkingDir: "/tmp",
    HostConfig: {
      Binds: ["kept:/data:ro"],
      PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 1 },
      Mounts: [
        { Type: "volume", Source: "kept", Target: "/m", VolumeOptions: { Subpath: "a", Labels: { a: "b" }, DriverConfig: {} } },
      ],
      Tmpfs: { "/t": "size=1k" },
      VolumesFrom: ["kept:ro"],
      Links: ["kept:alias"],
      Dns: ["1.1.1.1"],
      ExtraHosts: ["a:1.2.3.4"],
      LogConfig: { Type: "json-file", Config: { "max-size": "1k", "max-file": "2" } },
      Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
      Memory: 10_000_000,
      NetworkMode: "bridge",
      CapAdd: ["ALL"],
      Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/x", CgroupPermissions: "r" }],
      ConsoleSize: [1, 2],
    },
    NetworkingConfig: { EndpointsConfig: { bridge: { Aliases: ["a"], IPAMConfig: { IPv4Address: "172.17.0.9" } } } },
  },
  "/containers/:id/exec": {
    Cmd: ["echo", "x"],
    AttachStdout: true,
    Env: ["A=b"],
    User: "0:0",
    WorkingDir: "/",
    DetachKeys: "ctrl-a",
  },
  "/exec/:id/start": { Detach: false, Tty: false, ConsoleSize: [1, 2] },
  "/containers/:id/update": { Memory: 1, RestartPolicy: { Name: "no" }, CpuShares: 2 },
  "/networks/create": {
    Name: "made",
    Driver: "bridge",
    IPAM: {
      Driver: "default",
      Config: [{ Subnet: "10.9.0.0/24", Gateway: "10.9.0.1", IPRange: "10.9.0.0/28", AuxiliaryAddresses: { a: "10.9.0.4" } }],
    },
    Labels: { a: "b" },
    Options: { a: "b" },
    EnableIPv6: true,
    Internal: true,
    ConfigFrom: { Network: "x" },
  },
  "/networks/:id/connect": { Container: "kept", EndpointConfig: { Aliases: ["a"], IPAMConfig: { IPv4Address: "10.9.0.7" } } },
  "/networks/:id/disconnect": { Container: "kept", Force: true },
  "/volumes/create": {
    Name: "made",
    Driver: "local",
    DriverOpts: { type: "tmpfs", device: "tmpfs", o: "size=1k" },
    Labels: { a: "b" },
  },
  "/commit": { Cmd: ["x"], Env: ["A=b"], Labels: { a: "b" }, ExposedPorts: { "1/tcp": {} }, Volumes: { "/v": {} } },
  "/auth": { username: "a", password: "b", serveraddress: "127.0.0.1:1" },
};

/** Replaces the n-th value in a tree, counted from its root, by another one. */
function replaced(tree: unknown, place: number, value: unknown): unknown {
  let left = place;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, walk(member)]));
  };
  return walk(tree);
}

const anyHostile = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const jsonBody = (path: string): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.array(fc.tuple(fc.nat({ max: 110 }), anyHostile), { maxLength: 3 }), fc.nat({ max: 30 }))
    .map(([changes, damage]) => {
      const body = changes.reduce<unknown>((tree, [place, value]) => replaced(tree, place, value), bodies[path] ?? {});
      const text = JSON.stringify(body);
      if (damage === 0) return Buffer.from(text.slice(0, text.length / 2));
      if (damage === 1) return Buffer.from(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
      return Buffer.from(text);
    });

const dockerfiles = [
  "FROM box\nRUN echo x > /y\nCOPY . /c\n",
  "FROM scratch\nADD f /\nLABEL a=b\n",
  "FROM box\nCOPY --from=0 / /x\nCOPY --from=box /etc /z\n",
  "FROM box\nCOPY ../../canary/secret /s\nADD /canary/secret /s\n",
  'FROM box AS a\nFROM a\nONBUILD RUN x\nHEALTHCHECK CMD x\nSHELL ["x"]\nARG a=${a:-${b}}\n',
  "ARG X\nFROM ${X}\n",
  "FROM box\nENV a=$a$a$a$a b=${a\nUSER ''\nWORKDIR ../..\nEXPOSE x\nVOLUME [\"\n",
  "",
  "#escape=`\nFROM\n",
  "\u0000",
];

const imageFiles = [
  ["manifest.json", '[{"Config":"c.json","RepoTags":["x:y"],"Layers":["l.tar"]}]'],
  ["manifest.json", '[{"Config":"../../canary/secret","RepoTags":["x"],"Layers":["../../canary/secret"]}]'],
  ["manifest.json", "[null]"],
  ["manifest.json", "{}"],
  ["manifest.json", '[{"Config":"manifest.json","Layers":null}]'],
  [
    "c.json",
    '{"rootfs":{"type":"layers","diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}',
  ],
  ["c.json", '{"rootfs":{"diff_ids":[1]},"config":[],"history":{}}'],
  ["c.json", '{"rootfs":null}'],
  [
    "c.json",
    '{"rootfs":{"type":"layers","diff_ids":[]},"config":{"Env":"x","Cmd":{},"Labels":[1]},"created":"never","history":[null]}',
  ],
  [
    "index.json",
    '{"schemaVersion":2,"manifests":[{"digest":"sha256:1","size":-1},null,{"digest":"../../canary","mediaType":1}]}',
  ],
  ["index.json", '{"manifests":{}}'],
  ["oci-layout", "{}"],
  ["repositories", '{"x":{"y":"z"}}'],
  ["repositories", '{"x":null,"__proto__":{"a":"b"}}'],
  ["z/json", '{"id":"z","parent":"z"}'],
  ["z/json", "[]"],
  ["z/VERSION", "1.0"],
  ["z/layer.tar", "x"],
] as const;

const entry = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...dockerfiles).map((content) => headerBlock({ name: "Dockerfile", content })) },
  { weight: 3, arbitrary: fc.constantFrom(...imageFiles).map(([name, content]) => headerBlock({ name, content })) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        name: fc.constantFrom(
          ...[
            "f",
            "d/f",
            "../canary/out",
            "/../../canary/out",
            "link/out",
            "d/../../canary/out",
            ".wh.f",
            ".wh..wh..opq",
            ".wh..",
            ".wh.",
            "",
          ],
          ...["l.tar", "x".repeat(99), "bin/sh", "etc/passwd", "data/x", "dev/x"],
        ),
        type: fc.constantFrom("0", "0", "1", "2", "3", "4", "5", "6", "L", "K", "x", "g", "S", "\u0000", "Z"),
        linkname: fc.constantFrom("", "f", "/", "..", "../../canary/secret", "/canary", "link", "d", "../".repeat(20)),
        content: fc.constantFrom(
          "",
          "content",
          "20 path=../canary/o\n",
          "11 size=-1\n",
          "27 GNU.sparse.realsize=1e9\n",
          "é".repeat(600),
        ),
        size: fc.constantFrom(undefined, undefined, undefined, "-1", "77777777777", "\u0080\u00ff\u00ff\u00ff", "x"),
      })
      .map(headerBlock),
  },
);

const archive = fc.tuple(fc.array(entry, { maxLength: 8 }), fc.nat({ max: 20 })).map(([entries, damage]) => {
  const bytes = Buffer.concat([...entries, Buffer.alloc(damage === 0 ? 0 : 1_024)]);
  return damage === 1 ? bytes.subarray(0, bytes.length / 2) : bytes;
});

/** A body for a route: what it expects with hostile parts, or anything else. */
export const bodyOf = (path: string): fc.Arbitrary<Buffer | undefined> => {
  const takesArchive = /build|load|archive|images\/create/.test(path);
  return fc.oneof(
    { weight: 6, arbitrary: takesArchive ? archive : jsonBody(path) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)) },
  );
};

/** Values in paths, encoded. */
export const paramValue = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("kept", "kept", "box", "bridge", "made", "%") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        "..%2f..%2fcanary%2fsecret",
        "%2e%2e",
        "%00",
        "%ff",
        "__proto__",
        "constructor",
        "a".repeat(9_000),
        "sha256:",
        "%F0%9F%90%B3",
      ],
      ...["-", "*", "box@sha256:00", `sha256:${"0".repeat(64)}`, "a/b/c", "a//b", "%2f", "kept/json", "0", "f"],
    ),
  },
);

const queryKeys = [
  ...[
    "all",
    "size",
    "limit",
    "filters",
    "since",
    "until",
    "before",
    "tail",
    "follow",
    "stdout",
    "stderr",
    "timestamps",
    "details",
  ],
  ...[
    "t",
    "signal",
    "condition",
    "name",
    "force",
    "v",
    "link",
    "path",
    "noOverwriteDirNonDir",
    "copyUIDGID",
    "stream",
    "one-shot",
  ],
  ...[
    "fromImage",
    "fromSrc",
    "repo",
    "tag",
    "message",
    "platform",
    "changes",
    "names",
    "quiet",
    "noprune",
    "container",
    "author",
    "pause",
  ],
  ...[
    "dockerfile",
    "buildargs",
    "labels",
    "target",
    "cachefrom",
    "remote",
    "networkmode",
    "extrahosts",
    "memory",
    "shmsize",
    "version",
    "q",
  ],
  ...["rm", "nocache", "h", "w", "ps_args", "term", "verbose", "type", "shared-size", "detachKeys", "logs", "stdin", "comment"],
];

const queryValue = fc.constantFrom(
  ...[
    "",
    "0",
    "1",
    "true",
    "false",
    "x",
    "-1",
    "1e9",
    "99999999999999999999",
    "null",
    "[]",
    "{}",
    "[null]",
    '{"a":null}',
    '{"a":"b"}',
  ],
  ...[
    '{"name":["x"]}',
    '{"label":{"a":true}}',
    '{"until":["x"]}',
    '{"status":[1]}',
    '{"dangling":["maybe"]}',
    '{"name":["("]}',
    '{"id":["[a"]}',
  ],
  ...[
    "/",
    "/etc",
    "../../canary/secret",
    "/data/../..",
    "/proc/1/fd",
    "\u0000",
    "%",
    "kept",
    "box",
    "KILL",
    "SIGX",
    "999",
    "CMD x",
    "RUN x",
  ],
  ...[
    "FROM x",
    "linux/amd64",
    "windows",
    '{"os":1}',
    "http://127.0.0.1:1/x",
    "git://x",
    "-",
    "1.5",
    "2020-01-01T00:00:00Z",
    "-1s",
    "1h",
    "next-exit",
  ],
  ...["x".repeat(3_000), "aux", "a=b", "é"],
);

/** Options in the query. */
export const queryOf = fc.array(fc.tuple(fc.constantFrom(...queryKeys), queryValue), { maxLength: 4 });

/** Headers that clients set. */
export const headersOf = fc.constantFrom<Readonly<Record<string, string>>>(
  ...Array.from({ length: 8 }, () => ({})),
  { "content-type": "text/plain" },
  { "content-type": "application/x-tar" },
  { "x-registry-auth": "%%%" },
  { "x-registry-auth": Buffer.from("[]").toString("base64") },
  { "x-registry-auth": Buffer.from('{"username":1}').toString("base64") },
  { "x-registry-config": Buffer.from("null").toString("base64") },
  { connection: "Upgrade", upgrade: "tcp" },
  { connection: "Upgrade", upgrade: "websocket" },
  { connection: "Upgrade", upgrade: "h2c" },
  { "x-long": "l".repeat(1024 * 1024) },
  { "content-encoding": "gzip" },
  { expect: "100-continue" },
);
