import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { HijackedStream } from "../../streams/hijacked-stream.js";
import { grpc, PROTOCOL, session, type SessionOptions } from "./session-operations.js";

/** Mixed into {@link Client}. */
export default abstract class BuildSessionMixin extends Connection {
  /**
   * Opens a session: a connection over which the engine's BuildKit calls gRPC methods that the caller serves, such as methods
   * that provide files, credentials and secrets for a build. API 1.31+; requires an experimental engine before API 1.39.
   *
   * The engine is the HTTP/2 client and sends the first data. Every five seconds, it calls `/grpc.health.v1.Health/Check`, and
   * closes the session if there is no response. The session lasts until the connection is closed. Deprecated since API 1.53.
   *
   * @returns the connection, positioned before the first byte of HTTP/2.
   * @category Session
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/Session | Session}
   * @throws {@link BadRequestError} when the ID is in use.
   * @throws {@link InvalidOptionError} when the ID is empty, or contains characters that are invalid in headers.
   * @throws {@link NotImplementedError} when the engine does not have BuildKit, as with Podman.
   * @example
   * ```ts
   * import { performServerHandshake } from "node:http2";
   *
   * const connection = await client.session({ id: "build-1", methods: "/moby.filesync.v1.Auth/Credentials" });
   * const http2 = performServerHandshake(connection);
   * http2.on("stream", (stream, headers) => console.log(headers[":path"]));
   * ```
   */
  async session(options: SessionOptions, call?: CallOptions): Promise<HijackedStream> {
    return new HijackedStream(await this.hijack(session, options, call, { upgrade: PROTOCOL }));
  }

  /**
   * Opens a connection for calling gRPC methods of the engine's BuildKit, such as `/moby.buildkit.v1.Control/ListWorkers`.
   * API 1.39+.
   *
   * The engine is the HTTP/2 server. Deprecated since API 1.53.
   *
   * @returns the connection, positioned before the first byte of HTTP/2.
   * @category Session
   * @throws {@link NotImplementedError} when the engine does not have BuildKit, as with Podman.
   * @example
   * ```ts
   * import { connect } from "node:http2";
   *
   * const connection = await client.grpc();
   * const http2 = connect("http://docker", { createConnection: () => connection });
   * ```
   */
  async grpc(options: NoOptions = {}, call?: CallOptions): Promise<HijackedStream> {
    return new HijackedStream(await this.hijack(grpc, options, call, { upgrade: PROTOCOL }));
  }
}
