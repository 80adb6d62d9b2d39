import type { GrpcMethod } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import type { MessageType } from "../protobuf.js";

/** Returns a method that answers one message with one. */
export const unary =
  <Q, A>(
    request: Pick<MessageType<Q>, "decode">,
    response: Pick<MessageType<A>, "encode">,
    answer: (request: Q, signal: AbortSignal) => Partial<A> | Promise<Partial<A>>,
  ): GrpcMethod =>
  async ({ stream, signal }) => {
    for await (const message of stream.messages()) {
      await stream.send(response.encode(await answer(request.decode(message), signal)));
      return;
    }
    throw new GrpcError(Code.InvalidArgument, "the call has no message");
  };
