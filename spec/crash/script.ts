import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { packEntries } from "../../lib/archive/pack-entries.js";
import { ApiError } from "../../lib/errors/api-error.js";
import { BOX } from "../support/box-archive.js";
import type { Ledger } from "./ledger.js";
import type { EngineProcess } from "./process.js";
import { baseArchive } from "./registry.js";

/**
 * Makes one change of each kind, in the same order every time.
 *
 * @param pulled - an image in a registry.
 * @returns the words in which the engine refused changes, if any.
 */
export async function script({ client }: EngineProcess, ledger: Ledger, pulled: string): Promise<string[]> {
  const refusals: string[] = [];
  const idOf = async (name: string): Promise<string> => (await client.inspectImage({ name })).Id;
  const context = (): Readable =>
    packEntries([
      { name: "Dockerfile", content: `FROM ${BOX}\nCOPY f /f\nRUN echo run > /run\n`, mtime: new Date(0) },
      { name: "f", content: "f".repeat(3_000), mtime: new Date(0) },
    ]);
  const made = '["","own",3,"no"]';
  let archive = Buffer.alloc(0);
  const changes: (() => Promise<void>)[] = [
    () =>
      ledger.learn([`tag ${BOX}`], async () => {
        await client.loadImage({ inputStream: await baseArchive() });
        return { [`tag ${BOX}`]: await idOf(BOX) };
      }),
    () =>
      ledger.learn([`tag ${pulled}`], async () => {
        await client.pullImage({ repository: pulled });
        return { [`tag ${pulled}`]: await idOf(pulled) };
      }),
    () =>
      ledger.learn(["tag s-built:latest"], async () => {
        await client.buildImage({ inputStream: context(), name: "s-built" });
        return { "tag s-built:latest": await idOf("s-built") };
      }),
    () => ledger.change({ "tag s-2:latest": ledger.get(`tag ${BOX}`) }, () => client.tagImage({ name: BOX, repo: "s-2" })),
    () => ledger.change({ "volume s-1": "own" }, () => client.createVolume({ name: "s-1", labels: { label: "own" } })),
    () => ledger.change({ "network s-1": "own" }, () => client.createNetwork({ name: "s-1", labels: { label: "own" } })),
    () =>
      ledger.learn(["container s-1"], async () => {
        await client.createContainer({
          name: "s-1",
          config: {
            Image: BOX,
            Cmd: ["sh", "-c", "echo own > /own; echo own > /volume/own; echo own; exit 3"],
            Labels: { label: "own", code: "3" },
            Volumes: { "/anonymous": {} },
          },
          hostConfig: { Binds: ["s-1:/volume"] },
        });
        return { "container s-1": made.replace('""', JSON.stringify(await idOf(BOX))) };
      }),
    () =>
      ledger.change({ "file s-1 /copied": "copied" }, () =>
        client.copyToContainer({ container: "s-1", path: "/copied", content: "copied" }),
      ),
    () =>
      ledger.learn(["exit s-1", "log s-1", "file s-1 /own", "content s-1 own"], async () => {
        await client.startContainer({ id: "s-1" });
        await client.waitContainer({ id: "s-1" });
        return { "exit s-1": "3", "log s-1": "own", "file s-1 /own": "own", "content s-1 own": "own" };
      }),
    () =>
      ledger.learn(["tag s-committed:latest"], async () => {
        const { Id } = await client.commitContainer({ container: "s-1", repository: "s-committed" });
        return { "tag s-committed:latest": Id };
      }),
    async () => {
      archive = await buffer(await client.exportImage({ name: "s-committed" }));
    },
    () => ledger.change({ "tag s-committed:latest": undefined }, () => client.removeImage({ name: "s-committed", force: true })),
    () =>
      ledger.learn(["tag s-committed:latest"], async () => {
        await client.loadImage({ inputStream: Readable.from([archive]) });
        return { "tag s-committed:latest": await idOf("s-committed") };
      }),
    () =>
      ledger.change(
        {
          ...Object.fromEntries(["container", "exit", "log"].map((kind) => [`${kind} s-2`, ledger.get(`${kind} s-1`)])),
          ...Object.fromEntries(["/copied", "/own"].map((path) => [`file s-2 ${path}`, ledger.get(`file s-1 ${path}`)])),
          ...Object.fromEntries(
            ["container s-1", "exit s-1", "log s-1", "file s-1 /copied", "file s-1 /own"].map((key) => [key, undefined]),
          ),
        },
        () => client.renameContainer({ id: "s-1", name: "s-2" }),
      ),
    () =>
      ledger.change(
        Object.fromEntries(
          ["container s-2", "exit s-2", "log s-2", "file s-2 /copied", "file s-2 /own"].map((key) => [key, undefined]),
        ),
        () => client.removeContainer({ id: "s-2", removeVolumes: true }),
      ),
    () => ledger.change({ "volume s-1": undefined, "content s-1 own": undefined }, () => client.removeVolume({ name: "s-1" })),
    () => ledger.change({ "network s-1": undefined }, () => client.removeNetwork({ id: "s-1" })),
    () => ledger.change({ "tag s-built:latest": undefined }, () => client.removeImage({ name: "s-built" })),
  ];
  for (const change of changes) {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof ApiError)) return refusals;
      refusals.push(error.message);
    }
  }
  return refusals;
}
