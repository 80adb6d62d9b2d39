/** Builds an image from a directory with a .dockerignore, shows the progress, and reads the log of a failed build. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildError, Client } from "ts-dockerclient";

const client = Client.fromEnv();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const name = "ts-dockerclient/example-build:1.0";
try {
  await writeFile(join(folder, "Dockerfile"), "FROM busybox\nARG GREETING=hi\nCOPY . /app/\nRUN echo $GREETING && ls -A /app\n");
  await writeFile(join(folder, ".dockerignore"), "*.log\n");
  await writeFile(join(folder, "app.txt"), "the application\n");
  await writeFile(join(folder, "debug.log"), "left out\n");

  // #region readme
  const { imageId } = await client.buildImage({
    contextDir: folder, // except the files that its .dockerignore excludes
    name,
    buildArgs: { GREETING: "hello" },
    outputStream: process.stdout, // or use onProgress, or iterate over what buildImage returns
  });
  console.log(imageId);
  // #endregion

  try {
    // otherwise the containers of failed steps are kept
    const dockerfileContent = "FROM busybox\nRUN echo trying; exit 7";
    await client.buildImage({ dockerfileContent, forceRmTmpContainer: true });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.log(`failed with ${String(error.errorCode)} after: ${error.log.at(-1) ?? ""}`);
  }
  await client.removeImage({ name });
} finally {
  await rm(folder, { recursive: true });
  await client.close();
}
