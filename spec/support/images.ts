import { afterAll, onTestFinished, type TestContext } from "vitest";
import { NoSuchImageError } from "../../lib/errors/image-errors.js";
import type { BuildImageOptions } from "../../lib/api/builds/build-options.js";
import { client, IMAGE, podmanVersion, uniqueName } from "./engine.js";

/** A repository that nothing else has. It begins with a host, so that no engine puts one of its own before it. */
export function repositoryName(): string {
  return `localhost/${uniqueName("image")}`;
}

/** Removes an image, by one of its names, when the test has finished. The test may have removed it itself. */
export function removedAtEnd(name: string): string {
  onTestFinished(async () => {
    try {
      await client.removeImage({ name, force: true });
    } catch (error) {
      if (!(error instanceof NoSuchImageError)) throw error;
    }
  });
  return name;
}

/** What all images of this run have in common. */
const run = uniqueName("run");

/** A Dockerfile that makes an image like no other. */
export function dockerfile(...lines: string[]): string {
  return [`FROM ${IMAGE}`, `LABEL spec.run=${run} spec.unique=${uniqueName()}`, ...lines, ""].join("\n");
}

/** Removes the images of steps that failed builds leave behind, when the file has finished. */
export function leftoversRemovedAtEnd(): void {
  afterAll(async () => {
    await client.pruneImages({ filters: { label: `spec.run=${run}` } });
  });
}

/** Builds an image like no other, that is removed when the test has finished. Gives its ID and its name. */
export async function builtImage(
  lines: string[] = [],
  more: BuildImageOptions = {},
): Promise<{ id: string; repository: string; name: string }> {
  const repository = repositoryName();
  const name = removedAtEnd(`${repository}:1`);
  const { imageId } = await client.buildImage({ dockerfileContent: dockerfile(...lines), name, ...more });
  return { id: imageId, repository, name };
}

/** What a file of an image holds. */
export async function fileIn(image: string, path: string): Promise<string> {
  const { stdout } = await client.output({ image, command: ["cat", path], pull: "never" });
  return stdout.toString();
}

/**
 * Skips a test on Podman, and says so in the report.
 *
 * @param reason - what Podman does otherwise, and to what.
 * @param before - the first major version that does not.
 */
export function notOnPodman(context: TestContext, reason: string, before = Infinity): void {
  const isMeant = podmanVersion !== undefined && parseInt(podmanVersion) < before;
  context.skip(isMeant, `Podman ${before === Infinity ? "" : `before ${before} `}${reason}`);
}
