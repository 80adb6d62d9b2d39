/** Runs a shell in a terminal: raw key input, output, and resizing with the window. */
import { Client } from "ts-dockerclient";

const client = Client.fromEnv();
const { Id: container } = await client.createContainer({ config: { Image: "busybox", Cmd: ["sleep", "600"] } });
const { stdin, stdout } = process;
try {
  await client.startContainer({ id: container });
  const interactive = stdin.isTTY && stdout.isTTY;
  // without a local terminal, the shell reads one line and prints the size of its window
  const cmd = interactive ? ["sh"] : ["sh", "-c", "read line; echo $line, in a window of $(stty size)"];
  const { Id: id } = await client.createExec({ container, cmd, tty: true, attachStdin: true });
  const shell = await client.startExecNonBlocking({ id, tty: true });

  const resize = () => client.resizeExecTty({ id, height: stdout.rows || 24, width: stdout.columns || 80 });
  await resize();
  if (interactive) {
    stdout.on("resize", () => void resize().catch(() => undefined)); // the shell may just have ended
    stdin.setRawMode(true);
    shell.connect({ inputStream: stdin });
  } else {
    shell.stdin.write("hello\n");
  }
  await shell.forward({ outputStream: stdout });
  if (interactive) stdin.setRawMode(false);
  console.log(`exit code ${String((await client.inspectExec({ id })).ExitCode)}`);
} finally {
  await client.removeContainer({ id: container, force: true });
  await client.close();
}
