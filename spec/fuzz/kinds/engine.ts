import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { SystemClock } from "../../../lib/engine/clock.js";
import { EngineParts } from "../../../lib/engine/engine-parts.js";
import type { Route } from "../../../lib/engine/server/router.js";
import { boxArchive } from "../../support/box-archive.js";
import { EngineUnderTest, SECRET } from "../engine-under-test.js";
import { Finding, type KindFactory, Outcomes } from "../kind.js";
import { bodyOf, headersOf, paramValue, queryOf } from "./engine-input.js";

/** How long a response may take before the client leaves, in milliseconds. */
const PATIENCE = 250;

/** How long the engine may take to answer a ping, in milliseconds. */
const ALIVE = 10_000;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly isCut: boolean;
}

/** Sends a request, and leaves when the response takes too long. */
function send(socketPath: string, method: string, path: string, headers: object, body: Buffer | undefined): Promise<Answer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let status = 0;
    const end = (isCut: boolean): void => {
      clearTimeout(timer);
      sent.destroy();
      resolve({ status, body: Buffer.concat(parts).toString("latin1"), isCut });
    };
    const sent = request({ socketPath, method, path, headers: { ...headers }, agent: false });
    const timer = setTimeout(() => end(true), PATIENCE);
    sent.on("response", (response) => {
      status = response.statusCode ?? 0;
      response.on("data", (part: Buffer) => parts.length < 1_000 && parts.push(part)).on("end", () => end(false));
      response.on("error", () => end(true));
    });
    sent.on("upgrade", (response, socket) => {
      status = response.statusCode ?? 0;
      socket.on("error", () => undefined).end("input\n");
      setTimeout(() => socket.destroy(), 5);
      end(true);
    });
    sent.on("error", () => end(true));
    sent.end(body);
  });
}

/** Random requests to every route of an engine. */
export const engine: KindFactory = async () => {
  const outcomes = new Outcomes();
  const tested = await EngineUnderTest.start();
  const { client, folder } = tested;
  const socketPath = join(folder, "engine.sock");
  const prepare = async (): Promise<void> => {
    await client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
    await client.tagImage({ name: "box", repo: "kept" });
    await client.createVolume({ name: "kept" });
    const exists = await client.inspectContainer({ id: "kept" }).catch(() => undefined);
    if (exists) return;
    await client.createContainer({
      name: "kept",
      config: { Image: "box", Cmd: ["sleep", "1000"] },
      hostConfig: { Binds: ["kept:/data"] },
    });
    await client.startContainer({ id: "kept" });
  };
  await prepare();
  const routes = await routesOf(folder);
  const active = routes.filter(({ path }) => !/^\/(?:swarm|nodes|services|tasks|secrets|configs|plugins)/.test(path));
  const property = fc.asyncProperty(
    fc
      .oneof({ weight: 12, arbitrary: fc.constantFrom(...active) }, { weight: 1, arbitrary: fc.constantFrom(...routes) })
      .chain(({ method, path }) =>
        fc.record({
          method: fc.constant(method),
          path: fc.constant(path),
          params: fc.array(paramValue, { minLength: 2, maxLength: 2 }),
          query: queryOf,
          headers: headersOf,
          body: method === "GET" || method === "HEAD" ? fc.constant(undefined) : bodyOf(path),
        }),
      ),
    async ({ method, path, params, query, headers, body }) => {
      let next = 0;
      const filled = path.replace(/\*\*:\w+|:\w+/g, () => params[next++] ?? "");
      const options = query.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
      const typed = body && /^\s*[[{]/.test(body.toString("latin1", 0, 1)) ? { "content-type": "application/json" } : {};
      const answer = await send(socketPath, method, `/v1.51${filled}?${options}`, { ...typed, ...headers }, body);
      outcomes.count(answer.isCut && answer.status === 0 ? "cut off" : `${answer.status}`);
      const shown = `${method} ${filled.slice(0, 200)}?${options.slice(0, 300)}`;
      const isRead = /json|create|build|load|commit/.test(filled);
      const isChecked = (answer.status >= 400 || isRead) && answer.status !== 200;
      if (answer.body.includes(SECRET)) throw new Finding(`${shown} reads outside of the data root`);
      await tested.check(shown, isChecked ? answer.body : "");
      if ((await readdir(folder)).sort().join() !== "canary,engine.sock,root")
        throw new Finding(`${shown} writes outside of the data root`);
      if (next === 0 || outcomes.get("200") === undefined || Math.random() > 0.05) return;
      await Promise.race([
        prepare(),
        new Promise((_resolve, reject) =>
          setTimeout(() => reject(new Finding(`the engine does not answer after ${shown}`)), ALIVE).unref(),
        ),
      ]);
    },
  );
  return {
    about: "hostile requests to the embedded engine",
    property,
    outcomes,
    close: () => tested.close(),
  };
};

/** Returns the methods and paths of all routes. */
async function routesOf(folder: string): Promise<readonly Pick<Route, "method" | "path">[]> {
  const parts = await EngineParts.open({
    ...{ clock: new SystemClock(), folder, dataRoot: undefined, executor: "program", programs: {}, standardImages: [] },
    ...{ report: () => undefined, apiVersion: "1.51", minApiVersion: "1.24", insecureRegistries: [], search: undefined },
    unpackedLimit: undefined,
    durability: undefined,
  });
  const routes = parts.routes().map(({ method, path }) => ({ method, path }));
  await parts.close();
  return routes;
}
