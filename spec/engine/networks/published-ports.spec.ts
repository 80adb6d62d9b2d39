import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkBindings } from "../../../lib/engine/networks/port-bindings.js";
import { type PortSource, PublishedPorts } from "../../../lib/engine/networks/published-ports.js";
import type { PortMap } from "../../../lib/types/network-endpoint.js";

const web = { id: "c1", name: "web", endpoint: "e1", address: "172.17.0.2" };
const other = { id: "c2", name: "other", endpoint: "e2", address: "172.17.0.3" };

function start(): PublishedPorts {
  const ports = new PublishedPorts();
  onTestFinished(() => ports.closeAll());
  return ports;
}

/** A program that answers everything that it gets, after it got everything, and the port that it was asked for. */
const connectTo: PortSource["connect"] = (port) => {
  const input = new PassThrough();
  const output = new PassThrough();
  void (async () => {
    let text = "";
    for await (const part of input as AsyncIterable<Buffer>) text += part.toString();
    output.end(`${port}: ${text}`);
  })();
  return Promise.resolve(Duplex.from({ readable: output, writable: input }));
};

const answering: PortSource = { connect: connectTo };

const publish = (ports: PublishedPorts, bindings: PortMap, more: object = {}): Promise<PortMap> =>
  ports.publish(web, { exposed: Object.keys(bindings), bindings, publishAll: false, ...more }, answering);

const portOf = (map: PortMap, key: string): number => Number(map[key]?.[0]?.HostPort);

async function ask(port: number, text: string, host = "127.0.0.1"): Promise<string> {
  const socket = connect({ port, host, allowHalfOpen: true });
  socket.end(text);
  let answer = "";
  for await (const part of socket as AsyncIterable<Buffer>) answer += part.toString();
  return answer;
}

const closed = async (socket: Socket): Promise<void> => {
  socket.on("error", () => undefined).resume();
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
};

test("a port is published on any free port, and forwards half-closed connections", async () => {
  const ports = start();
  const map = await publish(ports, { "80/tcp": [{ HostPort: "" }], "81/tcp": [{ HostIp: "127.0.0.1", HostPort: "0" }] });
  const first = portOf(map, "80/tcp");
  expect(map["80/tcp"]?.[0]).toEqual({ HostIp: "0.0.0.0", HostPort: String(first) });
  for (const binding of map["80/tcp"] ?? []) expect(binding.HostPort).toBe(String(first));
  expect(map["81/tcp"]).toEqual([{ HostIp: "127.0.0.1", HostPort: expect.stringMatching(/^\d+$/) as string }]);
  expect(await ask(first, "hello")).toBe("80: hello");
  const large = "x".repeat(3_000_000);
  expect(await ask(portOf(map, "81/tcp"), large)).toBe(`81: ${large}`);
});

test("IPv6 has its own binding", async (context) => {
  const probe = createServer().listen(0, "::1");
  const hasIPv6 = await once(probe, "listening").then(
    () => true,
    () => false,
  );
  probe.close();
  if (!hasIPv6) context.skip("the host has no IPv6");
  const map = await publish(start(), { "80/tcp": [{ HostIp: "::1" }], "81/tcp": [{}] });
  expect(map["80/tcp"]).toEqual([{ HostIp: "::1", HostPort: expect.any(String) as string }]);
  expect(await ask(portOf(map, "80/tcp"), "hello", "::1")).toBe("80: hello");
  expect(map["81/tcp"]?.map(({ HostIp }) => HostIp)).toEqual(["0.0.0.0", "::"]);
  expect(await ask(portOf(map, "81/tcp"), "hello", "::1")).toBe("81: hello");
});

test("only exposed ports are published", async () => {
  const ports = start();
  const bindings = { "80/tcp": [{ HostIp: "127.0.0.1" }], "82/tcp": [], "90/tcp": [{}] };
  const exposed = ["81/tcp", "80/tcp", "82/tcp", "53/udp"];
  expect(await publish(ports, bindings, { exposed })).toEqual({
    "53/udp": null,
    "80/tcp": [{ HostIp: "127.0.0.1", HostPort: expect.any(String) as string }],
    "81/tcp": null,
  });
  ports.close(web.id);
  const all = await publish(ports, {}, { exposed, publishAll: true });
  expect(Object.keys(all).sort()).toEqual(["53/udp", "80/tcp", "81/tcp", "82/tcp"]);
  expect(all["53/udp"]).toBeNull();
  expect(all["80/tcp"]?.[0]?.HostIp).toBe("0.0.0.0");
  await expect(publish(ports, { "53/udp": [{}] })).rejects.toMatchObject({ status: 501 });
});

const prefix = (name: string, endpoint: string): string =>
  `failed to set up container networking: driver failed programming external connectivity on endpoint ${name} (${endpoint}): `;

test("a port that another container has is refused in the words of Docker, and ranges find the next one", async () => {
  const ports = start();
  const taken = portOf(await publish(ports, { "80/tcp": [{ HostIp: "0.0.0.0" }] }), "80/tcp");
  const bind = (binding: object): Promise<PortMap> =>
    ports.publish(other, { exposed: ["70/tcp", "80/tcp"], bindings: { "70/tcp": [{ HostIp: "127.0.0.1" }], "80/tcp": [binding] }, publishAll: false }, answering); // prettier-ignore
  for (const HostIp of ["", "0.0.0.0", "127.0.0.1"])
    await expect(bind({ HostIp, HostPort: String(taken) })).rejects.toMatchObject({
      status: 500,
      message: `${prefix("other", "e2")}Bind for 0.0.0.0:${taken} failed: port is already allocated`,
    });
  const last = Math.min(taken + 50, 65_535);
  const found = portOf(await bind({ HostIp: "127.0.0.1", HostPort: `${taken}-${last}` }), "80/tcp");
  expect(found).toBeGreaterThan(taken);
  expect(found).toBeLessThanOrEqual(last);
});

test("a port that another process has is refused, and nothing stays published", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ports = start();
  const free = portOf(await publish(ports, { "80/tcp": [{ HostIp: "127.0.0.1" }] }), "80/tcp");
  ports.close(web.id);
  const bindings = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(free) }], "81/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] }; // prettier-ignore
  await expect(publish(ports, bindings)).rejects.toMatchObject({
    status: 500,
    message: `${prefix("web", "e1")}failed to bind host port for 127.0.0.1:${port}:172.17.0.2:81/tcp: address already in use`,
  });
  await expect(ask(free, "")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("connections end with the container, and with a program that does not listen", async () => {
  const ports = start();
  const bindings = { "80/tcp": [{ HostIp: "127.0.0.1" }] };
  const settings = { exposed: ["80/tcp"], bindings, publishAll: false };
  const refusing = await ports.publish(web, settings, { connect: () => Promise.reject(new Error("refused")) });
  await closed(connect(portOf(refusing, "80/tcp"), "127.0.0.1"));
  ports.close(web.id);

  let asked = (): void => undefined;
  const connected = new Promise<void>((resolve) => (asked = resolve));
  const program = new PassThrough();
  const accepting = (): Promise<Duplex> => {
    asked();
    return Promise.resolve(program);
  };
  const map = await ports.publish(web, settings, { connect: accepting });
  const socket = connect(portOf(map, "80/tcp"), "127.0.0.1");
  await connected;
  ports.close(web.id);
  await closed(socket);
  if (!program.closed) await once(program, "close");
  await expect(ask(portOf(map, "80/tcp"), "")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

/** A stream of datagrams to a program that sends them back, each with the port that it was asked for. */
function echoing(port: number): Promise<Duplex> {
  const stream: Duplex = new Duplex({
    objectMode: true,
    read: () => undefined,
    write: (data: Buffer, _encoding, done) => {
      stream.push(Buffer.from(`${port}: ${data.toString()}`));
      done();
    },
  });
  return Promise.resolve(stream);
}

/** A client of a UDP port of this machine: sends a datagram, and returns the next answer. */
function udpClient(port: number): (text: string) => Promise<string> {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  return async (text) => {
    socket.send(text, port, "127.0.0.1");
    const [data] = (await once(socket, "message")) as [Buffer];
    return data.toString();
  };
}

test("a UDP port is published beside the TCP port of the same number, with a stream for each client", async () => {
  const ports = start();
  const streams: Duplex[] = [];
  const datagrams = async (port: number): Promise<Duplex> => {
    const stream = await echoing(port);
    streams.push(stream);
    return stream;
  };
  const loopback = { HostIp: "127.0.0.1", HostPort: "" };
  const settings = { exposed: ["53/tcp", "53/udp", "54/udp"], bindings: { "53/tcp": [loopback] }, publishAll: true };
  const source = { ...answering, datagrams };
  const map = await ports.publish(web, settings, source);
  expect(map["53/udp"]?.map(({ HostIp }) => HostIp)).toContain("0.0.0.0");
  const port = portOf(map, "53/udp");
  const [one, two] = [udpClient(port), udpClient(port)];
  expect([await one("a"), await two("b"), await one("c")]).toEqual(["53: a", "53: b", "53: c"]);
  expect(await udpClient(portOf(map, "54/udp"))("d")).toBe("54: d");
  expect(streams).toHaveLength(3);

  // protocols do not conflict, two containers do
  const same = {
    exposed: ["53/tcp"],
    bindings: { "53/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
    publishAll: false,
  };
  expect(portOf(await ports.publish(other, same, source), "53/tcp")).toBe(port);
  const taken = {
    exposed: ["9/udp"],
    bindings: { "9/udp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
    publishAll: false,
  };
  await expect(ports.publish(other, taken, source)).rejects.toThrow(`Bind for 0.0.0.0:${port} failed: port is already allocated`);

  ports.close(web.id);
  expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  expect(portOf(await ports.publish(other, taken, source), "9/udp")).toBe(port);
});

test("datagrams wait for a program that is being reached, and are lost without one", async () => {
  const ports = start();
  let reach: (stream: Duplex) => void = () => undefined;
  const datagrams = vi
    .fn<(port: number) => Promise<Duplex>>()
    .mockRejectedValueOnce(new Error("refused"))
    .mockReturnValueOnce(new Promise((resolve) => (reach = resolve)));
  const settings = { exposed: ["9/udp"], bindings: { "9/udp": [{ HostIp: "127.0.0.1" }] }, publishAll: false };
  const ask = udpClient(portOf(await ports.publish(web, settings, { ...answering, datagrams }), "9/udp"));
  const answered = ask("lost");
  await vi.waitFor(() => expect(datagrams).toHaveBeenCalledTimes(1));
  void ask("kept");
  await vi.waitFor(() => expect(datagrams).toHaveBeenCalledTimes(2));
  reach(await echoing(9));
  expect(await answered).toBe("9: kept");
});

test.each([
  [{ "80/tcp": [{ HostPort: "foo" }] }, "foo"],
  [{ "80/tcp": [{ HostPort: "99999" }] }, "99999"],
  [{ "80/tcp": [{ HostPort: "81-80" }] }, "81-80"],
  [{ "8000-8002/tcp": [{}] }, "8000-8002"],
])("%j is not a port", (bindings, text) => {
  expect(() => checkBindings(bindings)).toThrow(`invalid port specification: "${text}"`);
});

test("valid bindings pass", () => {
  expect(() => checkBindings({ "80/tcp": [{ HostPort: "80" }, { HostPort: "8000-8010" }, {}], "53/udp": null })).not.toThrow();
  expect(() => checkBindings(null)).not.toThrow();
});
