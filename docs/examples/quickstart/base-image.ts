import { existsSync } from "node:fs";
import { type Client, DockerError } from "ts-dockerclient";
import { packEntries } from "ts-dockerclient/archive";
import { say } from "./narration.js";

/** Small images with a shell. */
const candidates = ["busybox:latest", "alpine:latest", "debian:stable-slim"];

/** Path of the binary from Debian's package busybox-static. */
const busybox = "/bin/busybox";

/** Creates an image from the local busybox. */
async function importBusybox(client: Client): Promise<string> {
  const links = ["sh", "cat", "date", "ls", "sleep", "wc"].map((name) => ({ name: `bin/${name}`, linkTo: "busybox" }));
  const inputStream = packEntries([{ path: busybox, name: "bin/busybox" }, ...links]);
  const repository = "ts-dockerclient/quickstart-base";
  await client.importImage({ inputStream, repository, changes: ["ENV PATH=/bin"] });
  return `${repository}:latest`;
}

/** Finds a base image: one that the engine has, or else a small one from Docker Hub, or else the local busybox. */
export async function findBaseImage(client: Client): Promise<string> {
  const images = await client.listImages();
  // Podman returns fully qualified names
  const tags = images.flatMap(({ RepoTags }) => RepoTags.map((tag) => tag.replace("docker.io/library/", "")));
  const found = candidates.find((candidate) => tags.includes(candidate));
  if (found !== undefined) return found;
  try {
    say("Pulling busybox");
    return (await client.pullImage({ repository: "busybox", outputStream: process.stdout }, { timeout: 60_000 })).reference;
  } catch (error) {
    if (!(error instanceof DockerError) || !existsSync(busybox)) throw error;
    say(`It cannot be pulled (${error.message}): creating an image from this machine's busybox`);
    return importBusybox(client);
  }
}
