import { DockerError } from "../../errors/docker-error.js";

/** The status codes of gRPC that BuildKit uses. */
export const Code = {
  Ok: 0,
  Cancelled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
} as const;

/** The failure of a gRPC call: thrown by a service to answer with it, and by a channel that has received it. */
export class GrpcError extends Error {
  /** The status code. */
  readonly status: number;
  /** The details of the failure: a `google.rpc.Status`. */
  readonly details: Buffer | undefined;

  constructor(status: number, message: string, details?: Buffer) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Returns the failure with which a service answers after an error of its own. */
export function grpcErrorOf(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  // other messages may tell the peer about this machine
  return new GrpcError(Code.Internal, error instanceof DockerError ? error.message : "the client failed");
}

/** Writes a message for `grpc-message`: bytes other than printable ASCII, and the percent sign, in percent-encoding. */
export function encodeMessage(message: string): string {
  let encoded = "";
  for (const byte of Buffer.from(message)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** Reads the value of `grpc-message`. What is not percent-encoded stays as it is. */
export function decodeMessage(encoded: string): string {
  const parts = encoded.split(/((?:%[0-9a-fA-F]{2})+)/);
  return parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex").toString() : part)).join("");
}
