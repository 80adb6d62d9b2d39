import type { GrpcMethod } from "../grpc/server.js";
import { Empty, HealthCheckResponse } from "../messages/session.js";
import { unary } from "./unary.js";

const SERVING = 1;

/** Answers the engine's question whether the session still lives. */
export const healthMethods = (): [string, GrpcMethod][] => [
  ["/grpc.health.v1.Health/Check", unary(Empty, HealthCheckResponse, () => ({ status: SERVING }))],
];
