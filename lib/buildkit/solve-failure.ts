import type { BuildSourcePlace } from "../types/build-trace.js";
import { GrpcError } from "./grpc/status.js";
import { Status } from "./messages/session.js";
import { sourceExcerpt } from "./source-excerpt.js";

/** Why a build failed. */
export interface SolveFailure {
  /** The engine's message. */
  readonly message: string;
  /** Exit status of the failed step; undefined if no step failed, or the engine does not report it. */
  readonly exitCode: number | undefined;
  /** Digest of the failed step. */
  readonly vertex: string | undefined;
  /** The place in the Dockerfile. */
  readonly source: BuildSourcePlace | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

function jsonOf(bytes: Buffer): Json {
  try {
    return objectOf(JSON.parse(bytes.toString()));
  } catch {
    return {}; // the details only add to the message
  }
}

const lineOf = (position: unknown): number | undefined => {
  const { line } = objectOf(position);
  return typeof line === "number" && line > 0 ? line : undefined;
};

function placeOf(source: Json): BuildSourcePlace | undefined {
  const { filename, data } = objectOf(source["info"]);
  const ranges: unknown = source["ranges"];
  const range = objectOf(Array.isArray(ranges) ? ranges[0] : undefined);
  const line = lineOf(range["start"]);
  if (typeof filename !== "string" || typeof data !== "string" || line === undefined) return undefined;
  const endLine = Math.max(line, lineOf(range["end"]) ?? line);
  const content = Buffer.from(data, "base64").toString();
  return { file: filename, line, endLine, excerpt: sourceExcerpt(filename, content, line, endLine) };
}

/** Reads the failure of a build from that of its call. The stack traces in the details are never shown: they have command lines. */
export function solveFailureOf({ message, details }: GrpcError): SolveFailure {
  const parts = details ? statusOf(details) : [];
  const part = (type: string): Json => jsonOf(parts.find(({ typeUrl }) => typeUrl.endsWith(type))?.value ?? Buffer.from("{}"));
  const exitCode = part("ExitMessage+json")["Code"];
  const vertex = part("errdefs.Vertex+json")["digest"];
  return {
    message,
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
    vertex: typeof vertex === "string" ? vertex : undefined,
    source: placeOf(part("errdefs.Source+json")),
  };
}

function statusOf(details: Buffer) {
  try {
    return Status.decode(details).details;
  } catch {
    return []; // the details only add to the message
  }
}
