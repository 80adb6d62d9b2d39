/** Runs commands in a running container: exit code, output, input, environment, and a timeout that kills the command. */
import { Client, TimeoutError } from "ts-dockerclient";

const client = Client.fromEnv();
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["sleep", "600"] } });
try {
  await client.startContainer({ id });

  // #region readme
  const { exitCode, stdoutText } = await client.execute({
    container: id,
    cmd: ["sh", "-c", 'cat; echo "in $PWD for $NAME"; exit 3'],
    env: ["NAME=example"],
    workingDir: "/tmp",
    input: "some input\n",
    timeout: 10_000, // milliseconds, after which the command and its children are killed
  });
  console.log(exitCode, stdoutText);
  // #endregion

  try {
    await client.execute({ container: id, cmd: ["sleep", "60"], timeout: 500 });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    console.log(error.message);
  }
  const { stdoutText: left } = await client.execute({ container: id, cmd: ["ps", "-o", "args"] });
  console.log(/^sleep 60$/m.test(left) ? "it is still running" : "no process is left");
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
