import { chmod, link, lstat, mkdir, readFile, readlink, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { type BuildServices, BuildSession } from "../../lib/buildkit/build-session.js";
import { GoMode } from "../../lib/buildkit/go-mode.js";
import { Code } from "../../lib/buildkit/grpc/status.js";
import {
  BytesMessage,
  CheckAgentRequest,
  CredentialsRequest,
  CredentialsResponse,
  GetSecretRequest,
  GetSecretResponse,
  GetTokenAuthorityRequest,
  HealthCheckResponse,
  Packet,
  PacketType,
  type Stat,
} from "../../lib/buildkit/messages/session.js";
import { DirectorySource, MemorySource } from "../../lib/buildkit/sync-source.js";
import { ArchiveError } from "../../lib/errors/usage-errors.js";
import { planted, temporaryDirectory } from "../support/archive.js";
import { temporaryFolder } from "../support/servers.js";
import { type FakeCall, FakeEngine, socketPair } from "./support.js";

const DIFF_COPY = "/moby.filesync.v1.FileSync/DiffCopy";
const FILE_SEND = "/moby.filesync.v1.FileSend/DiffCopy";

/** Starts a session with an engine at its other end. */
async function startSession(services: Partial<BuildServices>): Promise<{ engine: FakeEngine; session: BuildSession }> {
  const session = new BuildSession({
    directories: new Map(),
    uploads: new Map(),
    secrets: new Map(),
    ssh: new Map(),
    lookUp: () => Promise.resolve(undefined),
    outputs: [],
    ...services,
  });
  const [near, far] = await socketPair();
  session.serve(near);
  onTestFinished(() => session.close());
  return { engine: new FakeEngine(far), session };
}

const packets = (messages: readonly Buffer[]): Packet[] => messages.map((message) => Packet.decode(message));
const stats = (messages: readonly Buffer[]): Stat[] => packets(messages).flatMap(({ stat }) => (stat ? [stat] : []));
const isListed = (messages: readonly Buffer[]): boolean =>
  packets(messages).some(({ type, stat }) => type === PacketType.Stat && !stat);
const packet = (value: Partial<Packet>): Buffer => Packet.encode(value);

/** Asks for the content of files, and ends the transfer. */
async function fetchFiles(call: FakeCall, ids: readonly number[]): Promise<Map<number, string>> {
  await call.until(isListed);
  for (const id of ids) call.send(packet({ type: PacketType.Request, id }));
  const ended = (messages: readonly Buffer[]): number =>
    packets(messages).filter(({ type, data }) => type === PacketType.Data && data.length === 0).length;
  await call.until((messages) => ended(messages) === ids.length);
  const { messages, status } = await call.send(packet({ type: PacketType.Fin })).end().ended;
  expect(status).toBe("0");
  expect(packets(messages).at(-1)?.type).toBe(PacketType.Fin);
  const contents = new Map<number, string>(ids.map((id) => [id, ""]));
  for (const { type, id, data } of packets(messages)) {
    if (type === PacketType.Data) contents.set(id, (contents.get(id) ?? "") + data.toString());
  }
  return contents;
}

test("the session says that it lives, and has no other methods than it names", async () => {
  const { engine, session } = await startSession({});
  const { messages, status } = await engine.unary("/grpc.health.v1.Health/Check", Buffer.alloc(0));
  expect([status, HealthCheckResponse.decode(messages[0] ?? Buffer.alloc(0)).status]).toEqual(["0", 1]);
  expect(await engine.unary("/moby.filesync.v1.FileSync/TarStream", Buffer.alloc(0))).toMatchObject({ status: "12" });
  expect(session.methods).toContain("/moby.upload.v1.Upload/Pull");
});

test("a directory is listed in BuildKit's order, with modes, links and times", async () => {
  const root = await planted({ "b/x": "xx", "a-b": "1", "a/y": "yyy", "a/\u{1f600}": "1", "a/\uffee": "2", l: ["a/y"] });
  await link(join(root, "b/x"), join(root, "c"));
  await chmod(join(root, "a-b"), 0o4755);
  const { engine } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const call = engine.call(DIFF_COPY, { "dir-name": "context" });
  const listed = stats(await call.until(isListed));
  expect(listed.map(({ path, size, linkname }) => [path, size, linkname])).toEqual([
    ["a", 0, ""],
    ["a/y", 3, ""],
    ["a/\uffee", 1, ""],
    ["a/\u{1f600}", 1, ""],
    ["a-b", 1, ""],
    ["b", 0, ""],
    ["b/x", 2, ""],
    ["c", 0, "b/x"],
    ["l", 0, "a/y"],
  ]);
  expect(listed[0]?.mode).toBe(GoMode.directory + 0o755);
  expect(listed[4]?.mode).toBe(GoMode.setuid + 0o755);
  expect(GoMode.has(listed[8]?.mode ?? 0, GoMode.symlink)).toBe(true);
  expect(listed[1]?.modTime).toBe((await stat(join(root, "a/y"), { bigint: true })).mtimeNs);
  expect(await fetchFiles(call, [1, 6])).toEqual(
    new Map([
      [1, "yyy"],
      [6, "xx"],
    ]),
  );
});

test("many files and large ones arrive whole, whatever the order in which they are asked for", async () => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, `content ${index}`]));
  const root = await planted({ ...files, large: Buffer.alloc(3_000_000, "x") });
  const { engine } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const call = engine.call(DIFF_COPY, { "dir-name": "context" });
  const listed = stats(await call.until(isListed));
  const ids = listed.map((_, id) => id).reverse();
  const contents = await fetchFiles(call, ids);
  expect(contents.get(listed.findIndex(({ path }) => path === "large"))).toBe("x".repeat(3_000_000));
  expect(ids.filter((id) => contents.get(id)?.startsWith("content "))).toHaveLength(200);
});

test("patterns select what is sent, even with commas and beyond ASCII", async () => {
  const root = await planted({ "a,b/x": "1", "ü/x": "1", "keep/x": "1", "keep/no": "1", "deep/er/y": "1", "deep/z": "1" });
  const { engine } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const list = async (metadata: Record<string, string | string[]>): Promise<string[]> => {
    const call = engine.call(DIFF_COPY, { "dir-name": "context", ...metadata });
    const paths = stats(await call.until(isListed)).map(({ path }) => path);
    call.cancel();
    await call.ended;
    return paths;
  };
  const latin = Buffer.from("ü").toString("latin1");
  expect(await list({ "exclude-patterns": ["a,b", latin, "**/no", "deep"] })).toEqual(["keep", "keep/x"]);
  expect(await list({ "include-patterns": ["deep/er"] })).toEqual(["deep", "deep/er", "deep/er/y"]);
  expect(await list({ "include-patterns": ["keep"], "exclude-patterns": ["keep/*", "!keep/no"] })).toEqual(["keep", "keep/no"]);
});

test("a thousand patterns are read", async () => {
  const root = await planted({ x: "1", "p999,": "1" });
  const { engine } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const patterns = Array.from({ length: 1_000 }, (_, index) => `p${index},`);
  const call = engine.call(DIFF_COPY, { "dir-name": "context", "exclude-patterns": patterns });
  expect(stats(await call.until(isListed)).map(({ path }) => path)).toEqual(["x"]);
});

test("followed paths bring their links along, and never leave the directory", async () => {
  const root = await planted({ "real/f": "1", "real/g": "1", link: ["real"], up: ["../../etc"], abs: ["/real/g"], loop: ["loop"], other: "1" }); // prettier-ignore
  const { engine } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const list = async (paths: string[]): Promise<string[]> => {
    const call = engine.call(DIFF_COPY, { "dir-name": "context", followpaths: paths });
    return stats(await call.until(isListed)).map(({ path }) => path);
  };
  expect(await list(["link/f"])).toEqual(["link", "real", "real/f"]);
  expect(await list(["abs"])).toEqual(["abs", "real", "real/g"]);
  expect(await list(["up/passwd"])).toEqual(["up"]);
  expect(await list(["loop"])).toEqual(["loop"]);
  expect(await list(["re*/f", "missing"])).toEqual(["real", "real/f"]);
  expect(await list(["."])).toContain("other");
});

test.each([
  ["shrinks", (path: string) => truncate(path, 10), /big: it changed from 1000 to 10 bytes/],
  ["vanishes", (path: string) => import("node:fs/promises").then(({ rm }) => rm(path)), /big: it was removed/],
  [
    "becomes a link",
    async (path: string) => {
      const { rm } = await import("node:fs/promises");
      await rm(path);
      await symlink("/etc/passwd", path);
    },
    /big: it was replaced/,
  ],
])("a file that %s while it is sent fails the build, and is named", async (_name, change, message) => {
  const root = await planted({ big: Buffer.alloc(1_000) });
  const { engine, session } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const call = engine.call(DIFF_COPY, { "dir-name": "context" });
  await call.until(isListed);
  await change(join(root, "big"));
  const { messages, status } = await call.send(packet({ type: PacketType.Request, id: 0 })).ended;
  const last = packets(messages).at(-1);
  expect([last?.type, status]).toEqual([PacketType.Error, "2"]);
  expect(last?.data.toString()).toMatch(message);
  expect(session.failure).toBeInstanceOf(ArchiveError);
});

test("a directory that the build does not have, and a file that is not listed, are refused", async () => {
  const source = new MemorySource({ Dockerfile: Buffer.from("FROM scratch") });
  const { engine } = await startSession({ directories: new Map([["dockerfile", source]]) });
  expect(await engine.call(DIFF_COPY, { "dir-name": "../etc" }).end().ended).toMatchObject({ status: String(Code.NotFound) });
  const call = engine.call(DIFF_COPY, { "dir-name": "dockerfile" });
  await call.until(isListed);
  expect(await call.send(packet({ type: PacketType.Request, id: 1 })).ended).toMatchObject({ status: "3" });
});

test("secrets are given by ID, and a missing one is not found", async () => {
  const secrets = new Map([["a", () => Promise.resolve(Buffer.from("top"))]]);
  const { engine } = await startSession({ secrets });
  const path = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
  const { messages } = await engine.unary(path, GetSecretRequest.encode({ id: "a" }));
  expect(GetSecretResponse.decode(messages[0] ?? Buffer.alloc(0)).data.toString()).toBe("top");
  expect(await engine.unary(path, GetSecretRequest.encode({ id: "b" }))).toEqual({
    messages: [],
    status: "5",
    message: "secret b not found",
  });
});

test("credentials are looked up only for the registry that is asked for", async () => {
  const asked: string[] = [];
  const lookUp = (registry: string) => {
    asked.push(registry);
    return Promise.resolve(
      registry === "r.example:5000"
        ? { username: "me", password: "pw" }
        : registry === "docker.io"
          ? { identitytoken: "tok" }
          : undefined,
    );
  };
  const { engine } = await startSession({ lookUp });
  const ask = async (host: string): Promise<object> => {
    const { messages } = await engine.unary("/moby.filesync.v1.Auth/Credentials", CredentialsRequest.encode({ host }));
    return CredentialsResponse.decode(messages[0] ?? Buffer.alloc(0));
  };
  expect(await ask("r.example:5000")).toEqual({ username: "me", secret: "pw" });
  expect(await ask("registry-1.docker.io")).toEqual({ username: "", secret: "tok" });
  expect(await ask("other.example")).toEqual({ username: "", secret: "" });
  expect(asked).toEqual(["r.example:5000", "docker.io", "other.example"]);
  const anonymous = GetTokenAuthorityRequest.encode({ host: "other.example", salt: Buffer.alloc(32) });
  expect(await engine.unary("/moby.filesync.v1.Auth/GetTokenAuthority", anonymous)).toMatchObject({ status: "14" });
});

test("an SSH agent is connected in both directions, and each end is passed on", async () => {
  const path = join(await temporaryFolder(), "agent.sock");
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let heard = "";
    socket.on("data", (data) => (heard += data.toString()));
    socket.on("end", () => socket.end(`heard ${heard}`));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  const { engine } = await startSession({
    ssh: new Map([
      ["default", path],
      ["gone", `${path}.gone`],
    ]),
  });
  const check = (id: string) => engine.unary("/moby.sshforward.v1.SSH/CheckAgent", CheckAgentRequest.encode({ id }));
  expect(await check("")).toMatchObject({ status: "0" });
  expect(await check("other")).toMatchObject({ status: "5" });
  const forward = "/moby.sshforward.v1.SSH/ForwardAgent";
  const call = engine.call(forward, { "buildkit.ssh.id": "default" });
  const { messages, status } = await call.send(BytesMessage.encode({ data: Buffer.from("keys?") })).end().ended;
  expect([Buffer.concat(messages.map((one) => BytesMessage.decode(one).data)).toString(), status]).toEqual(["heard keys?", "0"]);
  expect(await engine.call(forward, { "buildkit.ssh.id": "gone" }).end().ended).toMatchObject({ status: "14" });
});

test("an upload can be fetched once", async () => {
  const { engine } = await startSession({
    uploads: new Map([["context", Readable.from([Buffer.from("tar"), Buffer.alloc(2_500_000, 1)])]]),
  });
  const pull = () => engine.call("/moby.upload.v1.Upload/Pull", { urlpath: "/context" }).end().ended;
  const { messages, status } = await pull();
  expect([messages.reduce((sum, one) => sum + BytesMessage.decode(one).data.length, 0), status]).toEqual([2_500_003, "0"]);
  expect(Math.max(...messages.map((one) => one.length))).toBeLessThan(4 * 1024 * 1024);
  expect(await pull()).toMatchObject({ status: "5" });
});

test("an archive that fails ends its upload, and is the reason", async () => {
  const failing = Readable.from(
    (async function* () {
      yield await Promise.resolve(Buffer.from("tar"));
      throw new ArchiveError("cannot pack a: it shrank");
    })(),
  );
  const { engine, session } = await startSession({ uploads: new Map([["context", failing]]) });
  const outcome = await engine.call("/moby.upload.v1.Upload/Pull", { urlpath: "/context" }).end().ended;
  expect(outcome).toMatchObject({ status: String(Code.Internal), message: "cannot pack a: it shrank" });
  expect(session.failure).toBeInstanceOf(ArchiveError);
});

const statPacket = (value: Partial<Stat>): Buffer =>
  packet({
    type: PacketType.Stat,
    stat: {
      path: "",
      mode: 0o644,
      uid: 7,
      gid: 7,
      size: 0,
      modTime: 1_600_000_000_123_456_789n,
      linkname: "",
      devmajor: 0,
      devminor: 0,
      xattrs: {},
      ...value,
    },
  });

test("the files of an output are written with modes, times and links; what is there stays", async () => {
  const target = await planted({ old: "stays", "d/f": "before" });
  const { engine } = await startSession({ outputs: [undefined, { directory: target }] });
  const call = engine.call(FILE_SEND, { "buildkit-attachable-exporter-id": "1" });
  call.send(
    statPacket({ path: "d", mode: GoMode.directory + 0o555 }),
    statPacket({ path: "d/f", size: 5, mode: GoMode.setuid + 0o751 }),
    statPacket({ path: "d/g", linkname: "d/f", size: 5 }),
    statPacket({ path: "d/l", mode: GoMode.symlink + 0o777, linkname: "f" }),
    statPacket({ path: "d/p", mode: GoMode.pipe + 0o644 }),
    statPacket({ path: "empty" }),
    packet({ type: PacketType.Stat }),
  );
  const asked = packets(await call.until((messages) => messages.length === 2));
  expect(asked.map(({ type, id }) => [type, id])).toEqual([
    [PacketType.Request, 1],
    [PacketType.Request, 5],
  ]);
  call.send(packet({ type: PacketType.Data, id: 1, data: Buffer.from("he") }), packet({ type: PacketType.Data, id: 5 }));
  call.send(packet({ type: PacketType.Data, id: 1, data: Buffer.from("llo") }), packet({ type: PacketType.Data, id: 1 }));
  await call.until((messages) => packets(messages).at(-1)?.type === PacketType.Fin);
  expect(await call.send(packet({ type: PacketType.Fin })).end().ended).toMatchObject({ status: "0" });
  expect(await readFile(join(target, "d/g"), "utf8")).toBe("hello");
  expect(await readFile(join(target, "old"), "utf8")).toBe("stays");
  expect(await readlink(join(target, "d/l"))).toBe("f");
  const { mode, mtimeMs, nlink } = await stat(join(target, "d/f"));
  expect([mode & 0o7777, Math.floor(mtimeMs), nlink]).toEqual([0o4751, 1_600_000_000_123, 2]);
  expect((await stat(join(target, "d"))).mode & 0o777).toBe(0o555);
  await expect(lstat(join(target, "d/p"))).rejects.toThrow("ENOENT");
});

test.each([
  ["above the directory", [statPacket({ path: "../evil", size: 1 })]],
  [
    "through a link",
    [statPacket({ path: "l", mode: GoMode.symlink, linkname: "/tmp" }), statPacket({ path: "l/evil", size: 1 })],
  ],
  ["by a hard link", [statPacket({ path: "h", linkname: "../../etc/passwd" })]],
  ["with a NUL in its name", [statPacket({ path: "a\0b" })]],
])("an output is refused that would be written %s", async (_name, sent) => {
  const target = await temporaryDirectory();
  const { engine, session } = await startSession({ outputs: [{ directory: target }] });
  expect(await engine.call(FILE_SEND).send(...sent).ended).toMatchObject({ status: "2" });
  expect(session.failure).toBeInstanceOf(ArchiveError);
});

test.each([
  ["content that was not asked for", packet({ type: PacketType.Data, id: 9, data: Buffer.from("x") })],
  ["an unknown packet", packet({ type: 77 })],
  ["an error", packet({ type: PacketType.Error, data: Buffer.from("no") })],
  ["bytes that are no packet", Buffer.from("ffffff", "hex")],
])("an output ends with %s", async (_name, sent) => {
  const { engine, session } = await startSession({ outputs: [{ directory: await temporaryDirectory() }] });
  expect(await engine.call(FILE_SEND).send(sent).ended).toMatchObject({ status: "2" });
  expect(session.failure).toMatchObject({ name: "ProtocolError" });
});

test("a file of an output with another size than announced is refused", async () => {
  const { engine, session } = await startSession({ outputs: [{ directory: await temporaryDirectory() }] });
  const call = engine.call(FILE_SEND).send(statPacket({ path: "f", size: 5 }), packet({ type: PacketType.Stat }));
  await call.until((messages) => messages.length === 1);
  await call.send(packet({ type: PacketType.Data, id: 0, data: Buffer.from("he") }), packet({ type: PacketType.Data, id: 0 }))
    .ended;
  expect(session.failure).toMatchObject({ message: expect.stringContaining("2 bytes arrived instead of 5") as string });
});

test("an archive is written at the pace of its stream, which stays open", async () => {
  const stream = new PassThrough({ highWaterMark: 1024 });
  const { engine } = await startSession({ outputs: [{ stream }] });
  const call = engine.call(FILE_SEND);
  for (let part = 0; part < 64; part++) call.send(BytesMessage.encode({ data: Buffer.alloc(64 * 1024, part) }));
  call.end();
  await new Promise((resolve) => stream.once("readable", resolve));
  expect(stream.writableLength).toBeLessThan(256 * 1024);
  let length = 0;
  stream.on("data", (data: Buffer) => (length += data.length));
  expect(await call.ended).toMatchObject({ status: "0" });
  expect([length, stream.writable]).toEqual([64 * 64 * 1024, true]);
});

test("a stream that fails ends its output, and is the reason", async () => {
  const stream = new PassThrough();
  stream.on("error", () => undefined);
  const { engine, session } = await startSession({ outputs: [{ stream }] });
  stream.destroy(new Error("disk full"));
  await engine
    .call(FILE_SEND)
    .send(BytesMessage.encode({ data: Buffer.alloc(10) }))
    .end().ended;
  expect(session.failure).toMatchObject({ message: "disk full" });
});

test("an output that is not expected is refused", async () => {
  const { engine } = await startSession({ outputs: [] });
  expect(await engine.call(FILE_SEND, { "buildkit-attachable-exporter-id": "3" }).end().ended).toMatchObject({ status: "5" });
});

test("a message that is too long ends the call, not the session", async () => {
  const { engine } = await startSession({});
  const path = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
  const outcome = await engine.call(path).raw(Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3])).ended;
  expect(outcome).toMatchObject({ status: String(Code.ResourceExhausted) });
  expect(await engine.unary("/grpc.health.v1.Health/Check", Buffer.alloc(0))).toMatchObject({ status: "0" });
});

test("a call that is cancelled leaves nothing open", async () => {
  const root = await planted({ large: Buffer.alloc(5_000_000) });
  await mkdir(join(root, "d"));
  await writeFile(join(root, "d/f"), "x");
  const { engine, session } = await startSession({ directories: new Map([["context", new DirectorySource(root)]]) });
  const call = engine.call(DIFF_COPY, { "dir-name": "context" });
  await call.until(isListed);
  call.send(packet({ type: PacketType.Request, id: 2 }));
  await call.until((messages) => packets(messages).some(({ type }) => type === PacketType.Data));
  call.cancel();
  await call.ended;
  expect(await engine.unary("/grpc.health.v1.Health/Check", Buffer.alloc(0))).toMatchObject({ status: "0" });
  expect(session.failure).toBeUndefined();
});
