import { beforeAll, describe, expect, test } from "vitest";
import { Client } from "../../../lib/client.js";
import type { ServerTls } from "../../../lib/service/listen-address.js";
import { temporaryDirectory } from "../../support/archive.js";
import { type Certified, certify } from "../../support/certificates.js";
import { BOX, startEngine } from "../../support/embedded-engine.js";

/** Starts an engine with an image. Returns its endpoint with TLS. */
async function start(tls: ServerTls): Promise<string> {
  const socket = `unix://${await temporaryDirectory()}/engine.sock`;
  const { engine } = await startEngine({ listen: [socket, "tcp://127.0.0.1:0"], tls });
  return engine.endpoints[1] ?? "";
}

describe("an engine over TLS", () => {
  let ca: Certified;
  let server: Certified;
  let client: Certified;

  beforeAll(() => {
    ca = certify({ name: "test authority" });
    server = certify({ name: "engine", for: "IP:127.0.0.1", by: ca });
    client = certify({ name: "client", by: ca });
  });

  test("serves clients that trust its authority", async () => {
    const endpoint = await start(server);
    await using trusting = new Client({ endpoint, tls: { ca: ca.cert } });
    expect(await trusting.listImages()).toHaveLength(1);
    await using plain = new Client({ endpoint });
    await expect(plain.version()).rejects.toMatchObject({ name: "TlsError", side: "protocol" });
  });

  test("keeps output open after the end of input", async () => {
    const endpoint = await start(server);
    await using trusting = new Client({ endpoint, tls: { ca: ca.cert } });
    const command = ["sh", "-c", "cat; sleep 0.1; echo end"];
    const { stdout } = await trusting.output({ image: BOX, command, input: "sent\n" });
    expect(stdout.toString()).toBe("sent\nend\n");
  });

  test("serves only clients with a certificate of the authority, if there is one", async () => {
    const endpoint = await start({ ...server, ca: ca.cert });
    await using known = new Client({ endpoint, tls: { ca: ca.cert, ...client } });
    expect(await known.listImages()).toHaveLength(1);
    for (const tls of [{ ca: ca.cert }, { ca: ca.cert, ...certify({ name: "stranger" }) }]) {
      await using stranger = new Client({ endpoint, tls });
      await expect(stranger.version()).rejects.toThrow();
    }
  });
});
