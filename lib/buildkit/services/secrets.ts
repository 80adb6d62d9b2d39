import type { GrpcMethod } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import { GetSecretRequest, GetSecretResponse } from "../messages/session.js";
import { unary } from "./unary.js";

/** Reads the secrets of a build, by ID. */
export type ReadSecrets = ReadonlyMap<string, () => Promise<Buffer>>;

/** Gives the engine the secrets that the steps of the build mount. */
export const secretsMethods = (secrets: ReadSecrets): [string, GrpcMethod][] => [
  [
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    unary(GetSecretRequest, GetSecretResponse, async ({ id }) => {
      const read = secrets.get(id);
      if (!read) throw new GrpcError(Code.NotFound, `secret ${id} not found`);
      return { data: await read() };
    }),
  ],
];
