import { existsSync } from "node:fs";
import { type Client, DockerError } from "ts-dockerclient";

/** Small images with a shell. */
const candidates = ["busybox:latest", "alpine:latest", "debian:stable-slim"];

const busybox = "/bin/busybox";

/** Makes an image of this machine's static busybox. */
async function importBusybox(client: Client): Promise<string> {
  const { packEntries } = await import("ts-dockerclient/archive");
  const links = ["sh", "cat", "date", "ls", "sleep", "wc"].map((name) => ({ name: `bin/${name}`, type: "symlink" as const, linkname: "busybox" }));
  const inputStream = packEntries([{ source: busybox, name: "bin/busybox" }, ...links]);
  const repository = "ts-dockerclient/quickstart-base";
  await client.importImage({ source: "-", inputStream, repository, tag: "latest", changes: ["ENV PATH=/bin"] });
  return `${repository}:latest`;
}

/** Finds an image to start from: one that the engine has, else a small one from Docker Hub, else this machine's busybox. */
export async function findBaseImage(client: Client, say: (text: string) => void): Promise<string> {
  const tags = (await client.listImages()).flatMap(({ RepoTags }) => RepoTags);
  const found = candidates.find((candidate) => tags.includes(candidate));
  if (found) return found;
  try {
    say("Pulling busybox");
    return (await client.pullImage({ repository: "busybox", outputStream: process.stdout }, { timeout: 20_000 })).reference;
  } catch (error) {
    if (!(error instanceof DockerError) || !existsSync(busybox)) throw error;
    say("It cannot be pulled: making a base image of this machine's busybox");
    return importBusybox(client);
  }
}
