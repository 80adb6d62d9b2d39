/*
 * A user's program, which every consumer compiles, bundles or runs. It depends only on the package and Node.js, and uses features
 * that environments replace: Node.js's errors, dates and bytes, timers, streams, and lazily loaded files.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { Client, type ContainerInspect, DockerError, NoSuchContainerError, type ProgressMessage, Signal } from "ts-dockerclient";
import { extractTo, packEntries, readArchive } from "ts-dockerclient/archive";
import { RegistryCredentials, registryOf } from "ts-dockerclient/auth";

/** Whether a type is `any`, which it silently becomes if the imports of declarations are not found. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** The streams of the package are typed wherever its declarations are read. */
export const typed: [
  IsAny<Client>,
  IsAny<Awaited<ReturnType<Client["downloadFromContainer"]>>>,
  IsAny<Parameters<typeof readArchive>[0]>,
  IsAny<Awaited<ReturnType<Client["attachToContainerNonBlocking"]>>["stdin"]>,
] = [false, false, false, false];

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what} is not as expected`);
}

async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the call does not fail");
}

/** Builds an image from a folder, with progress to a stream and as a loop. */
async function build(client: Client, folder: string): Promise<void> {
  const contextDir = join(folder, "context");
  await mkdir(contextDir, { recursive: true });
  await writeFile(join(contextDir, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  await writeFile(join(contextDir, ".dockerignore"), "*.secret\n");
  await writeFile(join(contextDir, "large"), Buffer.alloc(300_000, "x"));
  const shown: string[] = [];
  const outputStream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      shown.push(chunk.toString());
      done();
    },
  });
  const { imageId } = await client.buildImage({ contextDir, name: "consumer", outputStream });
  check(imageId === "sha256:built" && shown.join("").includes("Step 1"), "the build");
  const messages: ProgressMessage[] = [];
  for await (const message of client.buildImage({ contextDir })) messages.push(message);
  check(messages.length === 3, "the progress of the build");
  const missing = await failure(client.buildImage({ contextDir: join(folder, "missing") }));
  check(missing instanceof DockerError && missing.message.includes("missing"), "the error of a missing folder");
}

/** Pulls an image, with progress. */
async function pull(client: Client): Promise<void> {
  let count = 0;
  for await (const { status } of client.pullImage({ repository: "busybox", tag: "latest" }))
    count += status === undefined ? 0 : 1;
  check(count === 20, "the progress of the pull");
}

/** Copies files in and out, and reads and writes archives. */
async function copy(client: Client, folder: string): Promise<void> {
  const target = join(folder, "copies");
  await client.copyFromContainer({ container: "web", resource: "/srv", target });
  check((await readFile(join(target, "srv/page.html"))).length === 200_000, "the copy");
  const names: string[] = [];
  for await (const { name } of readArchive(await client.downloadFromContainer({ container: "web", path: "/srv" })))
    names.push(name);
  check(names.length === 2 && names.includes("srv/page.html"), "the archive");
  await client.copyToContainer({ container: "web", path: "/note.txt", content: Buffer.from("a note") });
  await client.copyToContainer({ container: "web", path: "/srv", source: join(folder, "context") });
  const entries = [{ name: "motd", content: Readable.from(["wel", "come"]), size: 7 }];
  await client.uploadToContainer({ container: "web", path: "/", inputStream: packEntries(entries) });
  const { bytes } = await extractTo(packEntries([{ name: "motd", content: "welcome" }]), join(folder, "extracted"));
  check(bytes === 7, "the extraction");
}

/** Executes a command with input, attaches, and reads logs. */
async function talk(client: Client): Promise<void> {
  const input = new PassThrough();
  const executed = client.execute({ container: "web", cmd: ["cat"], input });
  input.end("five\n");
  const { exitCode, stdoutText, stderrText } = await executed;
  check(exitCode === 3 && stdoutText === "five" && stderrText === "oops", "the execution");
  const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
  attached.stdin.end("hello\n");
  const lines: string[] = [];
  for await (const { line } of attached.lines()) lines.push(line);
  check(lines.join() === "hello,oops", "the attachment");
  const logs = await client.logs({ id: "web", since: new Date(1_700_000_000_000), timestamps: true });
  check((await logs.collect()).stdout.toString() === "2024-01-01T00:00:00.000000000Z logged\n", "the logs");
}

/** Listens to events until one arrives. */
async function listen(client: Client): Promise<void> {
  let seen: (action: string) => void = () => undefined;
  const action = new Promise<string>((resolve) => (seen = resolve));
  const listener = (event: { Action: string }): void => seen(event.Action);
  await client.addEventListener(listener, { filters: { event: ["start"] } });
  check((await action) === "start", "the event");
  client.removeEventListener(listener);
}

/** Provokes typed errors, and ends calls early. */
async function fail(client: Client): Promise<void> {
  const error = await failure(client.inspectContainer({ id: "missing" }));
  check(error instanceof NoSuchContainerError && error instanceof Error && error.id === "missing", "the typed error");
  const controller = new AbortController();
  const waiting = failure(client.waitContainer({ id: "web" }, { signal: controller.signal }));
  await client.inspectContainer({ id: "web" });
  controller.abort();
  check(((await waiting) as Error).name === "AbortError", "the abort");
  const late = await failure(client.waitContainer({ id: "web" }, { timeout: 500 }));
  check(late instanceof DockerError && late.name === "TimeoutError", "the timeout");
}

async function kill(client: Client): Promise<void> {
  const found: ContainerInspect = await client.inspectContainer({ id: "web" });
  await client.killContainer({ id: found.Id, signal: Signal.SIGTERM });
}

/** Sends requests through axios, which the client loads lazily. */
async function intercept(client: Client): Promise<void> {
  let intercepted = 0;
  client.axios.interceptors.request.use((config) => {
    intercepted += 1;
    return config;
  });
  await kill(client);
  check(intercepted === 2, "the interceptor");
}

/**
 * Runs the program.
 *
 * @param endpoint - an engine that answers as `engine.ts` does.
 * @param folder - an empty folder.
 */
export async function program(endpoint: string, folder: string): Promise<void> {
  check(registryOf("quay.io/team/app:1.2") === "quay.io", "the registry");
  const client = Client.fromEnv({ endpoint, auth: new RegistryCredentials({ config: { directory: folder } }) });
  await build(client, folder);
  await pull(client);
  await copy(client, folder);
  await talk(client);
  await listen(client);
  await fail(client);
  await kill(client);
  if (!process.env.WITHOUT_AXIOS) await intercept(client);
  await client.close();
}
