// The data that the stub engine sends, and its expected sizes.

/** One MiB: the payload of a block of frames. */
export const MIB = 1024 * 1024;

/** The number of events that the stub engine sends. */
export const EVENTS = 100_000;

const STDOUT = 1;
const STDERR = 2;

/** Returns pseudorandom numbers that are the same in every process. */
function* numbers() {
  for (let state = 12345; ;) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield state / 0x80000000;
  }
}

/** Realistic frame lengths: mostly lines, some paragraphs, few large writes. */
function* mixedLengths() {
  const chance = numbers();
  for (;;) {
    const kind = chance.next().value;
    const within = chance.next().value;
    if (kind < 0.7) yield 40 + Math.floor(within * 160);
    else if (kind < 0.95) yield 200 + Math.floor(within * 800);
    else yield 1024 + Math.floor(within * 15 * 1024);
  }
}

function* lineLengths() {
  for (;;) yield 32;
}

const lengths = { mixed: mixedLengths, lines: lineLengths };

/**
 * Returns the stream and length of each frame in a block. Together they contain one MiB.
 *
 * @param {"mixed" | "lines"} kind
 */
function framesOf(kind) {
  const frames = [];
  let left = MIB;
  for (const wanted of lengths[kind]()) {
    const length = Math.min(wanted, left);
    frames.push({ stream: frames.length % 5 === 4 ? STDERR : STDOUT, length });
    left -= length;
    if (left === 0) return frames;
  }
}

/**
 * Returns the number of bytes of each stream in a block.
 *
 * @param {"mixed" | "lines"} kind
 */
export function payloadOf(kind) {
  const total = { stdout: 0, stderr: 0 };
  for (const { stream, length } of framesOf(kind)) total[stream === STDERR ? "stderr" : "stdout"] += length;
  return total;
}

/**
 * Returns a block as consecutive frames with headers.
 *
 * @param {"mixed" | "lines"} kind
 */
export function frameBuffers(kind) {
  return framesOf(kind).map(({ stream, length }) => {
    const frame = Buffer.alloc(8 + length, "The quick brown fox jumps over the lazy dog. ");
    frame.writeUInt32BE(stream << 24, 0);
    frame.writeUInt32BE(length, 4);
    frame[frame.length - 1] = 0x0a;
    return frame;
  });
}

const hex = (number, length = 64) => (number * 2654435761 + 1).toString(16).padStart(length, "0123456789abcdef");

const labels = (number) =>
  Object.fromEntries(
    ["config-hash", "container-number", "depends_on", "image", "oneoff", "project", "service", "version"].map((name) => [
      `com.docker.compose.${name}`,
      `${name}-${number}`,
    ]),
  );

const network = (number) => ({
  IPAMConfig: null,
  Links: null,
  Aliases: [`web-${number}`],
  MacAddress: "02:42:ac:11:00:02",
  DriverOpts: null,
  NetworkID: hex(number + 1),
  EndpointID: hex(number + 2),
  Gateway: "172.17.0.1",
  IPAddress: `172.17.${number >> 8}.${number & 255}`,
  IPPrefixLen: 16,
  DNSNames: [`web-${number}`, hex(number, 12)],
});

/** A container as returned by the list. */
const summary = (number) => ({
  Id: hex(number),
  Names: [`/web-${number}`],
  Image: "registry.example.com/team/web:1.2.3",
  ImageID: `sha256:${hex(7)}`,
  Command: "docker-entrypoint.sh node server.js --port 8080",
  Created: 1700000000 + number,
  Ports: [
    { IP: "0.0.0.0", PrivatePort: 8080, PublicPort: 20000 + number, Type: "tcp" },
    { PrivatePort: 9229, Type: "tcp" },
  ],
  Labels: labels(number),
  State: "running",
  Status: "Up 3 hours (healthy)",
  HostConfig: { NetworkMode: "bridge" },
  NetworkSettings: { Networks: { bridge: network(number) } },
  Mounts: [
    { Type: "bind", Source: "/srv/web", Destination: "/srv", Mode: "ro", RW: false, Propagation: "rprivate" },
    {
      Type: "volume",
      Name: hex(number + 3),
      Source: `/var/lib/docker/volumes/${hex(number + 3)}/_data`,
      Destination: "/data",
      RW: true,
    },
  ],
});

/** A list of 1,000 containers: about 1.6 MB of JSON. */
export const list = () => Buffer.from(`${JSON.stringify(Array.from({ length: 1000 }, (_, number) => summary(number)))}\n`);

/** A container as returned by inspect: about 8 KB of JSON. */
export function inspection(status = "running") {
  const variables = Array.from(
    { length: 85 },
    (_, number) => `SETTING_${number}=a value of some length, such as ${hex(number, 24)}`,
  );
  const container = {
    Id: hex(1),
    Created: "2026-01-02T03:04:05.678901234Z",
    Path: "docker-entrypoint.sh",
    Args: ["node", "server.js"],
    State: {
      Status: status,
      Running: status === "running",
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: status === "running" ? 4321 : 0,
      ExitCode: 0,
    },
    Image: `sha256:${hex(7)}`,
    Name: "/web-1",
    HostConfig: {
      NetworkMode: "bridge",
      Binds: ["/srv/web:/srv:ro"],
      Memory: 536870912,
      CpuShares: 512,
      MaskedPaths: ["/proc/kcore"],
    },
    Config: { Hostname: "web-1", Tty: false, OpenStdin: false, Env: variables, Cmd: ["node", "server.js"], Labels: labels(1) },
    NetworkSettings: { Networks: { bridge: network(1), backend: network(2) } },
    Mounts: summary(1).Mounts,
  };
  return Buffer.from(`${JSON.stringify(container)}\n`);
}

/** Container events with increasing times, as one JSON string each. */
export const events = () =>
  Array.from({ length: EVENTS }, (_, number) => {
    const Action = ["create", "start", "exec_start: sh -c true", "die", "destroy"][number % 5];
    const Attributes = {
      image: "team/web:1.2.3",
      name: `web-${number % 100}`,
      project: "shop",
      service: "web",
      version: "1.2.3",
    };
    const event = {
      status: Action,
      id: hex(number),
      from: Attributes.image,
      Type: "container",
      Action,
      Actor: { ID: hex(number), Attributes },
    };
    const time = 1700000000 + Math.floor(number / 1000);
    const timeNano = `${time}${String(number % 1000).padStart(3, "0")}000000`;
    return Buffer.from(`${JSON.stringify({ ...event, scope: "local", time }).slice(0, -1)},"timeNano":${timeNano}}\n`);
  });

/** Messages of a pull, as one JSON string each. */
export const pullMessages = () =>
  Array.from({ length: 1000 }, (_, number) => {
    const current = number * 65536;
    const progress = `[${"=".repeat(number % 50)}>${" ".repeat(50 - (number % 50))}]  ${current}B/65.54MB`;
    const message = { status: "Downloading", progressDetail: { current, total: 65536000 }, progress, id: hex(number % 8, 12) };
    return Buffer.from(`${JSON.stringify(message)}\r\n`);
  });
