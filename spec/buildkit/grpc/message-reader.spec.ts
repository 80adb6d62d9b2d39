import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameOf, MessageReader } from "../../../lib/buildkit/grpc/message-reader.js";
import { Code, GrpcError } from "../../../lib/buildkit/grpc/status.js";

function readAll(reader: MessageReader, chunks: readonly Buffer[]): string[] {
  return chunks.flatMap((chunk) => reader.read(chunk)).map((message) => message.toString("hex"));
}

describe("the reader of messages", () => {
  it("finds the messages wherever the stream is split", () => {
    const list = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(list, fc.array(fc.nat(60), { maxLength: 30 }), (messages, sizes) => {
        const stream = Buffer.concat(messages.map((message) => frameOf(Buffer.from(message))));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(stream.subarray(at, (at += size)));
        chunks.push(stream.subarray(at));
        const reader = new MessageReader();
        expect(readAll(reader, chunks)).toEqual(messages.map((message) => Buffer.from(message).toString("hex")));
        expect(reader.isCut).toBe(false);
      }),
    );
  });

  it("finds the messages of a stream that is split at every byte", () => {
    const messages = [Buffer.from("one"), Buffer.alloc(0), Buffer.alloc(300, 1)];
    const stream = Buffer.concat(messages.map(frameOf));
    const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
    expect(readAll(new MessageReader(), bytes)).toEqual(messages.map((message) => message.toString("hex")));
  });

  it("notices a message that is cut off", () => {
    const reader = new MessageReader();
    reader.read(frameOf(Buffer.from("abc")).subarray(0, 6));
    expect(reader.isCut).toBe(true);
  });

  it("refuses a message over the limit before it has arrived", () => {
    const prefix = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
    expect(() => new MessageReader(1024).read(prefix)).toThrowError(
      expect.objectContaining({ status: Code.ResourceExhausted }) as GrpcError,
    );
    expect(() => new MessageReader(3).read(frameOf(Buffer.from("abcd")))).toThrowError(GrpcError);
    expect(new MessageReader(4).read(frameOf(Buffer.from("abcd")))).toHaveLength(1);
  });

  it("refuses a compressed message", () => {
    expect(() => new MessageReader().read(Buffer.from([1, 0, 0, 0, 0]))).toThrowError("the message is compressed");
  });
});
