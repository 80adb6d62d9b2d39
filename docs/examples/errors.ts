/** Distinguishes errors by type and code, and limits calls with signals and timeouts. */
import { AbortError, ApiError, Client, DockerError, NoSuchContainerError, TimeoutError } from "ts-dockerclient";

const client = Client.fromEnv({ timeouts: { connect: 5000, headers: 30_000 } });
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["sleep", "600"] } });
try {
  await client.startContainer({ id });

  // #region readme
  try {
    await client.killContainer({ id: "no-such-container", signal: "SIGTERM" });
  } catch (error) {
    if (error instanceof NoSuchContainerError) console.log("no such container:", error.id);
    else if (error instanceof ApiError) console.log("the engine rejected the request:", error.status, error.reason);
    else if (error instanceof DockerError) console.log("the engine was not reached:", error.code, error.message);
    else throw error;
  }

  await client.waitContainer({ id }, { timeout: 500 }).catch((error: unknown) => {
    if (error instanceof TimeoutError) console.log(`${error.kind} timeout after ${error.timeout} ms`);
  });

  const abort = new AbortController();
  setTimeout(() => abort.abort(), 500);
  await client.logs({ id, follow: true, outputStream: process.stdout }, { signal: abort.signal }).catch((error: unknown) => {
    if (error instanceof AbortError) console.log("aborted");
  });
  // #endregion
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
