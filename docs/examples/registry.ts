/**
 * Pushes an image to a registry and pulls it, with credentials and progress. It uses the registry of the test bed:
 * TESTBED_REGISTRY is its address, TESTBED_REGISTRY_USER and TESTBED_REGISTRY_PASSWORD are the credentials.
 */
import { Client, RegistryAuthenticationError } from "ts-dockerclient";

const registry = process.env.TESTBED_REGISTRY;
if (registry === undefined) {
  console.log("This example needs a registry: set TESTBED_REGISTRY, TESTBED_REGISTRY_USER and TESTBED_REGISTRY_PASSWORD.");
  process.exit();
}
const username = process.env.TESTBED_REGISTRY_USER;
const password = process.env.TESTBED_REGISTRY_PASSWORD;
const repository = `${registry}/ts-dockerclient-example`;

const client = Client.fromEnv();
try {
  await client.tagImage({ name: "busybox", repo: repository, tag: "1.0" });
  const pushed = await client.pushImage({ name: repository, tag: "1.0", auth: { username, password } });
  console.log("pushed", pushed.digest);

  try {
    await client.pullImage({ repository, tag: "1.0", auth: { username, password: "wrong" } });
  } catch (error) {
    if (!(error instanceof RegistryAuthenticationError)) throw error;
    console.log("rejected with wrong credentials");
  }

  // #region readme
  const { reference, digest } = await client.pullImage({
    repository,
    tag: "1.0",
    auth: { username, password }, // if omitted, the credentials that docker login stored for this registry
    outputStream: process.stdout, // a terminal gets progress bars
  });
  console.log(reference, digest);
  // #endregion

  await client.removeImage({ name: `${repository}:1.0` });
} finally {
  await client.close();
}
