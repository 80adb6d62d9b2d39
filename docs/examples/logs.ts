/** Reads logs line by line, in one piece, into streams, and until a line appears. */
import { Client } from "ts-dockerclient";

const client = Client.fromEnv();
const script = "for i in 1 2 3; do echo line $i; echo oops $i >&2; sleep 0.2; done";
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["sh", "-c", script] } });
try {
  await client.startContainer({ id });

  // #region readme
  const following = await client.logs({ id, follow: true, tail: 100, timestamps: true });
  for await (const { stream, line } of following.lines()) console.log(stream, line);
  // #endregion

  const { stdout, stderr } = await (await client.logs({ id })).collect();
  console.log(`${stdout.length} bytes of output, ${stderr.length} of errors`);

  // with streams, the call waits until everything has been written to them
  await client.logs({ id, stderr: false, tail: 1, outputStream: process.stdout });

  const { line } = await client.waitForLog({ id, pattern: /^line \d$/, count: 2 }, { timeout: 10_000 });
  console.log(`the second line that matches: ${line}`);
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
