// The benchmarks. Each line is a job that every client does in a separate process, after a short warm-up.

import { EVENTS, MIB, payloadOf } from "./fixtures.js";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} title
 * @property {string} method - the method of the clients; undefined for fresh processes, which `cold.js` measures.
 * @property {number} full - volume of a full run.
 * @property {number} quick - volume of a quick run.
 * @property {number} warm - volume of the warm-up.
 * @property {string} unit - unit of the volume.
 * @property {boolean} each - whether CPU time is reported per unit instead of in total.
 * @property {{ peer?: number, raw?: number, rawNet?: number, memory?: number }} bars - CPU time against the better peer,
 * against node:http and against bare sockets, and peak memory in MB. This package must stay below them.
 * @property {(client: object, volume: number, task: object) => Promise<unknown>} run
 * @property {(result: unknown, volume: number, received: () => Promise<number>) => Promise<void>} check - throws if incomplete.
 */

/** The peak memory allowed for a process in MB, regardless of the volume. */
const MEMORY = 120;

function assertEqual(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

async function manyTimes(times, atOnce, call) {
  let left = times;
  const work = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

const requests = (name, title, method, atOnce, call, volumes, bars = {}) => ({
  name,
  title,
  method,
  unit: "requests",
  each: true,
  bars: { peer: 1, raw: 1.5, memory: MEMORY, ...bars },
  ...volumes,
  run: (client, volume, task) => manyTimes(volume, atOnce, () => call(client, task)),
});

const output = (name, title, method, kind, bars, volumes) => ({
  name,
  title,
  method,
  unit: "MB",
  bars: { ...bars, memory: MEMORY },
  ...volumes,
  run: (client, volume) => client[method](`${kind}.${volume}`),
  async check({ stdout, stderr }, volume) {
    const expected = payloadOf(kind);
    assertEqual("bytes of standard output", stdout, expected.stdout * volume);
    assertEqual("bytes of standard error", stderr, expected.stderr * volume);
  },
});

const events = (name, title, count) => ({
  name,
  title,
  method: "events",
  unit: "events",
  bars: { peer: 0.75, raw: 1.1, rawNet: 1.3, memory: MEMORY },
  full: EVENTS,
  quick: EVENTS / 4,
  warm: 5000,
  async run(client, volume) {
    let stop;
    const heard = Array.from({ length: count }, () => 0);
    await new Promise((resolve, reject) => {
      const listeners = heard.map((_, index) => (event) => {
        if (event.Action !== undefined) heard[index] += 1;
        if (index === count - 1 && heard[index] === volume) resolve();
      });
      client.events(listeners).then((end) => (stop = end), reject);
    });
    stop();
    return heard;
  },
  async check(heard, volume) {
    for (const number of heard) if (number < volume) throw new Error(`a listener received ${number} of ${volume} events`);
  },
});

const download = (name, title, bars, run, volumes) => ({
  name,
  title,
  method: name,
  unit: "MB",
  bars: { ...bars, memory: MEMORY },
  ...volumes,
  run,
  check: async (bytes, volume) => assertEqual("bytes", bytes, volume * MIB),
});

const upload = (name, title, bars, run, volumes) => ({
  name,
  title,
  method: name,
  unit: "MB",
  bars: { ...bars, memory: MEMORY },
  ...volumes,
  run,
  check: async (_result, volume, received) => assertEqual("bytes received", await received(), volume * MIB),
});

const some = { full: 8000, quick: 2000, warm: 2000 };
const lists = { full: 100, quick: 20, warm: 10 };
const attachBars = { peer: 0.1, raw: 1.2 };
const closeToFloor = { rawNet: 1.8 };

/** The benchmarks against the stub engine. @type {Line[]} */
export const stubLines = [
  requests("ping", "ping", "ping", 1, (client) => client.ping(), some, closeToFloor),
  requests("inspect", "inspect, 8 KB", "inspect", 1, (client) => client.inspect("web"), some, closeToFloor),
  requests("inspect16", "inspect, 16 at a time", "inspect", 16, (client) => client.inspect("web"), some),
  requests("inspect64", "inspect, 64 at a time", "inspect", 64, (client) => client.inspect("web"), some),
  requests("list", "list of 1,000 containers", "list", 1, (client) => client.list(), lists, { peer: 0.95, raw: 1.1 }),
  output("logs", "logs, mixed frames", "logs", "mixed", { peer: 0.6, raw: 1.2, rawNet: 1.3 }, { full: 256, quick: 24, warm: 4 }),
  output("logs32", "logs, 32-byte lines", "logs", "lines", { peer: 0.8, raw: 1.2 }, { full: 8, quick: 4, warm: 1 }),
  output("attach", "attach, mixed frames", "attach", "mixed", { ...attachBars, rawNet: 1.3 }, { full: 512, quick: 32, warm: 8 }),
  output("attach32", "attach, 32-byte lines", "attach", "lines", attachBars, { full: 64, quick: 4, warm: 1 }),
  events("events", "events to 1 listener", 1),
  events("events100", "events to 100 listeners", 100),
  {
    name: "pull",
    title: "pull",
    method: "pull",
    unit: "messages",
    bars: { peer: 1, raw: 1.1, rawNet: 1.3, memory: MEMORY },
    full: 200_000,
    quick: 50_000,
    warm: 10_000,
    async run(client, volume) {
      let heard = 0;
      await client.pull(`bench/pull-${volume}`, (message) => {
        if (message.status !== undefined) heard += 1;
      });
      return heard;
    },
    check: async (heard, volume) => assertEqual("messages", heard, volume),
  },
  {
    name: "build",
    title: "build upload",
    method: "build",
    unit: "MB",
    bars: { peer: 0.4, raw: 1.1, memory: MEMORY },
    full: 200,
    quick: 20,
    warm: 2,
    run: (client, volume, task) => client.build(task.contexts[volume], "bench:latest"),
    async check(_result, volume, received) {
      const bytes = await received();
      // archives differ in their overhead, and one is compressed, but the large file is incompressible
      if (bytes < volume * MIB) throw new Error(`received ${bytes} bytes of ${volume} MB`);
    },
  },
  download("export", "export", { peer: 0.6, raw: 1.2 }, (client, volume) => client.export(`bytes.${volume}`), {
    full: 1024,
    quick: 256,
    warm: 32,
  }),
  download("copyOut", "copy out", { peer: 0.6, raw: 1.2 }, (client, volume) => client.copyOut(`bytes.${volume}`, "/data"), {
    full: 1024,
    quick: 256,
    warm: 32,
  }),
  upload("load", "load", { peer: 1, raw: 1.2 }, (client, volume) => client.load(volume * MIB), {
    full: 512,
    quick: 128,
    warm: 16,
  }),
  upload("copyIn", "copy in", { peer: 1, raw: 1.2 }, (client, volume) => client.copyIn("web", "/data", volume * MIB), {
    full: 512,
    quick: 128,
    warm: 16,
  }),
  { name: "import", title: "import and construct, in a fresh process", unit: "processes", full: 3, quick: 1, bars: {} },
  { name: "first", title: "first request of a fresh process", unit: "processes", full: 3, quick: 1, bars: { peer: 0.9 } },
];

const few = { full: 1000, quick: 100, warm: 50 };
const hundred = { full: 100, quick: 10, warm: 1 };

const engineOutput = (name, title, run) => ({
  name: `engine-${name}`,
  title,
  method: name,
  unit: "MB",
  bars: {},
  ...hundred,
  run,
  check: async ({ stdout }, volume) => assertEqual("bytes of standard output", stdout, volume * MIB),
});

/** The benchmarks against a real engine. The task contains what `engine.js` prepared there. @type {Line[]} */
export const engineLines = [
  requests("engine-ping", "ping", "ping", 1, (client) => client.ping(), few),
  requests("engine-inspect", "inspect", "inspect", 1, (client, task) => client.inspect(task.running), few),
  requests("engine-inspect16", "inspect, 16 at a time", "inspect", 16, (client, task) => client.inspect(task.running), few),
  engineOutput("logs", "logs", (client, volume, task) => client.logs(task.logged[volume])),
  engineOutput("attach", "attach", async (client, volume, task) => {
    const { id, start } = await task.container(volume);
    return client.attach(id, start);
  }),
  engineOutput("exec", "exec", (client, volume, task) => client.exec(task.running, task.command(volume))),
  {
    name: "engine-export",
    title: "export",
    method: "export",
    unit: "MB",
    bars: {},
    full: 1024,
    quick: 64,
    warm: 1,
    run: (client, volume, task) => client.export(task.large[volume]),
    async check(bytes, volume) {
      if (bytes < volume * MIB) throw new Error(`received ${bytes} bytes of ${volume} MB`);
    },
  },
  {
    name: "engine-build",
    title: "build upload",
    method: "build",
    unit: "MB",
    bars: {},
    full: 200,
    quick: 20,
    warm: 2,
    run: (client, volume, task) => client.build(task.contexts[volume], task.image),
  },
].map((line) => ({ ...line, engine: true, bars: {} }));
