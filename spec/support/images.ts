import { afterAll, onTestFinished, type TestContext } from "vitest";
import type { BuildImageOptions } from "../../lib/api/builds/build-options.js";
import { NoSuchImageError } from "../../lib/errors/image-errors.js";
import { client, IMAGE, podmanVersion, skipUnimplemented, uniqueName } from "./engine.js";

/** Returns a unique repository name. It starts with a host, so that engines do not prepend a default one. */
export function repositoryName(): string {
  return `localhost/${uniqueName("image")}`;
}

/** Removes an image by name after the test. The test may have removed it itself. */
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

/** A label value that all images of this run share. */
const run = uniqueName("run");

/** Returns a Dockerfile that builds a unique image. */
export function dockerfile(...lines: string[]): string {
  return [`FROM ${IMAGE}`, `LABEL spec.run=${run} spec.unique=${uniqueName()}`, ...lines, ""].join("\n");
}

/** Removes the intermediate images of failed builds after the file. */
export function leftoversRemovedAtEnd(): void {
  afterAll(async () => {
    await client.pruneImages({ filters: { label: `spec.run=${run}` } });
  });
}

/** Builds a unique image that is removed after the test. Returns its ID and names. */
export async function builtImage(
  lines: string[] = [],
  more: BuildImageOptions = {},
): Promise<{ id: string; repository: string; name: string }> {
  const repository = repositoryName();
  const name = removedAtEnd(`${repository}:1`);
  const { imageId } = await client.buildImage({ dockerfileContent: dockerfile(...lines), name, ...more });
  return { id: imageId, repository, name };
}

/** Returns the content of a file in an image. */
export async function fileIn(image: string, path: string): Promise<string> {
  const { stdout } = await client.output({ image, command: ["cat", path], pull: "never" });
  return stdout.toString();
}

/** Skips a test on an engine without BuildKit, with the engine's reason in the report. */
export async function needsBuildKit(context: TestContext): Promise<void> {
  try {
    (await client.grpc()).destroy();
  } catch (error) {
    skipUnimplemented(context, error);
    throw error;
  }
}

/**
 * Skips a test on Podman, with the reason in the report.
 *
 * @param reason - the predicate of a sentence about Podman, such as `ignores the option x`.
 * @param before - the first major version that runs the test.
 */
export function notOnPodman(context: TestContext, reason: string, before = Infinity): void {
  const isMeant = podmanVersion !== undefined && parseInt(podmanVersion) < before;
  context.skip(isMeant, `Podman ${before === Infinity ? "" : `before ${before} `}${reason}`);
}
