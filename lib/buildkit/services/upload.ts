import type { Readable } from "node:stream";
import type { GrpcMethod } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import { BytesMessage } from "../messages/session.js";

/** The longest piece that is sent, in bytes: Docker 20.10 takes messages up to 4 MiB. */
const LONGEST = 1024 * 1024;

/**
 * Sends archives that the engine fetches from the session. Each can be fetched once.
 *
 * @param uploads - the archives, by name.
 * @param report - called with the reason why an archive cannot be sent.
 */
export function uploadMethods(uploads: Map<string, Readable>, report: (error: unknown) => void): [string, GrpcMethod][] {
  const pull: GrpcMethod = async ({ metadata, stream, signal }) => {
    const name = (metadata.first("urlpath") ?? "").replace(/^\//, "");
    const source = uploads.get(name);
    if (!source) throw new GrpcError(Code.NotFound, `no upload named ${name}`);
    uploads.delete(name);
    const stop = (): void => void source.destroy();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const chunk of source) {
        const bytes = chunk as Buffer;
        for (let at = 0; at < bytes.length; at += LONGEST) {
          await stream.send(BytesMessage.encode({ data: bytes.subarray(at, at + LONGEST) }));
        }
      }
    } catch (error) {
      if (!signal.aborted) report(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
  return [["/moby.upload.v1.Upload/Pull", pull]];
}
