import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { inspect } from "node:util";
import fc from "fast-check";
import { packEntries } from "../../../lib/archive/pack-entries.js";
import { Client } from "../../../lib/client.js";
import { DockerError } from "../../../lib/errors/docker-error.js";
import { collect } from "../../support/archive.js";
import { Finding, type KindFactory, Outcomes } from "../kind.js";
import { scriptedEngine } from "../scripted-engine.js";

/** How long a call may take to settle after its abort, and connections to close, in milliseconds. */
const PATIENCE = 8_000;

interface Scene {
  client: Client;
  signal: AbortSignal;
  folder: string;
  /** An input that ends, fails or stays open. */
  input: () => Readable;
  /** Whether to read the stream that the call returns. */
  reads: boolean;
}

async function drain(stream: AsyncIterable<unknown>, reads: boolean): Promise<void> {
  if (!reads) return;
  const iterator = stream[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}

/** The calls: uploads, downloads, upgraded connections, progress, and calls that combine them. */
const calls = {
  logs: async ({ client, signal, reads }) => drain(await client.logs({ id: "web", follow: true }, { signal }), reads),
  logsTo: ({ client, signal }) => client.logs({ id: "web", outputStream: new PassThrough().resume() }, { signal }),
  attach: async ({ client, signal, reads }) =>
    drain(await client.attachToContainerNonBlocking({ container: "web" }, { signal }), reads),
  attachInput: ({ client, signal, input }) =>
    client.attachToContainer({ container: "web", inputStream: input(), outputStream: new PassThrough().resume() }, { signal }),
  exec: async ({ client, signal, reads }) => {
    const stream = await client.startExecNonBlocking({ id: "e" }, { signal });
    if (reads) await stream.collect();
  },
  execute: ({ client, signal, input }) => client.execute({ container: "web", cmd: ["true"], input: input() }, { signal }),
  pull: ({ client, signal }) => client.pullImage({ repository: "busybox" }, { signal }),
  load: ({ client, signal, input }) => client.loadImage({ inputStream: input() }, { signal }),
  build: ({ client, signal, input }) => client.buildImage({ inputStream: input() }, { signal }),
  buildFolder: ({ client, signal, folder }) =>
    client.buildImage({ contextDir: folder, dockerfileContent: "FROM scratch" }, { signal }),
  export: async ({ client, signal, reads }) => drain(await client.exportContainer({ id: "web" }, { signal }), reads),
  copyOut: ({ client, signal, folder }) =>
    client.copyFromContainer({ container: "web", resource: "/f", target: folder }, { signal }),
  copyIn: ({ client, signal, input }) => client.copyToContainer({ container: "web", path: "/f", content: input() }, { signal }),
  events: async ({ client, signal, reads }) => drain(client.streamEvents({}, { signal }), reads),
  list: ({ client, signal }) => client.listContainers({}, { signal }),
} satisfies Record<string, (scene: Scene) => PromiseLike<unknown>>;

const inputs: Readonly<Record<"ends" | "fails" | "stays", () => Readable>> = {
  ends: () => Readable.from([Buffer.alloc(100_000)]),
  fails: () =>
    Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        await new Promise(setImmediate);
        throw new RangeError("the input fails");
      })(),
    ),
  stays: () => new Readable({ read: () => undefined }),
};

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Waits for a promise. */
async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Finding(`${what} takes longer than ${PATIENCE} ms`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Aborts, resets and failures at any moment of a call. */
export const aborts: KindFactory = async () => {
  const outcomes = new Outcomes();
  const escaped: unknown[] = [];
  process.on("uncaughtException", (error) => escaped.push(error)).on("unhandledRejection", (error) => escaped.push(error));
  const folder = mkdtempSync(join(tmpdir(), "tsdc-fuzz-"));
  const engine = await scriptedEngine(await collect(packEntries([{ name: "f", content: "hello" }])));
  const oneBreak = fc.record({
    after: fc.oneof(fc.nat({ max: 900 }), fc.constant(100_000)),
    how: fc.constantFrom("reset", "end", "silence", "garbage"),
  });
  const property = fc.asyncProperty(
    fc.record({
      call: fc.constantFrom(...(Object.keys(calls) as (keyof typeof calls)[])),
      reads: fc.boolean(),
      input: fc.constantFrom("ends", "fails", "stays"),
      breaks: fc.array(oneBreak, { minLength: 1, maxLength: 3 }),
      pieces: fc.constantFrom(1, 7, 50, 100_000),
      moment: fc.nat({ max: 40 }),
      closes: fc.boolean(),
    }),
    async ({ call, reads, input, breaks, pieces, moment, closes }) => {
      engine.next = { breaks, pieces };
      const client = new Client({ endpoint: engine.endpoint, apiVersion: "1.51", auth: false });
      const controller = new AbortController();
      const scene = { client, signal: controller.signal, folder, input: inputs[input], reads };
      const run: (scene: Scene) => PromiseLike<unknown> = calls[call];
      const settled = Promise.resolve(run(scene)).then(
        () => "resolved",
        (error: unknown) => {
          if (!(error instanceof DockerError)) throw new Finding(`${call} rejects with ${inspect(error)}`);
          return error.name;
        },
      );
      settled.catch(() => undefined);
      await turns(moment);
      const closing = closes ? client.close() : undefined;
      if (!closes) controller.abort();
      outcomes.count(await within(call, settled));
      await within("close()", closing ?? client.close());
      await within(
        "closing of the sockets",
        (async () => {
          while (engine.open.size > 0) await turns(1);
        })(),
      );
      await turns(2);
      const error = escaped.shift();
      if (error !== undefined) throw new Finding(`${call} leaves an error unheard: ${inspect(error)}`);
    },
  );
  return {
    about: "aborts and resets at any moment",
    property,
    outcomes,
    close: () => {
      engine.close();
      rmSync(folder, { recursive: true });
    },
  };
};
