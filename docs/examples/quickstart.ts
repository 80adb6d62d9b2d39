/**
 * The main job from end to end: build an image, run a container of it, talk to it, watch it, copy files in and out, make
 * an image of it, and clean up. Run it with `npm run quickstart`.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Client, type EventMessage, NoSuchContainerError, Signal } from "ts-dockerclient";
import { findBaseImage } from "./quickstart/base-image.js";
import { findEngine } from "./quickstart/engine.js";

const began = Date.now();
const image = "ts-dockerclient/quickstart:latest";
const name = "ts-dockerclient-quickstart";

/** Says what comes next. */
function say(text: string): void {
  process.stdout.write(`\n\u001b[1m• ${text}\u001b[0m\n`);
}

/** Says what came of it. */
function tell(text: string): void {
  process.stdout.write(`  ${text.trimEnd().replaceAll("\n", "\n  ")}\n`);
}

async function build(client: Client, base: string): Promise<void> {
  say(`Building ${image} from ${base}`);
  const context = await mkdtemp(join(tmpdir(), "quickstart-"));
  try {
    await writeFile(join(context, "greeting.txt"), "Hello from the build context\n");
    await writeFile(join(context, ".dockerignore"), "*.secret\n");
    await writeFile(join(context, "left-out.secret"), "never sent\n");
    const dockerfile = `FROM ${base}\nCOPY . /data/\nRUN ls /data && date > /data/built-at\nCMD ["sh", "-c", "cat /data/greeting.txt; cat; sleep 60"]\n`;
    const { imageId } = await client.buildImage({
      contextDir: context,
      dockerfileContent: dockerfile,
      names: [image],
      outputStream: process.stdout,
    });
    tell(`image ${imageId ?? ""}`);
  } finally {
    await rm(context, { recursive: true });
  }
}

async function talk(client: Client): Promise<string> {
  say("Creating a container, attaching to it, starting it, and sending it a line");
  const { Id } = await client.createContainer({ name, config: { Image: image, OpenStdin: true, StdinOnce: true } });
  const attached = await client.attachToContainerNonBlocking({ container: Id, stdin: true });
  await client.startContainer({ id: Id });
  attached.stdin.end("and this line went in through its standard input\n");
  let lines = 0;
  for await (const { line } of attached.lines()) {
    tell(`it says: ${line}`);
    lines += 1;
    if (lines === 2) break;
  }
  return Id;
}

async function work(client: Client, id: string): Promise<void> {
  say("Running a command in it");
  const { exitCode, stdout } = await client.execute({ container: id, cmd: ["sh", "-c", "cat /data/built-at; wc -c"], input: "five\n" });
  tell(`exit code ${exitCode}: ${stdout.toString()}`);

  say("Copying a file in, and a folder out");
  await client.copyToContainer({ container: id, path: "/data/note.txt", content: "copied in\n" });
  const target = await mkdtemp(join(tmpdir(), "quickstart-"));
  try {
    await client.copyFromContainer({ container: id, resource: "/data", target });
    tell(`note.txt on this machine: ${await readFile(join(target, "data", "note.txt"), "utf8")}`);
  } finally {
    await rm(target, { recursive: true });
  }

  say("What it has changed");
  for (const { Kind, Path } of await client.containerChanges({ id })) tell(`${["C", "A", "D"][Kind] ?? "?"} ${Path}`);
}

async function publish(client: Client, id: string): Promise<void> {
  say("Making an image of it, tagging that, and exporting both");
  const { Id } = await client.commitContainer({ container: id, repository: "ts-dockerclient/quickstart", tag: "committed", comment: "made by the quickstart" });
  await client.tagImage({ name: Id, repo: "ts-dockerclient/quickstart", tag: "tagged" });
  const [filesystem, archive] = [new PassThrough(), new PassThrough()];
  const sizes = Promise.all([buffer(filesystem), buffer(archive)]);
  await client.exportContainer({ id, outputStream: filesystem });
  filesystem.end();
  await client.exportImage({ name: `ts-dockerclient/quickstart:tagged`, outputStream: archive });
  archive.end();
  const [one, two] = await sizes;
  tell(`file system: ${one.length} bytes, image: ${two.length} bytes`);
}

async function end(client: Client, id: string, events: EventMessage[]): Promise<void> {
  say("Killing it");
  const waiting = client.waitContainer({ id });
  await client.killContainer({ id, signal: Signal.SIGKILL });
  tell(`exit status ${(await waiting).statusCode}`);
  await client.removeContainer({ id });

  say("The events of all this, from the one stream that listeners share");
  tell(events.map(({ Type, Action }) => `${Type} ${Action}`).join(", "));
}

async function cleanUp(client: Client): Promise<void> {
  try {
    await client.removeContainer({ id: name, force: true });
  } catch (error) {
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
  const images = await client.listImages({ filters: { reference: "ts-dockerclient/quickstart" } });
  for (const { RepoTags } of images) for (const tag of RepoTags) await client.removeImage({ name: tag, force: true });
}

const engine = await findEngine(say);
if (engine) {
  const { client } = engine;
  try {
    const { Version, ApiVersion } = await client.version();
    tell(`Docker Engine ${Version} at ${client.endpoint}, spoken to in API ${client.apiVersion ?? ApiVersion}`);
    await cleanUp(client);
    const events: EventMessage[] = [];
    await client.addEventListener((event) => events.push(event), { filters: { type: ["container", "image"] } });
    await build(client, await findBaseImage(client, say));
    const id = await talk(client);
    await work(client, id);
    await publish(client, id);
    await end(client, id, events);
    await cleanUp(client);
    say(`Done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } finally {
    await engine.end();
  }
  if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
}
