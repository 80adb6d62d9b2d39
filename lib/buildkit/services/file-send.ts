import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { errorMessage } from "../../wire/realm.js";
import type { CallStream } from "../grpc/call-stream.js";
import type { GrpcMethod } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import { BytesMessage } from "../messages/session.js";
import { receiveTree } from "../receive-tree.js";

/** Where an output of a build goes: into a directory, or as an archive to a stream, which stays open. */
export type OutputTarget = { readonly directory: string } | { readonly stream: Writable };

async function write(target: Writable, data: Buffer): Promise<void> {
  if (target.destroyed || target.errored) throw target.errored ?? new Error("the stream was closed");
  if (target.write(data)) return;
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error): void => {
      target.off("drain", done).off("close", closed).off("error", done);
      if (error) reject(error);
      else resolve();
    };
    const closed = (): void => done(new Error("the stream was closed"));
    target.once("drain", done).once("close", closed).once("error", done);
  });
}

async function receiveArchive(stream: CallStream, target: Writable): Promise<void> {
  for await (const message of stream.messages()) await write(target, BytesMessage.decode(message).data);
  if (target.writableNeedDrain) await Promise.race([finished(target, { readable: false }), write(target, Buffer.alloc(0))]);
}

/**
 * Receives the outputs of a build.
 *
 * @param outputs - the target of each output by its place in the list of outputs; undefined for one that stays on the engine.
 * @param report - called with the reason why an output cannot be written.
 */
export function fileSendMethods(
  outputs: readonly (OutputTarget | undefined)[],
  report: (error: unknown) => void,
): [string, GrpcMethod][] {
  const diffCopy: GrpcMethod = async ({ metadata, stream, signal }) => {
    const index = Number(metadata.first("buildkit-attachable-exporter-id") ?? 0);
    const target = outputs[index];
    if (!target) throw new GrpcError(Code.NotFound, `output ${index} is not expected`);
    try {
      if ("directory" in target) await receiveTree(stream, target.directory);
      else await receiveArchive(stream, target.stream);
    } catch (error) {
      if (signal.aborted || error instanceof GrpcError) throw error;
      report(error);
      throw new GrpcError(Code.Unknown, errorMessage(error));
    }
  };
  return [["/moby.filesync.v1.FileSend/DiffCopy", diffCopy]];
}
