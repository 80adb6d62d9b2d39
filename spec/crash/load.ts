import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { packEntries } from "../../lib/archive/pack-entries.js";
import type { Client } from "../../lib/client.js";
import { ApiError } from "../../lib/errors/api-error.js";
import type { Ledger, States } from "./ledger.js";
import type { Random } from "./random.js";

/** What a client of the load has. */
export interface Scene {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Begins the names of its objects, which no other client changes. */
  readonly name: string;
  /** The registry, such as `127.0.0.1:5000`, and its repositories. */
  readonly registry: string;
  readonly repositories: readonly string[];
  /** An image with a shell, which nobody removes. */
  readonly base: string;
  /** Steps that it does not make. */
  readonly without?: readonly StepName[];
}

type Step = (scene: Scene) => Promise<void>;

/** The most objects of a kind that a client has. */
const LIMIT = 8;

const nameOf = (key: string): string => key.slice(key.indexOf(" ") + 1);

/** Returns a new name for an object of a kind, or that of one to remove if there are enough; undefined if a change is pending. */
function fresh({ ledger, name, random }: Scene, kind: string): string | undefined {
  const own = `${name}-${random.below(LIMIT)}`;
  return ledger.get(`${kind} ${own}`) === undefined ? own : undefined;
}

const owned = ({ ledger, name, random }: Scene, kind: string): string | undefined => {
  const key = random.of(ledger.existing(`${kind} ${name}-`));
  return key === undefined ? undefined : nameOf(key);
};

/** A name of an image with the tag `latest`. */
const tagKey = (name: string): string => `tag ${name}:latest`;

/** Returns an image that exists: one of the client's, or the base. */
function someImage(scene: Scene): { name: string; id: string } {
  const { ledger, name, random, base } = scene;
  const key = random.of(ledger.existing(`tag ${name}-`)) ?? `tag ${base}`;
  return { name: nameOf(key), id: ledger.get(key) ?? "" };
}

async function sized({ random }: Scene, name: string): Promise<Readable> {
  return Readable.from([
    await buffer(
      packEntries([{ name, content: `${random.text(40)}\n`.repeat(1 + random.below(3) * 2_000), mtime: new Date(0) }]),
    ),
  ]);
}

const idOf = async ({ client }: Scene, name: string): Promise<string> => (await client.inspectImage({ name })).Id;

/** The operations of the mixed load. Each changes objects of one client, through the ledger. */
const steps = {
  async pull(scene) {
    const { client, ledger, name, random, registry, repositories } = scene;
    const repository = random.of(repositories.filter((one) => one.startsWith(`${name}/`)));
    if (repository === undefined) return;
    const reference = `${registry}/${repository}`;
    await ledger.learn([`tag ${reference}:latest`], async () => {
      await client.pullImage({ repository: reference, tag: "latest" });
      return { [`tag ${reference}:latest`]: await idOf(scene, `${reference}:latest`) };
    });
  },
  async unpull(scene) {
    const { client, ledger, name, random, registry } = scene;
    const key = random.of(ledger.existing(`tag ${registry}/${name}/`));
    if (key !== undefined)
      await ledger.change({ [key]: undefined }, () => client.removeImage({ name: nameOf(key), force: true }));
  },
  async build(scene) {
    const { client, ledger, random } = scene;
    const name = fresh(scene, "tag") ?? `${scene.name}-built`;
    const image = someImage(scene);
    const content = random.text(8);
    const context = packEntries([
      {
        name: "Dockerfile",
        content: `FROM ${image.name}\nCOPY f /f-${content}\nRUN echo ${content} > /run\nLABEL run=${content}\n`,
      },
      { name: "f", content: random.text(2_000) },
    ]);
    await ledger.learn([tagKey(name)], async () => {
      await client.buildImage({ inputStream: context, name });
      return { [tagKey(name)]: await idOf(scene, name) };
    });
  },
  async tag(scene) {
    const name = fresh(scene, "tag");
    const image = someImage(scene);
    if (name === undefined) return;
    await scene.ledger.change({ [tagKey(name)]: image.id }, () => scene.client.tagImage({ name: image.name, repo: name }));
  },
  async untag(scene) {
    const { client, ledger } = scene;
    const name = owned(scene, "tag");
    if (name !== undefined) await ledger.change({ [`tag ${name}`]: undefined }, () => client.removeImage({ name, force: true }));
  },
  async saveAndLoad(scene) {
    const { client, ledger } = scene;
    const name = owned(scene, "tag");
    if (name === undefined) return;
    const id = ledger.get(`tag ${name}`);
    const archive = await buffer(await client.exportImage({ name }));
    await ledger.change({ [`tag ${name}`]: undefined }, () => client.removeImage({ name, force: true }));
    await ledger.change({ [`tag ${name}`]: id }, () => client.loadImage({ inputStream: Readable.from([archive]) }));
  },
  async importImage(scene) {
    // an image without programs: no container is made of it
    const name = `${scene.name}/imported`;
    const inputStream = await sized(scene, "imported");
    await scene.ledger.learn([tagKey(name)], async () => {
      const { imageId } = await scene.client.importImage({ repository: name, inputStream });
      return { [tagKey(name)]: imageId };
    });
  },
  async commit(scene) {
    const container = owned(scene, "container");
    const name = fresh(scene, "tag");
    if (container === undefined || name === undefined) return;
    await scene.ledger.learn([tagKey(name)], async () => {
      const { Id } = await scene.client.commitContainer({ container, repository: name });
      return { [tagKey(name)]: Id };
    });
  },
  async create(scene) {
    const { client, ledger, random } = scene;
    const name = fresh(scene, "container");
    if (name === undefined) return;
    const image = someImage(scene);
    const volume = owned(scene, "volume");
    const label = random.text(8);
    const code = random.below(100);
    const RestartPolicy = { Name: random.below(8) === 0 ? ("unless-stopped" as const) : ("no" as const) };
    // what it does again and again is not acknowledged
    const Binds = volume === undefined || RestartPolicy.Name !== "no" ? [] : [`${volume}:/volume`];
    await ledger.change({ [`container ${name}`]: JSON.stringify([image.id, label, code, RestartPolicy.Name]) }, async () => {
      await client.createContainer({
        name,
        config: {
          Image: image.id,
          Cmd: ["sh", "-c", `echo ${label} > /own; echo ${label} > /volume/own; echo ${label}; exit ${code}`],
          Labels: { label, code: String(code) },
          ...(random.below(3) === 0 ? { Volumes: { "/anonymous": {} } } : {}),
        },
        hostConfig: { Binds, RestartPolicy },
      });
    });
  },
  async run(scene) {
    const { client, ledger } = scene;
    const id = owned(scene, "container");
    if (id === undefined) return;
    const [, label, code, policy] = JSON.parse(ledger.get(`container ${id}`) ?? "[]") as [string, string, number, string];
    if (policy !== "no") {
      await client.startContainer({ id });
      return;
    }
    const volume = (await client.inspectContainer({ id })).Mounts.find(({ Destination }) => Destination === "/volume")?.Name;
    const ran: States = {
      [`exit ${id}`]: String(code),
      [`log ${id}`]: label,
      [`file ${id} /own`]: label,
      ...(volume === undefined ? {} : { [`content ${volume} own`]: label }),
    };
    // a run that is cut off has done any part of it
    await ledger.learn(Object.keys(ran), async () => {
      await client.startContainer({ id });
      await client.waitContainer({ id });
      return ran;
    });
  },
  async copyIn(scene) {
    const { client, ledger, random } = scene;
    const container = owned(scene, "container");
    if (container === undefined) return;
    // a name that no image has of another container
    const [, label] = JSON.parse(ledger.get(`container ${container}`) ?? "[]") as [string, string];
    const path = `/copied-${label}`;
    const content = random.text(40);
    // as with Docker, a refused archive is unpacked as far as it came
    await ledger.store({ [`file ${container} ${path}`]: content }, () => client.copyToContainer({ container, path, content }));
  },
  async rename(scene) {
    const { client, ledger } = scene;
    const id = owned(scene, "container");
    const name = fresh(scene, "container");
    if (id === undefined || name === undefined) return;
    const keys = [`container ${id}`, ...ofContainer(ledger, id)];
    if (keys.some((key) => ledger.get(key) === undefined)) return; // a refused copy may have replaced a file
    const moved = keys.map((key) => [key.replace(` ${id}`, ` ${name}`), ledger.get(key)] as const);
    const states = { ...Object.fromEntries(keys.map((key) => [key, undefined])), ...Object.fromEntries(moved) };
    await ledger.change(states, () => client.renameContainer({ id, name }));
  },
  async removeContainer(scene) {
    const { client, ledger, random } = scene;
    const id = owned(scene, "container");
    if (id === undefined) return;
    const keys = [`container ${id}`, ...ofContainer(ledger, id)];
    await ledger.change(Object.fromEntries(keys.map((key) => [key, undefined])), () =>
      client.removeContainer({ id, force: true, removeVolumes: random.below(2) === 0 }),
    );
  },
  async createVolume(scene) {
    const { client, ledger, random } = scene;
    const name = fresh(scene, "volume");
    const label = random.text(8);
    if (name === undefined) return;
    await ledger.change({ [`volume ${name}`]: label }, () => client.createVolume({ name, labels: { label } }));
  },
  async removeVolume(scene) {
    const { client, ledger } = scene;
    const name = owned(scene, "volume");
    if (name === undefined) return;
    const states = { [`volume ${name}`]: undefined, [`content ${name} own`]: undefined };
    await ledger.change(states, () => client.removeVolume({ name }));
  },
  async createNetwork(scene) {
    const { client, ledger, random } = scene;
    const name = fresh(scene, "network");
    const label = random.text(8);
    if (name === undefined) return;
    await ledger.change({ [`network ${name}`]: label }, () => client.createNetwork({ name, labels: { label } }));
  },
  async removeNetwork(scene) {
    const name = owned(scene, "network");
    if (name !== undefined)
      await scene.ledger.change({ [`network ${name}`]: undefined }, () => scene.client.removeNetwork({ id: name }));
  },
} satisfies Record<string, Step>;

/** Returns the keys of what belongs to a container. */
const ofContainer = (ledger: Ledger, id: string): string[] =>
  ["exit", "log", "file"].flatMap((kind) => ledger.known(`${kind} ${id}`).filter((key) => key.split(" ")[1] === id));

/** The name of a step. */
export type StepName = keyof typeof steps;

/** The mix: how often each step comes, of a hundred or so. */
const mix: Readonly<Record<StepName, number>> = {
  pull: 8,
  unpull: 5,
  build: 10,
  tag: 8,
  untag: 6,
  saveAndLoad: 4,
  importImage: 3,
  commit: 6,
  create: 14,
  run: 14,
  copyIn: 8,
  rename: 4,
  removeContainer: 8,
  createVolume: 6,
  removeVolume: 4,
  createNetwork: 5,
  removeNetwork: 4,
};

const names = Object.entries(mix).flatMap(([name, weight]) => Array<StepName>(weight).fill(name as StepName));

/**
 * Makes steps of the mix until the engine is gone, or for a number of steps.
 *
 * @param count - the number of steps.
 * @param onRefusal - receives what the engine refused. Volumes that containers use, for example, are not removed.
 */
export async function mixedLoad(
  scene: Scene,
  count: number,
  onRefusal: (step: StepName, error: ApiError) => void,
): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    const name = scene.random.of(names) ?? "tag";
    if (scene.without?.includes(name)) continue;
    try {
      await steps[name](scene);
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      onRefusal(name, error);
    }
  }
}
