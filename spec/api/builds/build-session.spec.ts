import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { GetSecretRequest, GetSecretResponse } from "../../../lib/buildkit/messages/session.js";
import { Client } from "../../../lib/client.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { FakeEngine } from "../../buildkit/support.js";
import { netServer, onRequest } from "../../support/servers.js";

/** Starts an engine, and returns a client of it, with the engine's end of the next session and its request. */
async function engine() {
  let open: (session: { engine: FakeEngine; head: string }) => void = () => undefined;
  const opened = new Promise<{ engine: FakeEngine; head: string }>((resolve) => (open = resolve));
  const { endpoint } = await netServer((socket: Socket) => {
    socket.on("error", () => undefined);
    onRequest(socket, (head) => {
      if (!head.includes("/session ")) {
        socket.end("HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\n\r\nOK");
        return;
      }
      socket.removeAllListeners("data");
      socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      open({ engine: new FakeEngine(socket), head });
    });
  });
  const client = new Client({ endpoint, auth: false, env: { TOKEN: "from the environment" } });
  onTestFinished(() => client.close());
  return { client, opened };
}

test("a session of the caller's serves until it is closed", async () => {
  const { client, opened } = await engine();
  const session = await client.buildSession({ id: "mine", sharedKey: "key", secrets: { token: { env: "TOKEN" } } });
  const peer = await opened;
  expect(peer.head).toContain("X-Docker-Expose-Session-Uuid: mine\r\n");
  expect(peer.head).toContain("X-Docker-Expose-Session-Sharedkey: key\r\n");
  const path = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
  const { messages } = await peer.engine.unary(path, GetSecretRequest.encode({ id: "token" }));
  expect(GetSecretResponse.decode(messages[0] ?? Buffer.alloc(0)).data.toString()).toBe("from the environment");
  expect([session.id, session.failure]).toEqual(["mine", undefined]);
  await session[Symbol.asyncDispose]();
  await expect.poll(() => client.connections()).toBeLessThanOrEqual(1);
  await session.close();
});

test.each([
  [{ id: "" }, "id"],
  [{ directories: { context: join(tmpdir(), "no-such-directory") } }, "contextDir"],
  [{ secrets: { a: { file: "/no/such/file" } } }, "secrets"],
  [{ ssh: true as const }, "ssh"],
])("%o is refused before a session is opened", async (options, option) => {
  const { client } = await engine();
  const failure = await client.buildSession(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InvalidOptionError);
  expect(failure).toMatchObject({ option });
});
