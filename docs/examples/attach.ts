/** Attaches to a container before it starts, writes to it, and closes its input while its output continues. */
import { Client } from "ts-dockerclient";

const client = Client.fromEnv();
const script = "while read line; do echo you said $line; done; echo bye";
const { Id: id } = await client.createContainer({
  config: { Image: "busybox", Cmd: ["sh", "-c", script], OpenStdin: true, StdinOnce: true },
});
try {
  // #region readme
  const attached = await client.attachToContainerNonBlocking({ container: id, stdin: true });
  await client.startContainer({ id });
  attached.stdin.write("hello\n");
  attached.stdin.end("goodbye\n"); // ends only the input
  for await (const { line } of attached.lines()) console.log(line);
  // #endregion

  const { statusCode } = await client.waitContainer({ id });
  console.log(`exit status ${statusCode}`);
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
