import { once } from "node:events";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, performServerHandshake, type Settings } from "node:http2";
import { beforeEach, describe, expect, it } from "vitest";
import { BadRequestError } from "../../../../lib/errors/api-error.js";
import { client, uniqueName, useEngine } from "../../../support/engine.js";
import { needsBuildKit, notOnPodman } from "../../../support/images.js";

useEngine();
beforeEach(async (context) => {
  notOnPodman(context, "has no BuildKit, which uses the sessions");
  await needsBuildKit(context);
});

/** Frames a gRPC message: a compression flag, the length, and the message. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A gRPC health response with the status SERVING. */
const serving = framed(Buffer.from([0x08, 0x01]));

/** Calls a gRPC method without arguments. Returns its status and the length of its response. */
async function call(http2: ClientHttp2Session, path: string): Promise<{ status: string; length: number }> {
  const stream = http2.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
  let status = "";
  const note = ({ "grpc-status": told }: IncomingHttpHeaders & { "grpc-status"?: string }) => {
    status = told ?? status;
  };
  stream.on("response", note).on("trailers", note);
  stream.end(framed(Buffer.alloc(0)));
  let length = 0;
  stream.on("data", (chunk: Buffer) => (length += chunk.length));
  await once(stream, "close");
  return { status, length };
}

describe("session", () => {
  it("opens a connection on which BuildKit runs health checks", { timeout: 30_000 }, async () => {
    const id = uniqueName("session");
    const methods = ["/grpc.health.v1.Health/Check", "/moby.filesync.v1.Auth/Credentials"];
    const connection = await client.session({ id, name: "spec", sharedKey: uniqueName(), methods });
    const http2 = performServerHandshake(connection);
    const [settings] = (await once(http2, "remoteSettings")) as [Settings];
    expect(settings.initialWindowSize).toBeGreaterThan(0);

    // BuildKit checks every five seconds
    const path = await new Promise<string>((resolve, reject) => {
      http2.once("error", reject).once("stream", (stream, headers) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.once("wantTrailers", () => {
          stream.sendTrailers({ "grpc-status": "0" });
        });
        stream.once("close", () => resolve(headers[":path"] ?? ""));
        stream.end(serving);
      });
    });
    expect(path).toBe("/grpc.health.v1.Health/Check");

    // the ID is in use while the session is open
    await expect(client.session({ id })).rejects.toBeInstanceOf(BadRequestError);
    http2.close();
    await once(http2, "close");
    await expect.poll(() => connection.destroyed).toBe(true);
  });

  it("ends with its connection and releases its ID", async () => {
    const id = uniqueName("session");
    (await client.session({ id })).destroy();
    await expect.poll(() => client.session({ id }).then((next) => next.destroy()), { timeout: 10_000 }).toBeDefined();
  });
});

describe("grpc", () => {
  it("opens a connection on which BuildKit answers", async () => {
    const connection = await client.grpc();
    const http2 = connect("http://docker", { createConnection: () => connection });
    const [settings] = (await once(http2, "remoteSettings")) as [Settings];
    expect(settings.maxFrameSize).toBeGreaterThanOrEqual(16_384);
    const { status, length } = await call(http2, "/moby.buildkit.v1.Control/ListWorkers");
    expect(status).toBe("0");
    // the message contains a worker
    expect(length).toBeGreaterThan(5);
    // 12 is UNIMPLEMENTED
    expect((await call(http2, "/moby.buildkit.v1.Control/NoSuchMethod")).status).toBe("12");
    http2.close();
    await once(http2, "close");
    await expect.poll(() => connection.destroyed).toBe(true);
  });
});
