import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readArchive } from "../../lib/archive/read-archive.js";
import type { Client } from "../../lib/client.js";
import { NoSuchPathError } from "../../lib/errors/container-errors.js";
import type { Ledger } from "./ledger.js";

/** What an engine shows: the states of its objects, and what is wrong in itself. */
export interface Observation {
  readonly states: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

/** Checks that all images can be saved, with every layer that they name. */
async function checkImages(client: Client, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const files = new Map<string, { digest: string; json: unknown }>();
  for await (const entry of readArchive(await client.exportImages({ names: ids }))) {
    const parts: Buffer[] = [];
    for await (const chunk of entry.chunks()) parts.push(chunk);
    const bytes = Buffer.concat(parts);
    const isJson = /^[[{]/.test(bytes.toString("latin1", 0, 1));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    files.set(entry.type === "symlink" ? "" : entry.name, { digest, json: isJson ? JSON.parse(bytes.toString()) : undefined });
  }
  const manifest = (files.get("manifest.json")?.json ?? []) as { Config: string; Layers: string[] }[];
  const saved = new Set(manifest.map(({ Config }) => files.get(Config)?.digest));
  const faults = ids.filter((id) => !saved.has(id)).map((id) => `image ${id} is not in its archive`);
  for (const { Config, Layers } of manifest) {
    const config = files.get(Config)?.json as { rootfs: { diff_ids?: string[] } };
    const layers = Layers.map((name) => files.get(name)?.digest);
    if (layers.join() !== (config.rootfs.diff_ids ?? []).join()) faults.push(`layers of ${Config} are ${layers.join()}`);
  }
  return faults;
}

/** Reads the states of all objects of an engine. */
export async function observe(client: Client, ledger: Ledger): Promise<Observation> {
  const states = new Map<string, string>();
  const faults: string[] = [];
  const images = await client.listImages({ all: true });
  for (const { Id, RepoTags } of images) for (const tag of RepoTags) if (tag !== "<none>:<none>") states.set(`tag ${tag}`, Id);
  faults.push(
    ...(await checkImages(
      client,
      images.map(({ Id }) => Id),
    )),
  );
  for (const { Id, Names } of await client.listContainers({ all: true })) {
    const name = (Names[0] ?? "").slice(1);
    const { Config, Image, HostConfig, State } = await client.inspectContainer({ id: Id });
    const { label, code } = Config.Labels ?? {};
    // what builds that were cut off have left
    if (!/-\d+$/.test(name)) await client.removeContainer({ id: Id, force: true, removeVolumes: true });
    else states.set(`container ${name}`, JSON.stringify([Image, label, Number(code), HostConfig.RestartPolicy?.Name]));
    if (ledger.known(`exit ${name}`).includes(`exit ${name}`)) states.set(`exit ${name}`, String(State.ExitCode));
  }
  for (const { Name, Labels, Mountpoint } of (await client.listVolumes()).Volumes) {
    if (Labels.label !== undefined) states.set(`volume ${Name}`, Labels.label);
    const content = await readFile(join(Mountpoint, "own"), "utf8").catch(() => undefined);
    const key = `content ${Name} own`;
    if (content !== undefined && ledger.known(key).length > 0) states.set(key, content.trim());
  }
  for (const { Name, Labels } of await client.listNetworks())
    if (!["bridge", "host", "none"].includes(Name)) states.set(`network ${Name}`, Labels.label ?? "");
  for (const key of [...ledger.known("file "), ...ledger.known("log ")]) {
    const [kind, id = "", path = ""] = key.split(" ");
    if (!states.has(`container ${id}`)) continue;
    const state = kind === "file" ? await fileOf(client, id, path) : await logOf(client, id);
    if (state !== undefined) states.set(key, state);
  }
  const { Images, LayersSize } = await client.diskUsage();
  if (Images?.length !== (await client.listImages()).length) faults.push("disk usage has other images than the list");
  if (images.length > 0 && !(Number(LayersSize) > 0)) faults.push(`the size of the layers is ${String(LayersSize)}`);
  return { states, faults };
}

async function fileOf(client: Client, container: string, path: string): Promise<string | undefined> {
  return client.readContainerFile({ container, path }).then(
    (content) => content.toString().trim(),
    (error: unknown) => {
      if (error instanceof NoSuchPathError) return undefined;
      throw error;
    },
  );
}

async function logOf(client: Client, id: string): Promise<string | undefined> {
  const { stdout } = await (await client.logs({ id, stdout: true, tail: 1 })).collect();
  return stdout.length === 0 ? undefined : stdout.toString().trim();
}
