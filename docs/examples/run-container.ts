/** Runs a container to completion: with buffered output, and with input, streams and limits. */
// #region readme
import { Client } from "ts-dockerclient";

const client = Client.fromEnv(); // the engine that the docker command would use

const { statusCode, stdout } = await client.output({ image: "busybox", command: ["uname", "-sm"] });
console.log(statusCode, stdout.toString());

await client.runContainer({
  image: "busybox",
  command: ["sh", "-c", "wc -c; ls /nowhere"],
  input: "hello",
  hostConfig: { Memory: 64 * 1024 * 1024, NetworkMode: "none" },
  outputStream: process.stdout,
  errorStream: process.stderr,
});

await client.close();
// #endregion
