/**
 * The main job end to end: build an image, run a container from it, execute commands, watch it, copy files in and out,
 * commit it to an image, and clean up. Run it with `npm run quickstart`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Client, type EventMessage, NoSuchContainerError, Signal } from "ts-dockerclient";
import { findBaseImage } from "./quickstart/base-image.js";
import { findEngine } from "./quickstart/engine.js";
import { say, tell } from "./quickstart/narration.js";

const began = Date.now();
const repository = "ts-dockerclient/quickstart";
const name = "ts-dockerclient-quickstart";

/** Creates a directory that is removed when the process ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "quickstart-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  return folder;
}

async function build(client: Client, base: string): Promise<void> {
  say(`Building ${repository}:latest from ${base}, with a folder as its context, and showing the progress`);
  const contextDir = temporaryFolder();
  await writeFile(join(contextDir, "greeting.txt"), "Hello from the build context\n");
  await writeFile(join(contextDir, ".dockerignore"), "*.secret\n");
  await writeFile(join(contextDir, "left-out.secret"), "never sent\n");
  const { imageId } = await client.buildImage({
    name: repository,
    contextDir,
    dockerfileContent: [
      `FROM ${base}`,
      "COPY . /data/",
      "RUN ls -A /data && date > /data/built-at",
      'CMD ["sh", "-c", "cat /data/greeting.txt; cat; sleep 60"]',
    ].join("\n"),
    outputStream: process.stdout,
  });
  tell(`image ${imageId}`);
}

async function talk(client: Client): Promise<string> {
  say("Creating a container, attaching to it, starting it, and sending it a line");
  const { Id } = await client.createContainer({ name, config: { Image: repository, OpenStdin: true, StdinOnce: true } });
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
  say("Running a command in it, with input");
  const cmd = ["sh", "-c", "cat /data/built-at; wc -c; exit 3"];
  const { exitCode, stdoutText } = await client.execute({ container: id, cmd, input: "five\n" });
  tell(`exit code ${exitCode}:\n${stdoutText}`);

  say("Copying a file in, and a folder out");
  await client.copyToContainer({ container: id, path: "/data/note.txt", content: "copied in and out again" });
  const target = temporaryFolder();
  await client.copyFromContainer({ container: id, resource: "/data", target });
  tell(`note.txt, now on this machine: ${await readFile(join(target, "data", "note.txt"), "utf8")}`);

  say("Listing the changes to its file system");
  for (const { Kind, Path } of await client.containerChanges({ id })) tell(`${["C", "A", "D"][Kind] ?? "?"} ${Path}`);
}

async function publish(client: Client, id: string): Promise<void> {
  say("Committing it to an image, tagging the image, and exporting both");
  const committed = await client.commitContainer({ container: id, repository, tag: "committed", comment: "by the quickstart" });
  await client.tagImage({ name: committed.Id, repo: repository, tag: "tagged" });
  const filesystem = await buffer(await client.exportContainer({ id }));
  const archive = await buffer(await client.exportImage({ name: `${repository}:tagged` }));
  tell(`file system: ${filesystem.length} bytes, image: ${archive.length} bytes`);

  say("Removing the image, and loading it from the archive");
  for (const tag of ["committed", "tagged"]) await client.removeImage({ name: `${repository}:${tag}` });
  await client.loadImage({ inputStream: Readable.from([archive]), outputStream: process.stdout });
}

async function end(client: Client, id: string, events: EventMessage[]): Promise<void> {
  say("Killing it");
  const waiting = client.waitContainer({ id });
  await client.killContainer({ id, signal: Signal.SIGKILL });
  tell(`exit status ${(await waiting).statusCode}`);

  say("Removing it, and listing the events so far, which all listeners receive from one stream");
  const removed = new Promise((resolve) => {
    // the second name is Podman's
    void client.addEventListener(resolve, { filters: { container: id, event: ["destroy", "remove"] } });
  });
  await client.removeContainer({ id });
  await removed;
  tell(events.map(({ Type, Action }) => `${Type} ${Action}`).join(", "));
}

/** Removes everything that this run, or an interrupted one, has created. */
async function cleanUp(client: Client): Promise<void> {
  try {
    await client.removeContainer({ id: name, force: true });
  } catch (error) {
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
  for (const { RepoTags } of await client.listImages()) {
    const own = RepoTags.filter((tag) => tag.includes(repository));
    for (const tag of own) await client.removeImage({ name: tag, force: true });
  }
}

// an interrupted run exits normally, so that its local files are removed
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));

const engine = await findEngine();
if (engine) {
  const { client } = engine;
  const { Version, ApiVersion } = await client.version();
  tell(`Docker Engine ${Version} at ${client.endpoint}, API ${client.apiVersion ?? ApiVersion}`);
  await cleanUp(client);
  const events: EventMessage[] = [];
  await client.addEventListener((event) => events.push(event), { filters: { type: ["container", "image"] } });
  try {
    await build(client, await findBaseImage(client));
    const id = await talk(client);
    await work(client, id);
    await publish(client, id);
    await end(client, id, events);
  } finally {
    await cleanUp(client);
    await engine.close();
  }
  say(`Done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
